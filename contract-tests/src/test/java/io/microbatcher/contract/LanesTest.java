package io.microbatcher.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.microbatcher.BatchListener;
import io.microbatcher.BatchProcessor;
import io.microbatcher.BatcherFullException;
import io.microbatcher.BatcherStats;
import io.microbatcher.DispatchPolicy;
import io.microbatcher.DispatchReason;
import io.microbatcher.JobFailedException;
import io.microbatcher.JobOutcome;
import io.microbatcher.MicroBatcher;
import io.microbatcher.OverflowPolicy;
import io.microbatcher.test.ManualExecutor;
import io.microbatcher.test.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** R6: lanes by key. A job is its key's letter and a number. */
class LanesTest {
    private final VirtualTime time = new VirtualTime();
    private final ManualExecutor executor = new ManualExecutor();
    private final List<List<String>> sent = new ArrayList<>();

    private static Object key(String job) {
        return job.charAt(0);
    }

    private MicroBatcher.Builder<String, String> builder() {
        return MicroBatcher.builder((List<String> jobs) -> {
                    sent.add(List.copyOf(jobs));
                    return jobs;
                })
                .batchSize(2)
                .batchCycle(Duration.ofMillis(10))
                .partitionBy(LanesTest::key)
                .timer(time)
                .executor(Runnable::run);
    }

    @Test
    void r6_1_aBatchHoldsOneKeyOnly() {
        try (MicroBatcher<String, String> batcher = builder().build()) {
            batcher.submit("a1");
            batcher.submit("b1");
            batcher.submit("c1");
            assertThat(sent).isEmpty();
            batcher.submit("b2");
            assertThat(sent).containsExactly(List.of("b1", "b2"));
        }
        assertThat(sent).containsExactlyInAnyOrder(List.of("b1", "b2"), List.of("a1"), List.of("c1"));
    }

    @Test
    void r6_1_eachLaneHasItsOwnAge() {
        MicroBatcher<String, String> batcher = builder().build();
        batcher.submit("a1"); // due at 10
        time.advance(Duration.ofMillis(4));
        batcher.submit("b1"); // due at 14
        time.advance(Duration.ofMillis(6));
        assertThat(sent).containsExactly(List.of("a1"));
        time.advance(Duration.ofMillis(3));
        assertThat(sent).hasSize(1);
        time.advance(Duration.ofMillis(1));
        assertThat(sent).containsExactly(List.of("a1"), List.of("b1"));
        assertThat(batcher.stats().batches(DispatchReason.AGE)).isEqualTo(2);
    }

    @Test
    void r6_1_aLaneThatIsOlderAgainAfterItsOldestJobWasTakenBackWaitsForItsOwnAge() {
        MicroBatcher<String, String> batcher = builder().build();
        CompletableFuture<String> oldest = batcher.submit("a1");
        time.advance(Duration.ofMillis(5));
        batcher.submit("b1");
        oldest.cancel(false);
        batcher.submit("a2");
        time.advance(Duration.ofMillis(9));
        assertThat(sent).isEmpty();
        time.advance(Duration.ofMillis(1));
        assertThat(sent).containsExactlyInAnyOrder(List.of("b1"), List.of("a2"));
    }

    @Test
    void r6_2_jobsOfAKeyAreHandedOverInTheirOrder() {
        MicroBatcher<String, String> batcher = builder().executor(executor).build();
        for (int i = 0; i < 20; i++) {
            batcher.submit("a" + i);
            batcher.submit("b" + i);
        }
        executor.runAll();
        for (String key : List.of("a", "b")) {
            List<String> seen = sent.stream()
                    .flatMap(List::stream)
                    .filter(job -> job.startsWith(key))
                    .toList();
            assertThat(seen)
                    .isEqualTo(IntStream.range(0, 20).mapToObj(i -> key + i).toList());
        }
    }

    @Test
    void r6_3_readyLanesTakeTurnsSoThatAHotKeyStarvesNobody() {
        MicroBatcher<String, String> batcher = builder().executor(executor).build();
        for (int i = 0; i < 10; i++) {
            batcher.submit("h" + i); // five batches of the hot key
        }
        batcher.submit("c1");
        batcher.submit("c2");
        batcher.submit("d1");
        time.advance(Duration.ofMillis(10)); // d is due by age
        executor.runAll();
        assertThat(sent.subList(0, 4))
                .containsExactly(List.of("h0", "h1"), List.of("c1", "c2"), List.of("d1"), List.of("h2", "h3"));
    }

    @Test
    void r6_3_lanesTakeTurnsUnderPoliciesThatHaveNoCycleToo() {
        for (DispatchPolicy policy : List.of(DispatchPolicy.natural(), DispatchPolicy.adaptive())) {
            sent.clear();
            MicroBatcher<String, String> batcher = builder()
                    .executor(executor)
                    .dispatchPolicy(policy)
                    .batchCycle(Duration.ofDays(1))
                    .build();
            for (int i = 0; i < 10; i++) {
                batcher.submit("h" + i);
            }
            batcher.submit("c1");
            executor.runAll();
            assertThat(sent.indexOf(List.of("c1"))).as(policy.toString()).isBetween(0, 2);
        }
    }

    @Test
    void r6_4_aSlowBatchOfOneKeyBlocksNoOtherWhileASlotIsFree() {
        Map<String, CompletableFuture<List<String>>> running = new HashMap<>();
        MicroBatcher<String, String> batcher = MicroBatcher.builder(BatchProcessor.async((List<String> jobs) -> {
                    sent.add(List.copyOf(jobs));
                    return running.computeIfAbsent(jobs.get(0), job -> new CompletableFuture<>());
                }))
                .batchSize(1)
                .maxConcurrentBatches(2)
                .maxConcurrentBatchesPerKey(1)
                .partitionBy(LanesTest::key)
                .timer(time)
                .executor(Runnable::run)
                .build();
        batcher.submit("a1");
        batcher.submit("a2");
        batcher.submit("a3");
        batcher.submit("b1");
        assertThat(sent).containsExactly(List.of("a1"), List.of("b1"));
        running.get("b1").complete(List.of("b1"));
        assertThat(sent).hasSize(2); // a2 has to wait for a1, though a slot is free
        batcher.submit("c1");
        assertThat(sent).contains(List.of("c1"));
        running.get("a1").complete(List.of("a1"));
        assertThat(sent).contains(List.of("a2")).doesNotContain(List.of("a3"));
    }

    @Test
    void r6_4_keysAreProcessedInStrictOrderWithManySlotsAndRealThreads() throws Exception {
        Map<Object, AtomicInteger> inFlight = new ConcurrentHashMap<>();
        Map<Object, List<Integer>> seen = new ConcurrentHashMap<>();
        ExecutorService producers = Executors.newFixedThreadPool(4);
        try (MicroBatcher<int[], Integer> batcher = MicroBatcher.builder((List<int[]> jobs) -> {
                    Object key = jobs.get(0)[0];
                    int now = inFlight.computeIfAbsent(key, k -> new AtomicInteger())
                            .incrementAndGet();
                    if (now > 1) {
                        throw new IllegalStateException("two batches of one key at a time");
                    }
                    List<Integer> mine = seen.computeIfAbsent(key, k -> new ArrayList<>());
                    jobs.forEach(job -> mine.add(job[1]));
                    inFlight.get(key).decrementAndGet();
                    return jobs.stream().map(job -> job[1]).toList();
                })
                .batchSize(7)
                .maxConcurrentBatches(4)
                .maxConcurrentBatchesPerKey(1)
                .partitionBy(job -> job[0])
                .build()) {
            List<CompletableFuture<?>> all = new ArrayList<>();
            for (int producer = 0; producer < 4; producer++) {
                int mine = producer;
                all.add(CompletableFuture.runAsync(
                        () -> {
                            for (int i = 0; i < 5_000; i++) {
                                batcher.submit(new int[] {mine * 10 + i % 10, i});
                            }
                        },
                        producers));
            }
            CompletableFuture.allOf(all.toArray(CompletableFuture<?>[]::new)).get();
            batcher.drain().get();
            BatcherStats stats = batcher.stats();
            assertThat(stats.jobs(JobOutcome.SUCCEEDED)).isEqualTo(20_000);
        } finally {
            producers.shutdown();
        }
        assertThat(seen).hasSize(40);
        seen.values().forEach(jobs -> assertThat(jobs).hasSize(500).isSorted());
    }

    @Test
    void r6_5_aLaneThatIsIdleVanishes() {
        AtomicInteger compared = new AtomicInteger();
        record Key(String name, AtomicInteger compared) {
            @Override
            public boolean equals(Object other) {
                compared.incrementAndGet();
                return other instanceof Key key && key.name.equals(name);
            }

            @Override
            public int hashCode() {
                return 1; // all in one bucket: whoever is kept is compared with
            }
        }
        MicroBatcher<String, String> batcher = builder()
                .partitionBy(job -> new Key(job, compared))
                .batchSize(1)
                .build();
        for (int i = 0; i < 1_000; i++) {
            assertThat(batcher.submit("k" + i)).isCompleted();
        }
        assertThat(compared).hasValueLessThan(10);
    }

    @Test
    void r6_5_aLaneVanishesToo_whenItsJobsWereTakenBackTimedOutOrRefused() {
        AtomicInteger compared = new AtomicInteger();
        class Key {
            @Override
            public boolean equals(Object other) {
                compared.incrementAndGet();
                return this == other;
            }

            @Override
            public int hashCode() {
                return 1;
            }
        }
        MicroBatcher<String, String> batcher = builder()
                .partitionBy(job -> new Key())
                .batchSize(100)
                .jobTimeout(Duration.ofMillis(5))
                .build();
        batcher.submit("cancelled").cancel(false);
        CompletableFuture<String> late = batcher.submit("timed out");
        time.advance(Duration.ofMillis(5));
        assertThat(late).isCompletedExceptionally();
        batcher.shutdown();
        assertThat(batcher.submit("refused")).isCompletedExceptionally();
        assertThat(compared).hasValueLessThan(3);
        compared.set(0);
        assertThat(batcher.submit("refused")).isCompletedExceptionally();
        assertThat(compared).hasValue(0);
    }

    @Test
    void r6_5_creatingAndEvictingLanesAtTheSameTimeLosesNothing() throws Exception {
        ExecutorService producers = Executors.newFixedThreadPool(4);
        AtomicInteger processed = new AtomicInteger();
        try (MicroBatcher<Integer, Integer> batcher = MicroBatcher.builder((List<Integer> jobs) -> {
                    processed.addAndGet(jobs.size());
                    return jobs;
                })
                .batchSize(2)
                .dispatchPolicy(DispatchPolicy.natural())
                .partitionBy(job -> job % 3)
                .maxConcurrentBatches(2)
                .build()) {
            List<CompletableFuture<?>> all = new ArrayList<>();
            for (int producer = 0; producer < 4; producer++) {
                all.add(CompletableFuture.runAsync(
                        () -> {
                            for (int i = 0; i < 20_000; i++) {
                                assertThat(batcher.submit(i).join()).isEqualTo(i);
                            }
                        },
                        producers));
            }
            CompletableFuture.allOf(all.toArray(CompletableFuture<?>[]::new)).get();
        } finally {
            producers.shutdown();
        }
        assertThat(processed).hasValue(80_000);
    }

    @Test
    void r6_6_aKeyFunctionThatFailsFailsItsJobAlone() {
        MicroBatcher<String, String> batcher = builder()
                .partitionBy(job -> {
                    if (job.isEmpty()) {
                        throw new AssertionError("no key");
                    }
                    return job.equals("null") ? null : key(job);
                })
                .build();
        batcher.submit("a1");
        CompletableFuture<String> thrown = batcher.submit("");
        CompletableFuture<String> none = batcher.submit("null");
        CompletableFuture<String> good = batcher.submit("a2");
        assertThat(good).isCompletedWithValue("a2");
        assertThatThrownBy(thrown::join)
                .cause()
                .isInstanceOf(JobFailedException.class)
                .hasRootCauseMessage("no key");
        assertThatThrownBy(none::join).cause().hasMessageContaining("partitionBy returned null for the job null");
        assertThat(batcher.stats().rejected()).isEqualTo(2);
    }

    @Test
    void r6_6_aKeyThatThrowsWhenItsLaneIsGivenBackDoesNotReachTheCallerOfARefusedJob() {
        AtomicBoolean isBroken = new AtomicBoolean();
        class Prickly {
            @Override
            public int hashCode() {
                if (isBroken.get()) {
                    throw new StackOverflowError("hash");
                }
                return 1;
            }
        }
        List<String> refused = new ArrayList<>();
        MicroBatcher<String, String> batcher = builder()
                .partitionBy(job -> new Prickly())
                .coalesceBy(job -> {
                    isBroken.set(job.equals("b1")); // its lane is claimed by now
                    return job;
                })
                .maxPending(1)
                .overflow(OverflowPolicy.REJECT)
                .listener(new BatchListener() {
                    @Override
                    public void rejected(Object job, RuntimeException cause) {
                        refused.add(job + " " + cause.getClass().getSimpleName());
                    }
                })
                .build();
        CompletableFuture<String> accepted = batcher.submit("a1");
        CompletableFuture<String> rejected = batcher.submit("b1");
        assertThatThrownBy(rejected::join).hasCauseInstanceOf(BatcherFullException.class);
        assertThat(refused).containsExactly("b1 BatcherFullException");
        assertThat(batcher.stats().rejected()).isEqualTo(1);
        isBroken.set(false);
        batcher.flush();
        assertThat(accepted).isCompletedWithValue("a1");
    }

    @Test
    void r6_7_flushDrainAndCloseReachEveryLane() {
        MicroBatcher<String, String> batcher = builder().build();
        batcher.submit("a1");
        batcher.submit("b1");
        batcher.flush();
        assertThat(sent).containsExactlyInAnyOrder(List.of("a1"), List.of("b1"));
        batcher.submit("c1");
        batcher.submit("d1");
        assertThat(batcher.drain()).isCompleted();
        batcher.submit("e1");
        batcher.submit("f1");
        batcher.close();
        assertThat(sent.stream().flatMap(List::stream)).contains("c1", "d1", "e1", "f1");
    }

    @Test
    void r6_7_shutdownNowReturnsTheJobsOfAllLanesInOrderOfAcceptance() {
        MicroBatcher<String, String> batcher = builder().build();
        for (String job : List.of("b1", "a1", "c1")) {
            batcher.submit(job);
            time.advance(Duration.ofNanos(1));
        }
        assertThat(batcher.shutdownNow()).containsExactly("b1", "a1", "c1");
    }

    @Test
    void r6_8_aBlockedCallerMakesTheOldestLaneLeave() {
        MicroBatcher<String, String> batcher =
                builder().maxPending(2).overflow(OverflowPolicy.BLOCK).build();
        batcher.submit("a1");
        time.advance(Duration.ofNanos(1));
        batcher.submit("b1");
        time.advance(Duration.ofNanos(1));
        assertThat(batcher.submit("c1")).isNotCompletedExceptionally(); // blocks, and a lane leaves for it
        assertThat(sent).containsExactly(List.of("a1"));
        assertThat(batcher.submit("d1")).isNotCompletedExceptionally();
        assertThat(sent).containsExactly(List.of("a1"), List.of("b1"));
        assertThat(batcher.stats().batches(DispatchReason.PRESSURE)).isEqualTo(2);
    }

    /** A key that breaks the rules: its hash changes while it is in use. */
    private static final class Restless {
        private int hash = 1;

        @Override
        public boolean equals(Object other) {
            return other instanceof Restless;
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // a loop without end heeds no interrupt
    void r6_6_aKeyWhoseHashChangesKeepsNobodyFromItsEqual() {
        MicroBatcher<Restless, Restless> batcher = MicroBatcher.builder((List<Restless> jobs) -> {
                    jobs.forEach(job -> job.hash++);
                    return jobs;
                })
                .batchSize(1)
                .partitionBy(job -> job)
                .executor(Runnable::run)
                .build();
        assertThat(batcher.submit(new Restless())).isCompleted();
        assertThat(batcher.submit(new Restless())).isCompleted();
        assertThat(batcher.stats().pending()).isZero();
    }
}
