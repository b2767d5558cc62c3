package io.microbatcher.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.microbatcher.BatchProcessor;
import io.microbatcher.MicroBatcher;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120) // a hang fails instead of stopping the build
class SlotsTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final BatchesFixture fixture = new BatchesFixture();

    /** Counts how many batches are between enter and leave at the same time. */
    private static final class Gauge {
        private final AtomicInteger inside = new AtomicInteger();
        private final AtomicInteger most = new AtomicInteger();

        void enter() {
            most.accumulateAndGet(inside.incrementAndGet(), Math::max);
        }

        void leave() {
            inside.decrementAndGet();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void r3_1_noMoreBatchesRunThanThereAreSlotsAndAllOfThemAreUsed(int slots) throws Exception {
        Gauge gauge = new Gauge();
        CountDownLatch allUsed = new CountDownLatch(slots);
        try (MicroBatcher<Integer, Integer> batcher = MicroBatcher.builder((List<Integer> jobs) -> {
                    gauge.enter();
                    allUsed.countDown();
                    assertThat(allUsed.await(30, TimeUnit.SECONDS)).isTrue();
                    gauge.leave();
                    return jobs;
                })
                .batchSize(3)
                .maxConcurrentBatches(slots)
                .build()) {
            List<CompletableFuture<Integer>> jobs =
                    IntStream.range(0, 3_000).mapToObj(batcher::submit).toList();
            batcher.drain().get(30, TimeUnit.SECONDS);
            assertThat(jobs).allSatisfy(job -> assertThat(job).isCompleted());
        }
        assertThat(gauge.most).hasValue(slots);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void r3_1_anAsynchronousBatchKeepsItsSlotUntilItsStageCompletes(int slots) throws Exception {
        Gauge gauge = new Gauge();
        ScheduledExecutorService backend = Executors.newScheduledThreadPool(2);
        try (MicroBatcher<Integer, Integer> batcher = MicroBatcher.builder(BatchProcessor.<Integer, Integer>async(
                        jobs -> {
                            gauge.enter();
                            CompletableFuture<List<Integer>> stage = new CompletableFuture<>();
                            backend.schedule(
                                    () -> {
                                        gauge.leave();
                                        return jobs.get(0) % 7 == 0
                                                ? stage.completeExceptionally(new IllegalStateException("seven"))
                                                : stage.complete(jobs);
                                    },
                                    50,
                                    TimeUnit.MICROSECONDS);
                            return stage;
                        }))
                .batchSize(5)
                .maxConcurrentBatches(slots)
                .build()) {
            IntStream.range(0, 3_000).forEach(batcher::submit);
            batcher.drain().get(30, TimeUnit.SECONDS);
            assertThat(batcher.stats().inFlightBatches()).isZero();
        } finally {
            backend.shutdownNow();
        }
        assertThat(gauge.most.get()).isBetween(1, slots);
    }

    @Test
    void r3_1_aSlotIsBusyUntilTheStageCompletesAndFreeAtOnceThen() {
        MicroBatcher<String, String> batcher = fixture.held().batchSize(1).build();
        batcher.submit("a");
        batcher.submit("b");
        batcher.flush();
        fixture.advanceMillis(1_000);
        assertThat(fixture.sent).containsExactly(List.of("a"));
        assertThat(batcher.stats().inFlightBatches()).isEqualTo(1);
        fixture.fail(0, new IllegalStateException("backend is down"));
        assertThat(fixture.sent).containsExactly(List.of("a"), List.of("b"));
    }

    @Test
    void r3_1_cancellingEveryJobInFlightDoesNotFreeTheSlot() {
        MicroBatcher<String, String> batcher = fixture.held().batchSize(1).build();
        CompletableFuture<String> first = batcher.submit("a");
        batcher.submit("b");
        first.cancel(true);
        assertThat(fixture.sent).containsExactly(List.of("a")); // the backend is still busy with a
        fixture.finish(0);
        assertThat(fixture.sent).containsExactly(List.of("a"), List.of("b"));
    }

    @Test
    void r3_1_aStageThatIsCompletedTwiceFreesItsSlotOnce() {
        List<CompletableFuture<List<String>>> stages = new ArrayList<>();
        MicroBatcher<String, String> batcher = MicroBatcher.builder(BatchProcessor.<String, String>async(jobs -> {
                    CompletableFuture<List<String>> stage = new CompletableFuture<>();
                    stages.add(stage);
                    return stage;
                }))
                .batchSize(1)
                .timer(fixture.time)
                .executor(Runnable::run)
                .build();
        List.of("a", "b", "c").forEach(batcher::submit);
        stages.get(0).complete(List.of("x"));
        stages.get(0).obtrudeValue(List.of("y"));
        stages.get(0).complete(List.of("z"));
        assertThat(stages).hasSize(2);
        assertThat(batcher.stats().inFlightBatches()).isEqualTo(1);
    }

    @Test
    void r3_1_aBatchThatIsDueByAgeDoesNotRunOnTheTimersThread() throws Exception {
        Set<Thread> processors = ConcurrentHashMap.newKeySet();
        try (MicroBatcher<Integer, Integer> batcher = MicroBatcher.builder((List<Integer> jobs) -> {
                    processors.add(Thread.currentThread());
                    return jobs;
                })
                .timer(fixture.time)
                .batchCycle(BatchesFixture.CYCLE)
                .build()) {
            CompletableFuture<Integer> job = batcher.submit(1);
            fixture.advanceMillis(10); // this thread is the timer's
            job.get(30, TimeUnit.SECONDS);
        }
        assertThat(processors).hasSize(1).doesNotContain(Thread.currentThread());
    }

    @Test
    void r3_1_withTheLibrarysOwnTimerAndThreadsNeitherTimerNorSubmitterProcesses() throws Exception {
        Set<Thread> processors = ConcurrentHashMap.newKeySet();
        try (MicroBatcher<Integer, Integer> batcher = MicroBatcher.builder((List<Integer> jobs) -> {
                    processors.add(Thread.currentThread());
                    return jobs;
                })
                .batchSize(2)
                .batchCycle(Duration.ofMillis(1))
                .build()) {
            batcher.submit(1).get(30, TimeUnit.SECONDS); // by age
            batcher.submit(2);
            batcher.submit(3).get(30, TimeUnit.SECONDS); // by size
            batcher.submit(4);
            batcher.flush();
            batcher.drain().get(30, TimeUnit.SECONDS);
        }
        assertThat(processors)
                .isNotEmpty()
                .doesNotContain(Thread.currentThread())
                .allSatisfy(thread -> assertThat(thread.getName()).doesNotContain("timer"));
    }

    @Test
    void r3_1_aBatchThatFindsNoSlotWaitsWithoutAnotherThread() {
        MicroBatcher<String, String> batcher = fixture.onDemand().batchSize(1).build();
        IntStream.range(0, 50).forEach(i -> batcher.submit("j" + i));
        fixture.advanceMillis(1_000);
        assertThat(fixture.workers.size()).isEqualTo(1);
        assertThat(batcher.stats().waiting()).isEqualTo(50);
        fixture.workers.runNext(); // one worker, one run: it looks again until nothing is due
        assertThat(fixture.sent).hasSize(50);
        assertThat(fixture.workers.size()).isZero();
    }

    @Test
    void r3_1_aCallbackThatTakesLongKeepsNoSlot() throws Exception {
        CountDownLatch attached = new CountDownLatch(1);
        CountDownLatch leave = new CountDownLatch(1);
        MicroBatcher<Integer, Integer> batcher = MicroBatcher.builder((List<Integer> jobs) -> {
                    awaitQuietly(attached); // or the callback would run on the thread that attaches it
                    return jobs;
                })
                .batchSize(1)
                .build();
        CompletableFuture<Integer> blocked = new CompletableFuture<>();
        batcher.submit(1).thenAccept(answer -> {
            blocked.complete(answer);
            awaitQuietly(leave);
        });
        attached.countDown();
        blocked.get(30, TimeUnit.SECONDS);
        assertThat(batcher.submit(2).get(30, TimeUnit.SECONDS)).isEqualTo(2);
        assertThat(batcher.stats().pending()).isZero();
        leave.countDown();
        batcher.close();
    }

    @Test
    void r3_1_batchesOfOneSlotAreProcessedInOrder() throws Exception {
        List<Integer> seen = new ArrayList<>(); // no lock: one slot is enough to make it safe
        Random random = new Random(3);
        try (MicroBatcher<Integer, Integer> batcher = MicroBatcher.builder((List<Integer> jobs) -> {
                    seen.addAll(jobs);
                    return jobs;
                })
                .batchSize(8)
                .batchCycle(Duration.ofNanos(50_000))
                .build()) {
            for (int i = 0; i < 20_000; i++) {
                batcher.submit(i);
                if (random.nextInt(50) == 0) {
                    batcher.flush();
                }
            }
            batcher.drain().get(30, TimeUnit.SECONDS);
        }
        assertThat(seen).hasSize(20_000).isSorted();
    }

    @Test
    void r3_1_manySlotsAreAllFreeAgainAfterABurst() {
        MicroBatcher<Integer, Integer> batcher = MicroBatcher.builder((List<Integer> jobs) -> jobs)
                .batchSize(1)
                .maxConcurrentBatches(64)
                .build();
        IntStream.range(0, 5_000).forEach(batcher::submit);
        await().atMost(LIMIT).until(() -> batcher.stats().pending() == 0);
        await().atMost(LIMIT).until(() -> batcher.stats().inFlightBatches() == 0);
        batcher.close();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            if (!latch.await(30, TimeUnit.SECONDS)) {
                throw new AssertionError("nobody opened the latch");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
