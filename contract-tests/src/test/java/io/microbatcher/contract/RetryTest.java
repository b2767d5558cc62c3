package io.microbatcher.contract;

import static io.microbatcher.contract.TroubledFixture.attempts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.microbatcher.BatchProcessor;
import io.microbatcher.DispatchReason;
import io.microbatcher.JobFailedException;
import io.microbatcher.JobOutcome;
import io.microbatcher.MicroBatcher;
import io.microbatcher.MissingResultException;
import io.microbatcher.RetryPolicy;
import io.microbatcher.test.ManualExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** R7.1 to R7.3: what is tried again, when, and for how long. */
class RetryTest {
    private final IllegalStateException down = new IllegalStateException("backend is down");

    private final BatchesFixture fixture = new BatchesFixture();
    private final TroubledFixture troubled = new TroubledFixture();

    private MicroBatcher<String, String> held(RetryPolicy policy) {
        return fixture.held().batchSize(2).retry(policy).build();
    }

    // ---------------------------------------------------------------- R7.1: attempts

    @Test
    void r7_1_aBatchThatFailedIsTriedAgainAfterItsBackoff() {
        MicroBatcher<String, String> batcher = held(attempts(3));
        List<CompletableFuture<String>> jobs = TroubledFixture.submit(batcher, List.of("a", "b"));
        fixture.fail(0, down);
        fixture.advanceMillis(99);
        assertThat(fixture.sent).hasSize(1);
        assertThat(jobs).noneMatch(CompletableFuture::isDone);
        fixture.advanceMillis(1);
        assertThat(fixture.sent).containsExactly(List.of("a", "b"), List.of("a", "b"));
        fixture.finish(1);
        assertThat(jobs).extracting(Caller::resultOf).containsExactly("a!", "b!");
        assertThat(fixture.reasons()).containsExactly(DispatchReason.SIZE, DispatchReason.RETRY);
    }

    @Test
    void r7_1_whenAttemptsAreUsedUpTheLastFailureIsTheCauseAndTheirNumberIsSaid() {
        MicroBatcher<String, String> batcher = held(attempts(3));
        CompletableFuture<String> job =
                TroubledFixture.submit(batcher, List.of("a", "b")).get(0);
        fixture.fail(0, new IllegalStateException("first"));
        fixture.advanceMillis(100);
        IllegalStateException second = new IllegalStateException("second");
        fixture.fail(1, second);
        fixture.advanceMillis(200);
        assertThat(job).isNotDone();
        IllegalStateException third = new IllegalStateException("third");
        fixture.fail(2, third);
        assertThat(Caller.failureOf(job))
                .isInstanceOf(JobFailedException.class)
                .hasMessageEndingWith("third; it was tried 3 times")
                .hasCause(third)
                .hasSuppressedException(second);
        fixture.advanceMillis(10_000);
        assertThat(fixture.sent).hasSize(3);
        assertThat(batcher.stats().jobs(JobOutcome.FAILED)).isEqualTo(2);
        assertThat(batcher.stats().pending()).isZero();
    }

    @Test
    void r7_1_oneAttemptIsFinal() {
        MicroBatcher<String, String> batcher = held(attempts(1));
        CompletableFuture<String> job =
                TroubledFixture.submit(batcher, List.of("a", "b")).get(0);
        fixture.fail(0, down);
        assertThat(Caller.failureOf(job)).hasCause(down).hasMessageEndingWith("down");
        assertThat(fixture.time.alarms()).isLessThanOrEqualTo(1); // that of the batch's age, which is not taken back
    }

    @Test
    void r7_1_aFailureThatIsNotWorthItIsFinal() {
        MicroBatcher<String, String> batcher =
                held(attempts(3).when(failure -> failure instanceof IllegalArgumentException));
        CompletableFuture<String> job =
                TroubledFixture.submit(batcher, List.of("a", "b")).get(0);
        fixture.fail(0, new IllegalArgumentException("try again"));
        fixture.advanceMillis(100);
        fixture.fail(1, down);
        assertThat(Caller.failureOf(job)).hasCause(down).hasMessageEndingWith("it was tried 2 times");
    }

    @Test
    void r7_1_byDefaultAnErrorIsFinal() {
        MicroBatcher<String, String> batcher = held(attempts(3));
        CompletableFuture<String> job =
                TroubledFixture.submit(batcher, List.of("a", "b")).get(0);
        fixture.fail(0, new StackOverflowError());
        assertThat(Caller.failureOf(job)).hasCauseInstanceOf(StackOverflowError.class);
    }

    @Test
    void r7_1_aPredicateThatThrowsHasSaidNo() {
        for (Throwable thrown : List.of(new IllegalStateException("moody"), new AssertionError("moody"))) {
            BatchesFixture mine = new BatchesFixture();
            try (RecordedLog log = new RecordedLog()) {
                MicroBatcher<String, String> batcher = mine.held()
                        .batchSize(2)
                        .retry(attempts(3).when(failure -> Caller.<RuntimeException, Boolean>sneak(thrown)))
                        .build();
                for (int round = 0; round < 2; round++) {
                    List<CompletableFuture<String>> jobs = TroubledFixture.submit(batcher, List.of("a", "b"));
                    mine.fail(round, down);
                    assertThat(jobs)
                            .extracting(Caller::failureOf)
                            .allSatisfy(failure -> assertThat(failure).hasCause(down));
                }
                assertThat(log.warnings()).singleElement().satisfies(said -> {
                    assertThat(said.getMessage()).contains("retry policy");
                    assertThat(said.getThrown()).isSameAs(thrown);
                });
            }
        }
    }

    @Test
    void r7_1_thePredicateIsAskedOnceForEachFailureAndOnlyWhileAttemptsAreLeft() {
        List<Throwable> asked = new ArrayList<>();
        MicroBatcher<String, String> batcher = held(attempts(2).when(failure -> asked.add(failure)));
        batcher.submit("a");
        batcher.submit("b");
        fixture.fail(0, down);
        fixture.advanceMillis(100);
        fixture.fail(1, new IllegalStateException("last"));
        assertThat(asked).containsExactly(down);
    }

    @Test
    void r7_1_aMissingResultIsTriedAgainOnlyIfAskedFor() {
        List<List<String>> calls = new ArrayList<>();
        MicroBatcher.Builder<String, String> forgetful = MicroBatcher.builder((List<String> jobs) -> {
                    calls.add(jobs);
                    return calls.size() % 2 == 1 ? List.of("only one") : jobs;
                })
                .batchSize(2)
                .batchCycle(Duration.ofMillis(10))
                .timer(fixture.time)
                .executor(Runnable::run);
        List<CompletableFuture<String>> jobs =
                TroubledFixture.submit(forgetful.retry(attempts(2)).build(), List.of("a", "b"));
        assertThat(Caller.failureOf(jobs.get(1))).isInstanceOf(MissingResultException.class);
        calls.clear();
        jobs = TroubledFixture.submit(
                forgetful
                        .retry(attempts(2).when(MissingResultException.class::isInstance))
                        .build(),
                List.of("a", "b"));
        assertThat(jobs.get(0)).isCompletedWithValue("only one");
        fixture.advanceMillis(100);
        assertThat(calls).containsExactly(List.of("a", "b"), List.of("b"));
        assertThat(jobs.get(1)).isCompletedWithValue("b");
    }

    @Test
    void r7_1_whatTheExecutorRefusesIsNotTriedAgain() {
        ManualExecutor executor = new ManualExecutor();
        executor.refuse(true);
        AtomicInteger asked = new AtomicInteger();
        MicroBatcher<String, String> batcher = MicroBatcher.builder((List<String> jobs) -> jobs)
                .batchSize(1)
                .executor(executor)
                .retry(attempts(3).when(failure -> asked.incrementAndGet() > 0))
                .build();
        assertThat(Caller.failureOf(batcher.submit("a"))).hasMessageContaining("refused");
        assertThat(asked).hasValue(0);
    }

    // ---------------------------------------------------------------- R7.2: backoff

    @Test
    void r7_2_theBackoffDoublesUpToItsMost() {
        MicroBatcher<String, String> batcher =
                held(attempts(6).backoff(Duration.ofMillis(100), Duration.ofMillis(500)));
        batcher.submit("a");
        batcher.submit("b");
        int call = 0;
        for (int backoff : new int[] {100, 200, 400, 500, 500}) {
            fixture.fail(call++, down);
            fixture.advanceMillis(backoff - 1);
            assertThat(fixture.sent).hasSize(call);
            fixture.advanceMillis(1);
            assertThat(fixture.sent).hasSize(call + 1);
        }
    }

    @Test
    void r7_2_jitterShortensTheBackoffByWhatIsDrawn() {
        RandomGenerator quarter = new Drawn(0.25);
        MicroBatcher<String, String> batcher = held(attempts(2).jitter(0.8).random(quarter));
        batcher.submit("a");
        batcher.submit("b");
        fixture.fail(0, down);
        fixture.advanceMillis(79); // 100 - 100 * 0.8 * 0.25
        assertThat(fixture.sent).hasSize(1);
        fixture.advanceMillis(1);
        assertThat(fixture.sent).hasSize(2);
    }

    @Test
    void r7_2_aSourceOfRandomnessThatMisbehavesLeavesTheBackoffAsItIs() {
        for (RandomGenerator moody :
                List.of(new Drawn(7), new Drawn(Double.NaN), new Drawn(-1), (RandomGenerator) () -> {
                    throw new IllegalStateException("moody");
                })) {
            BatchesFixture mine = new BatchesFixture();
            MicroBatcher<String, String> batcher = mine.held()
                    .batchSize(1)
                    .retry(attempts(2).jitter(1).random(moody))
                    .build();
            batcher.submit("a");
            mine.fail(0, down);
            mine.advanceMillis(99);
            assertThat(mine.sent).hasSize(1);
            mine.advanceMillis(1);
            assertThat(mine.sent).hasSize(2);
        }
    }

    private record Drawn(double value) implements RandomGenerator {
        @Override
        public double nextDouble() {
            return value;
        }

        @Override
        public long nextLong() {
            throw new AssertionError("only doubles are drawn");
        }
    }

    @Test
    void r7_2_noSlotIsHeldDuringTheBackoff() {
        MicroBatcher<String, String> batcher = held(attempts(2));
        batcher.submit("a");
        batcher.submit("b");
        fixture.fail(0, down);
        assertThat(batcher.stats().inFlightBatches()).isZero();
        batcher.submit("c");
        batcher.submit("d");
        assertThat(fixture.sent).endsWith(List.of("c", "d"));
        fixture.advanceMillis(100); // the only slot is taken
        assertThat(fixture.sent).hasSize(2);
        fixture.finish(1);
        assertThat(fixture.sent).endsWith(List.of("a", "b"));
    }

    @Test
    void r7_2_aJobWhoseDeadlineIsBeforeTheEndOfItsBackoffFailsAtOnce() {
        MicroBatcher<String, String> batcher = fixture.held()
                .batchSize(2)
                .jobTimeout(Duration.ofMillis(100))
                .retry(attempts(3))
                .build();
        CompletableFuture<String> early = batcher.submit("a");
        fixture.advanceMillis(1);
        CompletableFuture<String> late = batcher.submit("b"); // its deadline is at 101
        fixture.fail(0, down); // the backoff ends at 101: too late for both
        assertThat(List.of(early, late))
                .allSatisfy(job -> assertThat(Caller.failureOf(job)).hasCause(down));
    }

    @Test
    void r7_2_ofABatchThatIsTriedAgainOnlyThoseHaveToFailWhoseTimeIsUp() {
        for (RetryPolicy policy : List.of(attempts(3), attempts(3).wholeBatch())) {
            BatchesFixture mine = new BatchesFixture();
            MicroBatcher<String, String> batcher = mine.held()
                    .batchSize(2)
                    .batchCycle(Duration.ofSeconds(1))
                    .jobTimeout(Duration.ofMillis(120))
                    .retry(policy)
                    .build();
            CompletableFuture<String> early = batcher.submit("a");
            mine.advanceMillis(30);
            CompletableFuture<String> late = batcher.submit("b");
            mine.fail(0, down); // the backoff ends at 130, the deadlines are at 120 and 150
            assertThat(Caller.failureOf(early)).hasCause(down);
            assertThat(late).isNotDone();
            mine.advanceMillis(100);
            mine.finish(1);
            assertThat(late).isCompletedWithValue("b!");
            assertThat(mine.sent).containsExactly(List.of("a", "b"), List.of("b"));
        }
    }

    @Test
    void r7_2_aJobThatWaitsForASlotAfterItsBackoffStillHasADeadline() {
        MicroBatcher<String, String> batcher = fixture.held()
                .batchSize(1)
                .jobTimeout(Duration.ofMillis(150))
                .retry(attempts(3))
                .build();
        CompletableFuture<String> job = batcher.submit("a");
        fixture.fail(0, down);
        fixture.advanceMillis(50);
        batcher.submit("b"); // takes the only slot, and keeps it
        fixture.advanceMillis(100);
        assertThat(Caller.failureOf(job))
                .hasCauseInstanceOf(TimeoutException.class)
                .hasSuppressedException(down);
        fixture.finish(1);
        assertThat(fixture.sent).hasSize(2);
    }

    @Test
    void r7_2_aBackoffOfZeroIsNone() {
        troubled.failsAlone.put("a", 2);
        MicroBatcher<String, String> batcher = troubled.with(
                        RetryPolicy.ofAttempts(3).backoff(Duration.ZERO, Duration.ZERO))
                .batchSize(1)
                .build();
        assertThat(batcher.submit("a")).isCompletedWithValue("a!");
        assertThat(troubled.calls).hasSize(3);
    }

    @Test
    void r7_2_aBackoffForEverIsAFailure() {
        Duration ages = Duration.ofDays(200_000);
        MicroBatcher<String, String> batcher = held(attempts(3).backoff(ages, ages));
        CompletableFuture<String> job =
                TroubledFixture.submit(batcher, List.of("a", "b")).get(0);
        fixture.fail(0, down);
        assertThat(Caller.failureOf(job)).hasCause(down);
    }

    // ---------------------------------------------------------------- R7.3: what has succeeded is not run again

    @Test
    void r7_3_onlyTheJobsThatFailedAreTriedAgain() {
        troubled.failsAlone.put("b", 1);
        troubled.failsAlone.put("d", 2);
        MicroBatcher<String, String> batcher =
                troubled.with(attempts(3)).batchSize(4).build();
        List<CompletableFuture<String>> jobs = TroubledFixture.submit(batcher, List.of("a", "b", "c", "d"));
        assertThat(jobs.get(0)).isCompletedWithValue("a!");
        assertThat(jobs.get(2)).isCompletedWithValue("c!");
        assertThat(jobs.get(1)).isNotDone();
        troubled.advanceMillis(100);
        assertThat(troubled.calls).endsWith(List.of("b", "d"));
        assertThat(jobs.get(1)).isCompletedWithValue("b!");
        troubled.advanceMillis(200);
        assertThat(troubled.calls).endsWith(List.of("d"));
        assertThat(jobs.get(3)).isCompletedWithValue("d!");
        assertThat(troubled.calls).hasSize(3);
    }

    @Test
    void r7_3_aJobThatWasAnsweredBeforeItsBatchThrewIsNotRunAgain() {
        List<List<String>> calls = new ArrayList<>();
        MicroBatcher<String, String> batcher = MicroBatcher.builder(BatchProcessor.<String, String>streaming(
                        (jobs, answers) -> {
                            calls.add(List.copyOf(jobs));
                            answers.complete(0, jobs.get(0) + "!");
                            if (calls.size() == 1) {
                                answers.fail(1, new IllegalArgumentException("kept")); // until the batch is over
                                assertThat(answers.isEnded(1)).isTrue();
                                throw down;
                            }
                            answers.complete(1, jobs.get(1) + "!");
                        }))
                .batchSize(3)
                .batchCycle(Duration.ofMillis(10))
                .timer(fixture.time)
                .executor(Runnable::run)
                .retry(attempts(2))
                .build();
        List<CompletableFuture<String>> jobs = TroubledFixture.submit(batcher, List.of("a", "b", "c"));
        assertThat(jobs.get(0)).isCompletedWithValue("a!");
        fixture.advanceMillis(100);
        assertThat(calls).containsExactly(List.of("a", "b", "c"), List.of("b", "c"));
        assertThat(jobs).extracting(Caller::resultOf).containsExactly("a!", "b!", "c!");
    }

    @Test
    void r7_3_aJobThatFailsAloneForGoodFailsWhileItsBatchRuns() {
        List<CompletableFuture<String>> jobs = new ArrayList<>();
        List<Boolean> knew = new ArrayList<>();
        MicroBatcher<String, String> batcher = MicroBatcher.builder(
                        BatchProcessor.<String, String>streaming((batch, answers) -> {
                            answers.fail(0, new IllegalArgumentException("final"));
                            answers.fail(1, down);
                            knew.add(answers.isEnded(0));
                        }))
                .batchSize(2)
                .batchCycle(Duration.ofMillis(10))
                .timer(fixture.time)
                .executor(Runnable::run)
                .retry(attempts(2).when(failure -> failure == down))
                .build();
        jobs.addAll(TroubledFixture.submit(batcher, List.of("a", "b")));
        assertThat(knew).containsExactly(true);
        assertThat(jobs.get(0)).isCompletedExceptionally();
        assertThat(jobs.get(1)).isNotDone();
        assertThat(batcher.stats().toRetry()).isEqualTo(1);
    }

    @Test
    void r7_3_withWholeBatchThoseThatAreTriedAgainLeaveWithoutNewJobs() {
        troubled.failsAlone.put("b", 1);
        troubled.failsAlone.put("c", 1);
        MicroBatcher<String, String> batcher =
                troubled.with(attempts(2).wholeBatch()).batchSize(3).build();
        TroubledFixture.submit(batcher, List.of("a", "b", "c"));
        troubled.advanceMillis(95);
        batcher.submit("new");
        troubled.advanceMillis(5);
        assertThat(troubled.calls).containsExactly(List.of("a", "b", "c"), List.of("b", "c"));
        troubled.advanceMillis(5);
        assertThat(troubled.calls).endsWith(List.of("new"));
    }

    @Test
    void r7_3_withoutItTheyTakeNewJobsAlong() {
        troubled.failsAlone.put("b", 1);
        MicroBatcher<String, String> batcher =
                troubled.with(attempts(2)).batchSize(2).build();
        TroubledFixture.submit(batcher, List.of("a", "b"));
        troubled.advanceMillis(95);
        batcher.submit("new");
        troubled.advanceMillis(5);
        assertThat(troubled.calls).containsExactly(List.of("a", "b"), List.of("b", "new"));
    }

    // ---------------------------------------------------------------- nonsense

    @Test
    void r2_7_aPolicyThatMakesNoSenseIsRefused() {
        RetryPolicy policy = RetryPolicy.ofAttempts(2);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RetryPolicy.ofAttempts(0))
                .withMessage("attempts must be 1 or more, but was 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> policy.backoff(Duration.ofMillis(-1), Duration.ZERO))
                .withMessage("the first backoff must not be negative, but was PT-0.001S");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> policy.backoff(Duration.ofSeconds(2), Duration.ofSeconds(1)))
                .withMessage("the longest backoff must not be less than the first, PT2S, but was PT1S");
        for (double part : new double[] {-0.1, 1.1, Double.NaN}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> policy.jitter(part))
                    .withMessage("jitter must be from 0 to 1, but was " + part);
        }
        assertThatNullPointerException().isThrownBy(() -> policy.when(null));
        assertThatNullPointerException().isThrownBy(() -> policy.bisect((Predicate<Throwable>) null));
        assertThatNullPointerException().isThrownBy(() -> policy.random((Random) null));
        assertThatNullPointerException().isThrownBy(() -> fixture.held().retry(null));
        assertThat(policy.bisect()).hasToString("RetryPolicy[attempts=2, backoff=PT0.1S to PT10S, jitter=0.5, bisect]");
    }
}
