package io.microbatcher.contract;

import static io.microbatcher.contract.Caller.failureOf;
import static io.microbatcher.contract.Caller.resultOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.microbatcher.BatchListener;
import io.microbatcher.BatchProcessor;
import io.microbatcher.Job;
import io.microbatcher.JobFailedException;
import io.microbatcher.JobOutcome;
import io.microbatcher.MicroBatcher;
import io.microbatcher.Timer;
import io.microbatcher.test.VirtualTime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** R1.9: a batch that the processor keeps for too long ends without it. */
class BatchTimeoutTest {
    private static final Duration LIMIT = Duration.ofMillis(50);

    private final VirtualTime time = new VirtualTime();
    private final StuckProcessor stuck = new StuckProcessor("stuck");
    private final Noted noted = new Noted();

    @AfterEach
    void letGo() {
        stuck.open();
    }

    /** What a listener was told of batches. */
    private static final class Noted implements BatchListener {
        private final List<Object> unmatched = new CopyOnWriteArrayList<>();
        private final List<Throwable> failures = new CopyOnWriteArrayList<>();
        private final List<Long> nanos = new CopyOnWriteArrayList<>();
        private final List<String> ended = new CopyOnWriteArrayList<>();

        @Override
        public void unmatched(BatchInfo batch, Object result) {
            unmatched.add(String.valueOf(result));
        }

        @Override
        public void failed(BatchInfo batch, long took, Throwable cause) {
            failures.add(cause);
            nanos.add(took);
        }

        @Override
        public void ended(Object job, JobOutcome outcome, long waitNanos, long totalNanos) {
            ended.add(job + " " + outcome);
        }
    }

    private <J, R> MicroBatcher.Builder<J, R> limited(BatchProcessor<J, R> processor) {
        return MicroBatcher.builder(processor)
                .name("loader")
                .batchSize(1)
                .batchCycle(Duration.ofDays(1))
                .batchTimeout(LIMIT)
                .timer(time)
                .executor(stuck)
                .listener(noted);
    }

    private static void assertTimedOut(CompletableFuture<?> future) {
        assertThat(future).isDone();
        assertThat(failureOf(future))
                .isExactlyInstanceOf(JobFailedException.class)
                .hasMessageStartingWith(
                        "a batch of loader did not end within its batchTimeout of PT0.05S, and with it job ")
                .hasMessageEndingWith("or raise batchTimeout")
                .hasCauseInstanceOf(TimeoutException.class);
    }

    @ParameterizedTest
    @EnumSource
    void r1_9_itsJobsFailAndWhatTheProcessorAnswersLaterIsCounted(ProcessorForm form) throws Exception {
        var batcher = limited(form.of(jobs -> {
                    stuck.stay();
                    return jobs.stream().map(Job::param).toList();
                }))
                .batchSize(2)
                .build();
        var a = batcher.submit(new Job<>("1", "a"));
        var b = batcher.submit(new Job<>("2", "b"));
        stuck.awaitStuck();
        time.advance(LIMIT.minusNanos(1));
        assertThat(a).isNotDone();
        time.advance(Duration.ofNanos(1));
        assertTimedOut(a);
        assertTimedOut(b);
        assertThat(failureOf(a)).isNotSameAs(failureOf(b)).hasMessageContaining("job 1 of 2");
        assertThat(noted.failures).singleElement().isInstanceOf(TimeoutException.class);
        assertThat(noted.nanos).containsExactly(LIMIT.toNanos());
        assertThat(noted.ended).hasSize(2).allMatch(each -> each.endsWith(" TIMED_OUT"));
        assertThat(batcher.stats().jobs(JobOutcome.TIMED_OUT)).isEqualTo(2);
        assertThat(batcher.stats().inFlight()).isZero();
        assertThat(batcher.stats().inFlightBatches()).isZero();
        assertThat(noted.unmatched).isEmpty();

        stuck.open();
        stuck.awaitThreads();
        int late = form == ProcessorForm.ASYNC_LATER ? 0 : 2; // a stage that was cancelled takes no answer
        assertThat(noted.unmatched).hasSize(late);
        assertThat(batcher.stats().unmatched()).isEqualTo(late);
        assertThat(batcher.stats().ended()).isEqualTo(2);
        assertThat(noted.failures).hasSize(1);
    }

    @Test
    void r1_9_aBatchThatEndsInTimeIsNotTouched() throws Exception {
        var batcher = limited(stuck::process).build();
        var future = batcher.submit("a");
        assertThat(resultOf(future)).isEqualTo("a");
        time.advance(LIMIT);
        stuck.awaitThreads();
        assertThat(noted.failures).isEmpty();
        assertThat(stuck.flagsLeft).containsExactly(false);
    }

    @Test
    void r1_9_itsThreadIsInterruptedOnceAndKeepsNoFlag() throws Exception {
        var batcher = limited(stuck::process).build();
        batcher.submit("stuck");
        stuck.awaitStuck();
        time.advance(LIMIT);
        await().atMost(Caller.PATIENCE)
                .untilAsserted(() -> assertThat(stuck.interrupts).hasValue(1));
        time.advance(LIMIT);
        stuck.open();
        stuck.awaitThreads();
        assertThat(stuck.interrupts).hasValue(1);
        assertThat(stuck.flagsLeft).containsExactly(false);
    }

    @Test
    void r1_9_aProcessorThatHeedsTheInterruptIsBackAndAnswersNobody() throws Exception {
        var batcher = limited((List<String> jobs) -> {
                    stuck.sent.add(jobs);
                    if (jobs.contains("heeds")) {
                        new CountDownLatch(1).await(); // until it is interrupted
                    }
                    return jobs;
                })
                .build();
        var first = batcher.submit("heeds");
        await().atMost(Caller.PATIENCE).until(() -> !stuck.sent.isEmpty());
        time.advance(LIMIT);
        assertTimedOut(first);
        stuck.awaitThreads();
        assertThat(batcher.stats().unmatched()).isZero();
        assertThat(resultOf(batcher.submit("next"))).isEqualTo("next");
        stuck.awaitThreads();
        assertThat(stuck.flagsLeft).containsExactly(false, false);
    }

    @Test
    void r1_9_aProcessorThatLetsItsOwnTimePassIsInterruptedWhereItIs() throws Exception {
        List<Boolean> flag = new CopyOnWriteArrayList<>();
        var batcher = limited((List<String> jobs) -> {
                    time.advance(LIMIT); // the alarm rings on this very thread
                    flag.add(Thread.currentThread().isInterrupted());
                    return jobs;
                })
                .build();
        assertTimedOut(awaited(batcher.submit("a")));
        stuck.awaitThreads();
        assertThat(flag).containsExactly(true);
        assertThat(stuck.flagsLeft).containsExactly(false);
        assertThat(batcher.stats().unmatched()).isEqualTo(1);
    }

    private static <R> CompletableFuture<R> awaited(CompletableFuture<R> future) {
        Caller.awaitEnd(future);
        return future;
    }

    @Test
    void r1_9_anAnswerThatComesBeforeTheAlarmButAfterTheLimitIsLate() throws Exception {
        VirtualTime unheard = new VirtualTime();
        var batcher = MicroBatcher.builder((List<String> jobs) -> {
                    unheard.advance(LIMIT);
                    Thread.currentThread().interrupt(); // its own doing, and no business of the callbacks
                    return jobs;
                })
                .name("loader")
                .batchSize(1)
                .batchTimeout(LIMIT)
                .executor(stuck)
                .timer(new Timer() {
                    @Override
                    public long nanos() {
                        return unheard.nanos();
                    }

                    @Override
                    public void schedule(long atNanos, Runnable task) {}
                })
                .build();
        AtomicReference<Boolean> flag = new AtomicReference<>();
        var future = batcher.submit("a");
        future.handle((result, failure) -> {
            flag.set(Thread.currentThread().isInterrupted());
            return null;
        });
        assertTimedOut(awaited(future));
        stuck.awaitThreads();
        assertThat(batcher.stats().unmatched()).isEqualTo(1);
        assertThat(flag).hasValueSatisfying(set -> assertThat(set).isFalse());
        assertThat(stuck.flagsLeft)
                .as("what the processor left is the executor's")
                .containsExactly(true);
    }

    @Test
    void r1_9_answersThatWereGivenWhileTheBatchRanAreKept() throws Exception {
        var batcher = limited(BatchProcessor.<String, String>streaming((jobs, answers) -> {
                    answers.complete(1, "in time");
                    answers.fail(2, new IllegalStateException("no"));
                    stuck.stay();
                    assertThat(answers.isEnded(0)).isTrue();
                    answers.complete(0, "late");
                    answers.complete(1, "again");
                }))
                .batchSize(3)
                .build();
        var a = batcher.submit("a");
        var b = batcher.submit("b");
        var c = batcher.submit("c");
        stuck.awaitStuck();
        time.advance(LIMIT);
        assertTimedOut(a);
        assertThat(resultOf(b)).isEqualTo("in time");
        assertThat(failureOf(c)).hasCauseInstanceOf(IllegalStateException.class);
        stuck.open();
        stuck.awaitThreads();
        assertThat(noted.unmatched).containsExactly("late", "again");
        assertThat(noted.ended).containsExactly("b SUCCEEDED", "c FAILED", "a TIMED_OUT");
    }

    @Test
    void r1_9_lateAnswersToJobsThatWereCancelledAreDroppedInSilence() throws Exception {
        var batcher = limited(stuck::process).batchSize(3).build();
        var cancelled = batcher.submit("stuck");
        var b = batcher.submit("b");
        var c = batcher.submit("c");
        stuck.awaitStuck();
        cancelled.cancel(false);
        time.advance(LIMIT);
        assertTimedOut(b);
        assertTimedOut(c);
        stuck.open();
        stuck.awaitThreads();
        assertThat(noted.unmatched).containsExactly("b", "c");
        assertThat(batcher.stats().jobs(JobOutcome.CANCELLED)).isEqualTo(1);
        assertThat(batcher.stats().jobs(JobOutcome.TIMED_OUT)).isEqualTo(2);
    }

    @Test
    void r1_9_anAsynchronousStageIsCancelled() {
        CompletableFuture<List<String>> stage = new CompletableFuture<>();
        var batcher = limited(BatchProcessor.<String, String>async(jobs -> stage))
                .executor(Runnable::run)
                .build();
        var future = batcher.submit("a");
        time.advance(LIMIT);
        assertTimedOut(future);
        assertThat(stage).isCancelled();
        assertThat(batcher.stats().inFlightBatches()).isZero();
        assertThat(noted.failures).hasSize(1);
        assertThat(noted.unmatched).isEmpty();
    }

    @Test
    void r1_9_aStageThatIsReturnedTooLateIsCancelledAtOnce() throws Exception {
        CompletableFuture<List<String>> stage = new CompletableFuture<>();
        var batcher = limited(BatchProcessor.<String, String>async(jobs -> {
                    stuck.stay();
                    return stage;
                }))
                .build();
        var future = batcher.submit("a");
        stuck.awaitStuck();
        time.advance(LIMIT);
        assertTimedOut(future);
        stuck.open();
        stuck.awaitThreads();
        assertThat(stage).isCancelled();
        assertThat(stuck.flagsLeft).containsExactly(false);
    }

    @Test
    void r1_9_aStageThatIsReturnedBeforeTheAlarmButAfterTheLimitIsCancelledToo() {
        VirtualTime unheard = new VirtualTime();
        CompletableFuture<List<String>> stage = new CompletableFuture<>();
        var batcher = limited(BatchProcessor.<String, String>async(jobs -> {
                    unheard.advance(LIMIT);
                    return stage;
                }))
                .timer(new Timer() {
                    @Override
                    public long nanos() {
                        return unheard.nanos();
                    }

                    @Override
                    public void schedule(long atNanos, Runnable task) {}
                })
                .executor(Runnable::run)
                .build();
        assertTimedOut(batcher.submit("a"));
        assertThat(stage).isCancelled();
    }

    @Test
    void r1_9_batchesExpireInTheOrderInWhichTheyWereDispatched() {
        List<CompletableFuture<List<String>>> stages = new CopyOnWriteArrayList<>();
        var batcher = limited(BatchProcessor.<String, String>async(jobs -> {
                    stages.add(new CompletableFuture<>());
                    return stages.get(stages.size() - 1);
                }))
                .maxConcurrentBatches(3)
                .executor(Runnable::run)
                .build();
        var first = batcher.submit("a");
        time.advance(Duration.ofMillis(20));
        var second = batcher.submit("b");
        time.advance(Duration.ofMillis(20));
        var third = batcher.submit("c");
        stages.get(1).complete(List.of("in time"));
        time.advance(Duration.ofMillis(10));
        assertTimedOut(first);
        assertThat(third).isNotDone();
        time.advance(Duration.ofMillis(39));
        assertThat(third).isNotDone();
        time.advance(Duration.ofMillis(1));
        assertTimedOut(third);
        assertThat(resultOf(second)).isEqualTo("in time");
        assertThat(time.alarms()).isZero();
    }

    @Test
    void r1_9_aBatchThatTimesOutBeforeItsThreadIsInTheProcessorNeverGetsThere() throws Exception {
        var batcher = limited(stuck::process)
                .batchSize(2)
                .listener(new BatchListener() {
                    @Override
                    public void dispatched(BatchInfo batch) {
                        if (batch.id() == 1) {
                            stuck.stay();
                        }
                    }
                })
                .build();
        var a = batcher.submit("a");
        var b = batcher.submit("b");
        stuck.awaitStuck();
        time.advance(LIMIT);
        assertTimedOut(a);
        assertTimedOut(b);
        assertThat(stuck.interrupts).as("a listener is no processor").hasValue(0);
        stuck.open();
        stuck.awaitThreads();
        assertThat(stuck.sent).isEmpty();
        batcher.submit("c");
        assertThat(resultOf(batcher.submit("d"))).isEqualTo("d");
        assertThat(stuck.sent).containsExactly(List.of("c", "d"));
        assertThat(batcher.stats().unmatched()).isZero();
    }

    @Test
    void r4_3_shutdownNowInterruptsABatchThatIsOnItsWayToTheProcessor() throws Exception {
        List<Boolean> flag = new CopyOnWriteArrayList<>();
        var batcher = limited((List<String> jobs) -> {
                    flag.add(Thread.currentThread().isInterrupted());
                    return jobs;
                })
                .listener(new BatchListener() {
                    @Override
                    public void dispatched(BatchInfo batch) {
                        stuck.stay();
                    }
                })
                .build();
        var future = batcher.submit("a");
        stuck.awaitStuck();
        batcher.shutdownNow();
        stuck.open();
        assertThat(resultOf(future)).isEqualTo("a");
        stuck.awaitThreads();
        assertThat(flag).containsExactly(true);
        assertThat(stuck.flagsLeft).containsExactly(false);
    }

    @Test
    void r1_9_channelsGetTheFailureAsAResult() throws Exception {
        var batcher = limited(stuck::process).build();
        try (var channel = batcher.openChannel()) {
            channel.submit("stuck");
            channel.halfClose();
            stuck.awaitStuck();
            time.advance(LIMIT);
            var result = channel.take();
            assertThat(result.job()).isEqualTo("stuck");
            assertThat(result.failure()).hasCauseInstanceOf(TimeoutException.class);
            assertThat(channel.take()).isNull();
        }
    }

    @Test
    void r1_9_aJobTimeoutThatIsShorterEndsTheJobAloneAndTheBatchGoesOnUntilItsOwnLimit() throws Exception {
        var batcher = limited(stuck::process).jobTimeout(Duration.ofMillis(20)).build();
        var future = batcher.submit("stuck");
        stuck.awaitStuck();
        time.advance(Duration.ofMillis(20));
        assertThat(failureOf(future)).hasMessageContaining("jobTimeout");
        assertThat(batcher.stats().inFlightBatches()).isEqualTo(1);
        time.advance(Duration.ofMillis(30));
        assertThat(batcher.stats().inFlightBatches()).isZero();
        stuck.open();
        stuck.awaitThreads();
        assertThat(batcher.stats().unmatched()).isZero();
        assertThat(batcher.stats().jobs(JobOutcome.TIMED_OUT)).isEqualTo(1);
    }

    @Test
    void r1_9_itWorksOnTheLibrarysOwnTimerAndThreads() {
        StuckProcessor own = new StuckProcessor("stuck");
        AtomicReference<String> teller = new AtomicReference<>();
        try (var batcher = MicroBatcher.builder(own::process)
                .name("loader")
                .batchSize(1)
                .batchTimeout(LIMIT)
                .build()) {
            var future = batcher.submit("stuck");
            var told = future.whenComplete(
                    (result, failure) -> teller.set(Thread.currentThread().getName()));
            Caller.awaitEnd(told);
            assertTimedOut(future);
            await().atMost(Caller.PATIENCE)
                    .untilAsserted(() -> assertThat(own.interrupts).hasValue(1));
            assertThat(teller.get()).isNotEqualTo("microbatcher-timer");
            // on a machine that is busy another batch may be too late
            await().atMost(Caller.PATIENCE).until(() -> isAnswered(batcher.submit("next"), "next"));
        } finally {
            own.open();
        }
    }

    private static boolean isAnswered(CompletableFuture<String> future, String answer) {
        Caller.awaitEnd(future);
        return !future.isCompletedExceptionally() && resultOf(future).equals(answer);
    }
}
