package io.microbatcher.contract;

import static io.microbatcher.contract.Caller.awaitEnd;
import static io.microbatcher.contract.Caller.elsewhere;
import static io.microbatcher.contract.Caller.failureOf;
import static io.microbatcher.contract.Caller.resultOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.microbatcher.BatchProcessor;
import io.microbatcher.MicroBatcher;
import io.microbatcher.test.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** R3.1, R3.4, R4.1 and the like after a batch has timed out, while the processor is stuck with it. */
class SlotAfterTimeoutTest {
    private static final Duration LIMIT = Duration.ofMillis(50);

    private final VirtualTime time = new VirtualTime();
    private final StuckProcessor stuck = new StuckProcessor("stuck");
    private final StuckProcessor stuckToo = new StuckProcessor("stuck too");

    @AfterEach
    void letGo() {
        stuck.open();
        stuckToo.open();
    }

    private MicroBatcher.Builder<String, String> limited() {
        return MicroBatcher.builder((List<String> jobs) -> stuckToo.process(stuck.process(jobs)))
                .batchSize(1)
                .batchCycle(Duration.ofDays(1))
                .batchTimeout(LIMIT)
                .timer(time)
                .executor(stuck);
    }

    private static void assertTimedOut(CompletableFuture<?> future) {
        assertThat(future).isDone();
        assertThat(failureOf(future)).hasCauseInstanceOf(TimeoutException.class);
    }

    @Test
    void r3_4_theSlotIsFreeAtOnceForWhatWaits() {
        var batcher = limited().build();
        var first = batcher.submit("stuck");
        stuck.awaitStuck();
        var second = batcher.submit("waits");
        assertThat(second).isNotDone();
        time.advance(LIMIT);
        assertTimedOut(first);
        assertThat(resultOf(second)).isEqualTo("waits");
        assertThat(batcher.stats().inFlightBatches()).isZero();
    }

    @Test
    void r3_1_aThreadThatComesBackTakesNothingOnTopOfTheLimit() throws Exception {
        var batcher = limited().build();
        batcher.submit("stuck");
        stuck.awaitStuck();
        time.advance(LIMIT);
        var second = batcher.submit("stuck too");
        stuckToo.awaitStuck();
        var third = batcher.submit("third");
        stuck.open();
        await().atMost(Caller.PATIENCE)
                .untilAsserted(() -> assertThat(batcher.stats().unmatched()).isEqualTo(1));
        await().atMost(Caller.PATIENCE)
                .untilAsserted(() -> assertThat(stuck.flagsLeft).hasSize(1)); // its worker is gone
        assertThat(stuck.sent).containsExactly(List.of("stuck"), List.of("stuck too"));
        assertThat(batcher.stats().inFlightBatches()).isEqualTo(1);
        assertThat(third).isNotDone();
        stuckToo.open();
        assertThat(resultOf(second)).isEqualTo("stuck too");
        assertThat(resultOf(third)).isEqualTo("third");
    }

    @Test
    void r3_1_aThreadThatComesBackWithAStageTakesNothingOnTopOfTheLimit() throws Exception {
        List<List<String>> sent = new CopyOnWriteArrayList<>();
        var batcher = MicroBatcher.builder(BatchProcessor.<String, String>async(jobs -> {
                    sent.add(jobs);
                    if (jobs.contains("stuck")) {
                        stuck.stay();
                    }
                    return new CompletableFuture<>();
                }))
                .batchSize(1)
                .batchTimeout(LIMIT)
                .timer(time)
                .executor(stuck)
                .build();
        batcher.submit("stuck");
        stuck.awaitStuck();
        time.advance(LIMIT);
        batcher.submit("second");
        await().atMost(Caller.PATIENCE).until(() -> sent.size() == 2);
        batcher.submit("third");
        stuck.open();
        stuck.awaitThreads();
        assertThat(sent).hasSize(2);
        time.advance(LIMIT);
        await().atMost(Caller.PATIENCE).until(() -> sent.size() == 3);
        assertThat(batcher.stats().inFlightBatches()).isEqualTo(1);
        time.advance(LIMIT);
    }

    @Test
    void r3_4_roomIsGivenBackToCallersThatWaitForIt() throws Exception {
        var batcher = limited()
                .maxPending(1)
                .maxBatchWeight(10, job -> 5)
                .maxPendingWeight(5)
                .build();
        batcher.submit("stuck");
        stuck.awaitStuck();
        var blocked = new InThread(() -> assertThat(batcher.run("blocked")).isEqualTo("blocked"));
        await().atMost(Caller.PATIENCE).until(() -> batcher.stats().blocked() == 1);
        time.advance(LIMIT);
        assertThat(blocked.thrown()).isNull();
        assertThat(batcher.stats().pending()).isZero();
    }

    @Test
    void r6_4_theLaneGivesItsNextBatch() {
        var batcher = limited()
                .partitionBy(job -> job.contains("other") ? "other" : "key")
                .maxConcurrentBatchesPerKey(1)
                .maxConcurrentBatches(2)
                .build();
        var first = batcher.submit("stuck");
        stuck.awaitStuck();
        var second = batcher.submit("second");
        assertThat(resultOf(batcher.submit("other"))).isEqualTo("other");
        assertThat(second).isNotDone();
        time.advance(LIMIT);
        assertTimedOut(first);
        assertThat(resultOf(second)).isEqualTo("second");
    }

    @Test
    void r3_4_aTimeoutHalvesALimitThatIsLearntAndWhatHungDoesNotRaiseItAnyMore() {
        List<CompletableFuture<List<String>>> stages = new CopyOnWriteArrayList<>();
        var batcher = MicroBatcher.builder(BatchProcessor.<String, String>async(jobs -> {
                    stages.add(new CompletableFuture<>());
                    return stages.get(stages.size() - 1);
                }))
                .batchSize(1)
                .batchTimeout(LIMIT)
                .adaptiveConcurrency(16)
                .timer(time)
                .executor(Runnable::run)
                .build();
        batcher.submit("taught");
        time.advance(Duration.ofMillis(1));
        stages.get(0).complete(List.of("in a millisecond"));
        assertThat(batcher.stats().slots()).isEqualTo(4);
        for (int i = 0; i < 5; i++) {
            batcher.submit("hangs");
        }
        time.advance(Duration.ofMillis(9));
        assertThat(batcher.stats().slots()).as("four hang, and hold nobody up").isEqualTo(8);
        assertThat(stages).hasSize(6);
        time.advance(Duration.ofMillis(41));
        assertThat(batcher.stats().slots()).as("one still hangs").isEqualTo(3);
        time.advance(LIMIT);
        assertThat(batcher.stats().slots()).isLessThanOrEqualTo(2);
        assertThat(batcher.stats().inFlightBatches()).isZero();
    }

    @Test
    void r2_6_aDrainCompletesWhenTheBatchHasTimedOut() {
        var batcher = limited().build();
        batcher.submit("stuck");
        stuck.awaitStuck();
        var drained = batcher.drain();
        assertThat(drained).isNotDone();
        time.advance(LIMIT);
        awaitEnd(drained);
    }

    @Test
    void r4_1_aCloseReturnsWhenTheBatchHasTimedOut() throws Exception {
        var batcher = limited().build();
        batcher.submit("stuck");
        stuck.awaitStuck();
        var last = batcher.submit("last");
        var closing = new InThread(batcher::close);
        closing.awaitWaiting();
        time.advance(LIMIT);
        assertThat(closing.thrown()).isNull();
        assertThat(resultOf(last)).isEqualTo("last");
        stuck.open();
        stuck.awaitThreads();
        assertThat(batcher.stats().pending()).isZero();
    }

    @Test
    void r4_3_shutdownNowAndTheLimitInterruptWithoutHarmToEachOther() throws Exception {
        var batcher = limited().build();
        var first = batcher.submit("stuck");
        stuck.awaitStuck();
        batcher.shutdownNow();
        time.advance(LIMIT);
        assertTimedOut(first);
        batcher.shutdownNow();
        batcher.close();
        await().atMost(Caller.PATIENCE).until(() -> stuck.interrupts.get() > 0);
        stuck.open();
        stuck.awaitThreads();
        assertThat(stuck.flagsLeft).containsExactly(false);
    }

    @Test
    void r4_4_onTheCallersThreadTheCallerIsFreedByTheInterrupt() throws Exception {
        AtomicBoolean flag = new AtomicBoolean();
        AtomicInteger calls = new AtomicInteger();
        var batcher = MicroBatcher.builder((List<String> jobs) -> {
                    if (calls.incrementAndGet() == 1) {
                        new CountDownLatch(1).await(); // until it is interrupted
                    }
                    return jobs;
                })
                .batchSize(1)
                .batchTimeout(LIMIT)
                .timer(time)
                .executor(Runnable::run)
                .build();
        var submitted = new CompletableFuture<CompletableFuture<String>>();
        var done = elsewhere(() -> {
            submitted.complete(batcher.submit("sleeps"));
            flag.set(Thread.currentThread().isInterrupted());
        });
        await().atMost(Caller.PATIENCE).until(() -> calls.get() == 1);
        var next = new CompletableFuture<CompletableFuture<String>>();
        next.complete(batcher.submit("waits"));
        time.advance(LIMIT);
        awaitEnd(done);
        assertTimedOut(resultOf(submitted));
        assertThat(flag).isFalse();
        assertThat(resultOf(resultOf(next))).isEqualTo("waits");
    }

    @Test
    void r1_9_withOneThreadThatIsStuckWhatWaitsIsNotLost() throws Exception {
        ExecutorService one = Executors.newSingleThreadExecutor();
        try {
            var batcher = limited().executor(one).build();
            var first = batcher.submit("stuck");
            stuck.awaitStuck();
            var second = batcher.submit("second");
            time.advance(LIMIT);
            assertTimedOut(first);
            var third = batcher.submit("third");
            time.advance(LIMIT.multipliedBy(3));
            assertThat(second).as("no thread, no batch, no limit on it").isNotDone();
            stuck.open();
            assertThat(resultOf(second)).isEqualTo("second");
            assertThat(resultOf(third)).isEqualTo("third");
        } finally {
            one.shutdownNow();
        }
    }

    @Test
    void r5_5_aBatchWhoseCallersAreBeingToldIsOverAndNobodyIsWokenForIt() throws Exception {
        var batcher = limited().maxConcurrentBatches(2).build();
        StuckProcessor callback = new StuckProcessor();
        var told = batcher.submit("stuck too").thenRun(callback::stay);
        var other = batcher.submit("stuck");
        stuck.awaitStuck();
        stuckToo.open();
        callback.awaitStuck();
        Caller.doElsewhere(() -> time.advance(LIMIT)); // would ring without end
        assertTimedOut(other);
        assertThat(time.alarms()).isZero();
        callback.open();
        awaitEnd(told);
    }

    @Test
    void r5_5_withoutABatchInFlightNoAlarmIsSet() {
        var batcher = limited().executor(Runnable::run).build();
        assertThat(time.alarms()).isZero();
        assertThat(resultOf(batcher.submit("a"))).isEqualTo("a");
        time.advance(LIMIT); // that of the batch, which finds nothing
        assertThat(time.alarms()).isZero();
        for (int i = 0; i < 100; i++) {
            batcher.submit("one after the other");
        }
        assertThat(time.alarms()).as("one for all").isLessThanOrEqualTo(1);
        batcher.close();
        time.advance(Duration.ofDays(1));
        assertThat(time.alarms()).isZero();
    }

    @ParameterizedTest
    @EnumSource(names = {"LIBRARY", "SINGLE_THREAD", "TWO_THREADS", "CALLER"})
    void r1_1_everyJobEndsOnceWhenAnswersAndLimitsMeet(Threading threading) throws Exception {
        AtomicInteger ends = new AtomicInteger();
        AtomicInteger inProcessor = new AtomicInteger();
        AtomicBoolean strayInterrupt = new AtomicBoolean();
        try (var running = threading.open()) {
            var batcher = running.applyTo(MicroBatcher.builder((List<Integer> jobs) -> {
                        inProcessor.incrementAndGet();
                        LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(2_000_000));
                        inProcessor.decrementAndGet();
                        return jobs;
                    }))
                    .batchSize(4)
                    .batchTimeout(Duration.ofMillis(1))
                    .maxConcurrentBatches(3)
                    .build();
            List<CompletableFuture<?>> all = new ArrayList<>();
            for (int i = 0; i < 2_000; i++) {
                int job = i;
                all.add(batcher.submit(i).handle((result, failure) -> {
                    ends.incrementAndGet();
                    if (Thread.currentThread().isInterrupted()) {
                        strayInterrupt.set(true);
                    }
                    boolean right = failure == null
                            ? result == job
                            : failure.getCause() instanceof TimeoutException && result == null;
                    assertThat(right).isTrue();
                    return null;
                }));
            }
            for (CompletableFuture<?> each : all) {
                each.get(Caller.PATIENCE.toSeconds(), TimeUnit.SECONDS);
            }
            batcher.close();
            assertThat(ends).hasValue(2_000);
            assertThat(batcher.stats().pending()).isZero();
            assertThat(batcher.stats().inFlightBatches()).isZero();
            assertThat(strayInterrupt).isFalse();
            await().atMost(Caller.PATIENCE).until(() -> inProcessor.get() == 0);
        }
    }
}
