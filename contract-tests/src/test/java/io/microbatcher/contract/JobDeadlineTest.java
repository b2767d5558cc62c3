package io.microbatcher.contract;

import static io.microbatcher.contract.Caller.failureOf;
import static io.microbatcher.contract.Caller.resultOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.microbatcher.BatchListener;
import io.microbatcher.BatchProcessor;
import io.microbatcher.JobFailedException;
import io.microbatcher.JobOutcome;
import io.microbatcher.MicroBatcher;
import io.microbatcher.test.ManualExecutor;
import io.microbatcher.test.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** R1.7: a job ends by its deadline, wherever it is. */
class JobDeadlineTest {
    private final VirtualTime time = new VirtualTime();
    private final ManualExecutor executor = new ManualExecutor();
    private final List<List<String>> sent = new ArrayList<>();
    private final List<Object> unmatched = new ArrayList<>();

    private <R> MicroBatcher.Builder<String, R> batcher(int batchSize, BatchProcessor<String, R> processor) {
        return MicroBatcher.builder(processor)
                .batchSize(batchSize)
                .batchCycle(Duration.ofDays(1))
                .jobTimeout(Duration.ofMillis(20))
                .timer(time)
                .executor(executor)
                .listener(new BatchListener() {
                    @Override
                    public void unmatched(BatchInfo batch, Object result) {
                        unmatched.add(result);
                    }
                });
    }

    private List<String> echo(List<String> jobs) {
        sent.add(jobs);
        return jobs;
    }

    @Test
    void r1_7_aJobThatCouldNotWaitForItsBatchToFillIsToldSo() {
        var patient = batcher(10, this::echo).build().submit("a");
        var hasty = batcher(10, this::echo)
                .batchCycle(Duration.ofMillis(19))
                .executor(task -> {})
                .build()
                .submit("b");
        time.advance(Duration.ofMillis(20));
        assertThat(failureOf(patient))
                .hasMessageContaining("no longer than")
                .hasMessageEndingWith("batchCycle is PT24H");
        assertThat(failureOf(hasty)).hasMessageEndingWith("jobTimeout of PT0.02S");
    }

    private static void assertTimedOut(CompletableFuture<?> future) {
        assertThat(future).isDone();
        assertThat(failureOf(future))
                .isExactlyInstanceOf(JobFailedException.class)
                .hasMessageContaining("PT0.02S")
                .hasCauseInstanceOf(TimeoutException.class);
    }

    @Test
    void r1_7_aWaitingJobEndsAtItsDeadlineAndNeverReachesTheProcessor() {
        var batcher = batcher(10, this::echo).build();
        var a = batcher.submit("a");
        time.advance(Duration.ofMillis(5));
        var b = batcher.submit("b");
        time.advance(Duration.ofNanos(14_999_999));
        assertThat(a).isNotDone();
        time.advance(Duration.ofNanos(1));
        assertTimedOut(a);
        assertThat(b).isNotDone();
        batcher.flush();
        executor.runAll();
        assertThat(sent).containsExactly(List.of("b"));
        assertThat(resultOf(b)).isEqualTo("b");
        assertThat(batcher.stats().jobs(JobOutcome.TIMED_OUT)).isEqualTo(1);
    }

    @Test
    void r1_7_aDueJobThatNobodyTakesEndsAtItsDeadline() {
        var batcher = batcher(1, this::echo).build();
        var a = batcher.submit("a"); // a worker is on its way, but does not come
        time.advance(Duration.ofMillis(20));
        assertTimedOut(a);
        executor.runAll();
        assertThat(sent).isEmpty();
        assertThat(batcher.stats().batches()).isZero();
    }

    @Test
    void r1_7_aJobThatWaitsForABusySlotEndsAtItsDeadline() {
        List<CompletableFuture<List<String>>> stages = new ArrayList<>();
        var batcher = batcher(1, BatchProcessor.<String, String>async(jobs -> {
                    sent.add(jobs);
                    stages.add(new CompletableFuture<>());
                    return stages.get(stages.size() - 1);
                }))
                .build();
        var inFlight = batcher.submit("a");
        executor.runAll();
        time.advance(Duration.ofMillis(10));
        var waits = batcher.submit("b");
        executor.runAll();
        time.advance(Duration.ofMillis(10));
        assertTimedOut(inFlight);
        assertThat(waits).isNotDone();
        time.advance(Duration.ofMillis(10));
        assertTimedOut(waits);
        stages.get(0).complete(List.of("late"));
        executor.runAll();
        assertThat(sent).containsExactly(List.of("a"));
        assertThat(batcher.stats().inFlightBatches()).isZero();
    }

    @Test
    void r1_7_aJobInFlightEndsAtItsDeadlineAndItsLateAnswerIsDroppedInSilence() {
        CompletableFuture<List<String>> stage = new CompletableFuture<>();
        var batcher =
                batcher(2, BatchProcessor.<String, String>async(jobs -> stage)).build();
        var a = batcher.submit("a");
        time.advance(Duration.ofMillis(5));
        var b = batcher.submit("b");
        executor.runAll();
        time.advance(Duration.ofMillis(15));
        assertTimedOut(a);
        assertThat(b).as("5 ms younger").isNotDone();
        assertThat(batcher.stats().inFlight()).isEqualTo(1);
        stage.complete(List.of("A", "B"));
        assertTimedOut(a);
        assertThat(resultOf(b)).isEqualTo("B");
        assertThat(unmatched).isEmpty();
        assertThat(batcher.stats().unmatched()).isZero();
        assertThat(batcher.stats().ended()).isEqualTo(2);
        time.advance(Duration.ofDays(1));
        assertThat(time.alarms()).isZero();
    }

    @Test
    void r1_7_theFailureOfABatchDoesNotReachItsTimedOutJobs() {
        CompletableFuture<List<String>> stage = new CompletableFuture<>();
        var batcher =
                batcher(1, BatchProcessor.<String, String>async(jobs -> stage)).build();
        var a = batcher.submit("a");
        executor.runAll();
        time.advance(Duration.ofMillis(20));
        stage.completeExceptionally(new IllegalStateException("late"));
        assertTimedOut(a);
        assertThat(batcher.stats().jobs(JobOutcome.FAILED)).isZero();
    }

    @Test
    void r1_7_aStreamingProcessorSeesThatAJobHasTimedOut() {
        AtomicReference<CompletableFuture<String>> slow = new AtomicReference<>();
        var batcher = batcher(2, BatchProcessor.<String, String>streaming((jobs, answers) -> {
                    answers.complete(0, "A");
                    assertThat(answers.isEnded(1)).isFalse();
                    time.advance(Duration.ofMillis(20));
                    assertTimedOut(slow.get());
                    assertThat(answers.isEnded(1)).isTrue();
                    answers.complete(1, "late");
                }))
                .build();
        var fast = batcher.submit("fast");
        slow.set(batcher.submit("slow"));
        executor.runAll();
        assertThat(resultOf(fast)).isEqualTo("A");
        assertTimedOut(slow.get());
        assertThat(unmatched).isEmpty();
        assertThat(batcher.stats().jobs(JobOutcome.TIMED_OUT)).isEqualTo(1);
    }

    @Test
    void r1_7_theDeadlineCountsFromWhenTheJobWasAcceptedNotFromWhenItsCallerCame() {
        var batcher = batcher(10, this::echo).maxPending(1).build();
        var first = batcher.submit("first");
        AtomicReference<CompletableFuture<String>> second = new AtomicReference<>();
        var blocked = Caller.elsewhere(() -> second.set(batcher.submit("second")));
        await().atMost(Caller.PATIENCE).until(() -> batcher.stats().blocked() == 1);
        time.advance(Duration.ofMillis(15));
        first.cancel(false); // the second is accepted at 15 ms
        resultOf(blocked);
        time.advance(Duration.ofMillis(19));
        assertThat(second.get()).isNotDone();
        time.advance(Duration.ofMillis(1));
        assertTimedOut(second.get());
    }

    @Test
    void r1_7_eachTimedOutJobHasAnExceptionOfItsOwn() {
        var batcher = batcher(10, this::echo).build();
        var a = batcher.submit("a");
        var b = batcher.submit("b");
        time.advance(Duration.ofMillis(20));
        assertTimedOut(a);
        assertTimedOut(b);
        assertThat(failureOf(a)).isNotSameAs(failureOf(b));
    }

    @Test
    void r1_7_aDeadlineWithinTheBatchCycleDoesNotWaitForIt() {
        var batcher = batcher(10, this::echo)
                .batchCycle(Duration.ofSeconds(Long.MAX_VALUE))
                .build();
        var a = batcher.submit("a");
        time.advance(Duration.ofMillis(20));
        assertTimedOut(a);
    }

    @Test
    void r1_7_onTheRealClockABlockedProcessorDoesNotKeepItsCallers() {
        CountDownLatch stuck = new CountDownLatch(1);
        MicroBatcher<String, String> batcher = MicroBatcher.builder((List<String> jobs) -> {
                    Caller.await(stuck);
                    return jobs;
                })
                .batchSize(1)
                .jobTimeout(Duration.ofMillis(20))
                .build();
        assertThat(failureOf(batcher.submit("in flight"))).hasCauseInstanceOf(TimeoutException.class);
        assertThat(failureOf(batcher.submit("waiting"))).hasCauseInstanceOf(TimeoutException.class);
        stuck.countDown();
        batcher.close();
        assertThat(batcher.stats().jobs(JobOutcome.TIMED_OUT)).isEqualTo(2);
    }

    @Test
    void r1_7_aJobThatHasEndedIsLeftAlone() {
        var batcher = batcher(1, this::echo).build();
        var answered = batcher.submit("a");
        executor.runAll();
        var cancelled = batcher.submit("b");
        cancelled.cancel(true);
        time.advance(Duration.ofDays(1));
        assertThat(resultOf(answered)).isEqualTo("a");
        assertThat(cancelled).isCancelled();
        assertThat(batcher.stats().jobs(JobOutcome.TIMED_OUT)).isZero();
        assertThat(time.alarms()).isZero();
    }
}
