package io.microbatcher.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.microbatcher.BatcherFullException;
import io.microbatcher.DispatchReason;
import io.microbatcher.JobOutcome;
import io.microbatcher.MicroBatcher;
import io.microbatcher.OverflowPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120) // a hang fails instead of stopping the build
class RoomTest {
    private final BatchesFixture fixture = new BatchesFixture();

    /** Holds two jobs in one slot, so that one is in flight and one waits when it is full. */
    private MicroBatcher<String, String> full() {
        MicroBatcher<String, String> batcher =
                fixture.held().batchSize(1).maxPending(2).build();
        batcher.submit("a");
        batcher.submit("b");
        return batcher;
    }

    @Test
    void r3_2_jobsInFlightCountAsMuchAsThoseThatWait() {
        MicroBatcher<String, String> batcher = fixture.held()
                .batchSize(2)
                .maxPending(3)
                .overflow(OverflowPolicy.REJECT)
                .build();
        List.of("a", "b", "c").forEach(batcher::submit);
        assertThat(batcher.stats().inFlight()).isEqualTo(2);
        assertThat(batcher.submit("d")).isCompletedExceptionally();
        fixture.finish(0);
        assertThat(batcher.submit("e")).isNotDone();
    }

    @Test
    void r3_2_aRejectedJobsFutureHasFailedAlreadyAndNamesTheLimit() {
        MicroBatcher<String, String> batcher = fixture.held()
                .batchSize(1)
                .maxPending(1)
                .overflow(OverflowPolicy.REJECT)
                .name("orders")
                .build();
        CompletableFuture<String> accepted = batcher.submit("a");
        CompletableFuture<String> rejected = batcher.submit("b");
        assertThatThrownBy(() -> rejected.get(0, TimeUnit.NANOSECONDS))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(BatcherFullException.class)
                .hasMessageContaining("orders")
                .hasMessageContaining("maxPending is 1");
        assertThat(accepted).isNotDone();
        assertThat(batcher.stats().rejected()).isEqualTo(1);
        assertThat(batcher.stats().accepted()).isEqualTo(1);
        assertThatThrownBy(() -> batcher.run("c")).isInstanceOf(BatcherFullException.class);
        assertThat(batcher.stats().rejected()).isEqualTo(2);
    }

    @Test
    void r3_2_submitThrowsForANullJobOnlyAndReservesNothing() {
        MicroBatcher<String, String> batcher = fixture.held()
                .batchSize(1)
                .maxPending(1)
                .overflow(OverflowPolicy.REJECT)
                .build();
        assertThatNullPointerException().isThrownBy(() -> batcher.submit(null)).withMessage("job must not be null");
        assertThatNullPointerException().isThrownBy(() -> batcher.run(null));
        assertThat(batcher.submit("a")).isNotDone();
        assertThatNullPointerException().isThrownBy(() -> batcher.submit(null)); // full or not
        assertThat(batcher.stats().accepted()).isEqualTo(1);
    }

    @Test
    void r3_2_blockedCallersAreLetInInTheOrderOfTheirArrival() throws Exception {
        MicroBatcher<String, String> batcher = full();
        List<Blocked<CompletableFuture<String>>> callers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            String job = "j" + i;
            callers.add(Blocked.in(batcher, () -> batcher.submit(job)));
        }
        assertThat(batcher.stats().blocked()).isEqualTo(20);
        assertThat(batcher.stats().pending()).isEqualTo(2);
        for (int i = 0; i < 22; i++) {
            fixture.finish(i);
            assertThat(batcher.stats().pending()).isLessThanOrEqualTo(2);
            assertThat(batcher.stats().blocked()).isEqualTo(Math.max(0, 19 - i));
        }
        for (Blocked<CompletableFuture<String>> caller : callers) {
            assertThat(caller.outcome()).isCompleted();
        }
        assertThat(fixture.sent.stream().flatMap(List::stream).skip(2))
                .containsExactlyElementsOf(
                        IntStream.range(0, 20).mapToObj(i -> "j" + i).toList());
    }

    @Test
    void r3_2_aTimedCallThatIsBlockedGivesUpInTimeAndLeavesTheLine() throws Exception {
        MicroBatcher<String, String> batcher = full();
        assertThatThrownBy(() -> batcher.run("late", Duration.ofMillis(20)))
                .isInstanceOf(TimeoutException.class)
                .hasMessageContaining("maxPending is 2");
        assertThatThrownBy(() -> batcher.run("late", Duration.ZERO)).isInstanceOf(TimeoutException.class);
        assertThatThrownBy(() -> batcher.run("late", Duration.ofDays(-1))).isInstanceOf(TimeoutException.class);
        assertThat(batcher.stats().blocked()).isZero();
        assertThat(batcher.stats().rejected()).isEqualTo(3);
        assertThat(batcher.stats().accepted()).isEqualTo(2);
        fixture.finish(0);
        fixture.finish(1);
        assertThat(fixture.sent).containsExactly(List.of("a"), List.of("b"));
    }

    @Test
    void r3_2_theTimeOfATimedCallCoversTheWaitForRoomAndForTheResult() throws Exception {
        MicroBatcher<String, String> batcher = full();
        Blocked<String> caller = Blocked.in(batcher, () -> batcher.run("c", Duration.ofSeconds(30)));
        fixture.finish(0);
        fixture.finish(1);
        fixture.finish(2);
        assertThat(caller.outcome()).isEqualTo("c!");
        MicroBatcher<String, String> quick =
                new BatchesFixture().atOnce().batchSize(1).build();
        assertThat(quick.run("there at once", Duration.ZERO)).isEqualTo("there at once!");
    }

    @Test
    void r3_2_aTimedCallWhoseResultIsLateTakesItsJobBack() {
        MicroBatcher<String, String> batcher = fixture.atOnce().batchSize(9).build();
        assertThatThrownBy(() -> batcher.run("a", Duration.ofMillis(5))).isInstanceOf(TimeoutException.class);
        assertThat(batcher.stats().pending()).isZero();
        assertThat(batcher.stats().jobs(JobOutcome.CANCELLED)).isEqualTo(1);
        batcher.flush();
        assertThat(fixture.sent).isEmpty();
    }

    @Test
    void r3_2_interruptingABlockedSubmitRefusesItsJobAndKeepsTheFlag() throws Exception {
        MicroBatcher<String, String> batcher = full();
        Blocked<CompletableFuture<String>> caller = Blocked.in(batcher, () -> {
            CompletableFuture<String> job = batcher.submit("c");
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
            assertThat(job).isCompletedExceptionally();
            return job;
        });
        caller.thread.interrupt();
        assertThatThrownBy(caller.outcome()::join).hasCauseInstanceOf(BatcherFullException.class);
        assertThat(batcher.stats().blocked()).isZero();
        assertThat(batcher.stats().rejected()).isEqualTo(1);
        fixture.finish(0);
        fixture.finish(1);
        assertThat(fixture.sent).containsExactly(List.of("a"), List.of("b"));
    }

    @Test
    void r3_2_interruptingABlockedRunThrowsAndTakesNobodyElseOutOfTheLine() throws Exception {
        MicroBatcher<String, String> batcher = full();
        Blocked<String> interrupted = Blocked.in(batcher, () -> batcher.run("c"));
        Blocked<String> behind = Blocked.in(batcher, () -> batcher.run("d"));
        interrupted.thread.interrupt();
        assertThatThrownBy(interrupted::outcome).hasCauseInstanceOf(InterruptedException.class);
        assertThat(batcher.stats().blocked()).isEqualTo(1);
        for (int i = 0; i < 3; i++) {
            fixture.finish(i);
        }
        assertThat(behind.outcome()).isEqualTo("d!");
        assertThat(fixture.sent).containsExactly(List.of("a"), List.of("b"), List.of("d"));
    }

    @Test
    void r3_2_aCallerWithItsInterruptFlagSetIsAcceptedWhileThereIsRoom() throws Exception {
        MicroBatcher<String, String> batcher = fixture.held().batchSize(1).build();
        Thread.currentThread().interrupt();
        CompletableFuture<String> job = batcher.submit("a");
        assertThat(Thread.interrupted()).isTrue();
        assertThat(job).isNotDone();
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> batcher.run("b")).isInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isFalse();
        assertThat(batcher.stats().accepted()).isEqualTo(1);
    }

    @Test
    void r3_2_nobodyOvertakesABlockedCaller() throws Exception {
        MicroBatcher<String, String> batcher = fixture.held()
                .batchSize(1)
                .maxBatchWeight(100, BatchesFixture::weightOf)
                .maxPendingWeight(10)
                .build();
        batcher.submit("a:6");
        Blocked<CompletableFuture<String>> heavy = Blocked.in(batcher, () -> batcher.submit("b:9"));
        try (var channel = batcher.openChannel()) {
            assertThat(channel.trySubmit("c:1")).isFalse(); // it would fit, but somebody stands in line
        }
        Blocked<CompletableFuture<String>> light = Blocked.in(batcher, () -> batcher.submit("d:1"));
        assertThat(batcher.stats().pending()).isEqualTo(1);
        fixture.finish(0);
        fixture.finish(1);
        fixture.finish(2);
        assertThat(heavy.outcome()).isCompleted();
        assertThat(light.outcome()).isCompleted();
        assertThat(fixture.sent).containsExactly(List.of("a:6"), List.of("b:9"), List.of("d:1"));
    }

    @Test
    void r3_2_whenTheFirstInLineGivesUpThoseThatFitComeInAtOnce() throws Exception {
        MicroBatcher<String, String> batcher = fixture.held()
                .batchSize(9)
                .maxBatchWeight(100, BatchesFixture::weightOf)
                .maxPendingWeight(10)
                .build();
        batcher.submit("a:6");
        Blocked<String> heavy = Blocked.in(batcher, () -> batcher.run("b:9"));
        Blocked<CompletableFuture<String>> light = Blocked.in(batcher, () -> batcher.submit("c:4"));
        heavy.thread.interrupt();
        assertThatThrownBy(heavy::outcome).hasCauseInstanceOf(InterruptedException.class);
        assertThat(light.outcome()).isNotDone(); // accepted
        assertThat(batcher.stats().blocked()).isZero();
        assertThat(batcher.stats().pending()).isEqualTo(2);
    }

    @Test
    void r3_2_pendingWeightIsExact() {
        MicroBatcher<String, String> batcher = fixture.held()
                .batchSize(9)
                .maxBatchWeight(100, BatchesFixture::weightOf)
                .maxPendingWeight(10)
                .overflow(OverflowPolicy.REJECT)
                .build();
        assertThat(batcher.submit("a:6")).isNotDone();
        assertThat(batcher.submit("b:5")).isCompletedExceptionally();
        assertThat(batcher.submit("c:4")).isNotDone();
        assertThat(batcher.submit("d:1")).isCompletedExceptionally();
        assertThat(batcher.submit("e:0")).isNotDone(); // weighs nothing
        batcher.flush();
        assertThat(batcher.submit("f:1")).isCompletedExceptionally(); // in flight counts
        fixture.finish(0);
        assertThat(batcher.submit("g:10")).isNotDone();
        assertThat(batcher.stats().rejected()).isEqualTo(3);
    }

    @Test
    void r3_2_aJobThatCouldNeverFitIsRefusedAtOnceEvenWhereCallersBlock() {
        MicroBatcher<String, String> batcher = fixture.held()
                .batchSize(9)
                .maxBatchWeight(100, BatchesFixture::weightOf)
                .maxPendingWeight(10)
                .build();
        assertThatThrownBy(batcher.submit("a:11")::join)
                .hasCauseInstanceOf(BatcherFullException.class)
                .hasMessageContaining("weighs 11")
                .hasMessageContaining("maxPendingWeight")
                .hasMessageContaining("10");
        assertThatThrownBy(() -> batcher.run("b:" + Long.MAX_VALUE)).isInstanceOf(BatcherFullException.class);
        assertThat(batcher.submit("c:10")).isNotDone();
    }

    @Test
    void r3_2_bothLimitsOfRoomHold() {
        MicroBatcher<String, String> batcher = fixture.held()
                .batchSize(9)
                .maxBatchWeight(100, BatchesFixture::weightOf)
                .maxPendingWeight(10)
                .maxPending(2)
                .overflow(OverflowPolicy.REJECT)
                .build();
        batcher.submit("a:1");
        batcher.submit("b:1");
        assertThat(batcher.submit("c:1")).isCompletedExceptionally();
        assertThat(batcher.stats().pending()).isEqualTo(2);
    }

    @Test
    void r3_2_aStormOfCallersNeverExceedsTheLimit() throws Exception {
        AtomicInteger pending = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        try (MicroBatcher<Integer, Integer> batcher = MicroBatcher.builder((List<Integer> jobs) -> {
                    most.accumulateAndGet(pending.addAndGet(jobs.size()), Math::max);
                    pending.addAndGet(-jobs.size());
                    return jobs;
                })
                .batchSize(4)
                .maxConcurrentBatches(8)
                .maxPending(10)
                .build()) {
            List<Thread> threads = new ArrayList<>();
            AtomicInteger answers = new AtomicInteger();
            for (int t = 0; t < 16; t++) {
                threads.add(new Thread(() -> {
                    for (int i = 0; i < 500; i++) {
                        batcher.submit(i).thenRun(answers::incrementAndGet);
                        if (batcher.stats().pending() > 10) {
                            most.set(1_000);
                        }
                    }
                }));
            }
            threads.forEach(Thread::start);
            for (Thread thread : threads) {
                thread.join(60_000);
            }
            batcher.drain().get(30, TimeUnit.SECONDS);
            await().atMost(Caller.PATIENCE)
                    .untilAsserted(() -> assertThat(answers).hasValue(8_000)); // callbacks may follow the drain
            assertThat(batcher.stats().blocked()).isZero();
        }
        assertThat(most.get()).isBetween(1, 10);
    }

    @Test
    void r3_3_aBlockedCallerMakesWhatWaitsLeaveAtOnce() {
        MicroBatcher<String, String> batcher = fixture.atOnce()
                .batchSize(10)
                .maxPending(2)
                .batchCycle(BatchesFixture.FOR_EVER)
                .build();
        batcher.submit("a");
        batcher.submit("b");
        assertThat(fixture.sent).isEmpty();
        batcher.submit("c"); // blocks for as long as it takes to send what waits
        assertThat(fixture.sent).containsExactly(List.of("a", "b"));
        assertThat(fixture.reasons()).containsExactly(DispatchReason.PRESSURE);
        assertThat(batcher.stats().waiting()).isEqualTo(1);
        assertThat(batcher.stats().rejected()).isZero();
    }

    @Test
    void r3_3_pressureEndsWithTheLastBlockedCaller() throws Exception {
        MicroBatcher<String, String> batcher =
                fixture.onDemand().batchSize(10).maxPending(2).build();
        batcher.submit("a");
        batcher.submit("b");
        Blocked<CompletableFuture<String>> caller = Blocked.in(batcher, () -> batcher.submit("c"));
        assertThat(fixture.workers.size()).isEqualTo(1);
        fixture.workers.runAll();
        caller.outcome();
        assertThat(fixture.sent).containsExactly(List.of("a", "b"));
        fixture.advanceMillis(9);
        fixture.workers.runAll();
        assertThat(fixture.sent).hasSize(1); // c waits for its age
        fixture.advanceMillis(1);
        fixture.workers.runAll();
        assertThat(fixture.reasons()).containsExactly(DispatchReason.PRESSURE, DispatchReason.AGE);
    }

    @Test
    void r3_3_aCallerThatGaveUpPressesNoMore() throws Exception {
        MicroBatcher<String, String> batcher =
                fixture.onDemand().batchSize(10).maxPending(2).build();
        batcher.submit("a");
        batcher.submit("b");
        Blocked<String> caller = Blocked.in(batcher, () -> batcher.run("c"));
        caller.thread.interrupt();
        assertThatThrownBy(caller::outcome).hasCauseInstanceOf(InterruptedException.class);
        fixture.workers.runAll();
        assertThat(fixture.sent).isEmpty(); // nothing is due any more
        fixture.advanceMillis(10);
        fixture.workers.runAll();
        assertThat(fixture.reasons()).containsExactly(DispatchReason.AGE);
    }

    @Test
    void r3_3_weightPressesToo() {
        MicroBatcher<String, String> batcher = fixture.atOnce()
                .batchSize(10)
                .maxBatchWeight(100, BatchesFixture::weightOf)
                .maxPendingWeight(10)
                .batchCycle(BatchesFixture.FOR_EVER)
                .build();
        batcher.submit("a:6");
        batcher.submit("b:5");
        assertThat(fixture.sent).containsExactly(List.of("a:6"));
        assertThat(fixture.reasons()).containsExactly(DispatchReason.PRESSURE);
    }

    @Test
    void r3_3_aThousandBlockingCallsPassThroughALimitSmallerThanTheBatch() throws Exception {
        try (MicroBatcher<Integer, Integer> batcher = MicroBatcher.builder((List<Integer> jobs) -> jobs)
                .batchSize(100)
                .maxPending(3)
                .batchCycle(BatchesFixture.FOR_EVER)
                .build()) {
            List<CompletableFuture<Integer>> jobs =
                    IntStream.range(0, 1_000).mapToObj(batcher::submit).toList();
            batcher.flush();
            for (CompletableFuture<Integer> job : jobs) {
                job.get(30, TimeUnit.SECONDS);
            }
            assertThat(batcher.stats().batches(DispatchReason.PRESSURE)).isPositive();
        }
    }
}
