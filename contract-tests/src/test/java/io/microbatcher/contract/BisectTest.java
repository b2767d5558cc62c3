package io.microbatcher.contract;

import static io.microbatcher.contract.TroubledFixture.attempts;
import static org.assertj.core.api.Assertions.assertThat;

import io.microbatcher.DispatchReason;
import io.microbatcher.JobOutcome;
import io.microbatcher.MicroBatcher;
import io.microbatcher.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** R7.5 and R7.6: the search for the jobs that spoil a batch. */
class BisectTest {
    private final TroubledFixture troubled = new TroubledFixture();

    private static List<String> jobs(int count) {
        return IntStream.range(0, count).mapToObj(i -> "j" + i).toList();
    }

    private MicroBatcher<String, String> batcher(RetryPolicy policy, int batchSize) {
        return troubled.with(policy).batchSize(batchSize).build();
    }

    // ---------------------------------------------------------------- R7.5: the search

    @Test
    void r7_5_theJobThatSpoilsABatchFailsAloneAndAllOthersSucceed() {
        troubled.spoils.add("j2");
        MicroBatcher<String, String> batcher = batcher(attempts(1).bisect(), 8);
        List<CompletableFuture<String>> jobs = TroubledFixture.submit(batcher, jobs(8));
        assertThat(troubled.calls)
                .containsExactly(
                        jobs(8),
                        List.of("j0", "j1", "j2", "j3"),
                        List.of("j0", "j1"),
                        List.of("j2", "j3"),
                        List.of("j2"),
                        List.of("j3"),
                        List.of("j4", "j5", "j6", "j7"));
        for (int i = 0; i < 8; i++) {
            if (i == 2) {
                assertThat(Caller.failureOf(jobs.get(i)))
                        .hasCauseInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("job 1 of 1");
            } else {
                assertThat(jobs.get(i)).isCompletedWithValue("j" + i + "!");
            }
        }
        assertThat(batcher.stats().batches(DispatchReason.RETRY)).isEqualTo(6);
        assertThat(batcher.stats().retries()).isEqualTo(4 + 2 + 2 + 1 + 1 + 4);
        assertThat(troubled.retried).containsExactly("1: 8 spoilt", "2: 4 spoilt", "4: 2 spoilt");
    }

    @Test
    void r7_5_aJobThatStandsAloneHasItsAttempts() {
        troubled.spoils.add("j1");
        MicroBatcher<String, String> batcher = batcher(attempts(2).bisect(), 4);
        List<CompletableFuture<String>> jobs = TroubledFixture.submit(batcher, jobs(4));
        assertThat(jobs.get(1)).isNotDone();
        assertThat(jobs.get(3)).isCompletedWithValue("j3!");
        troubled.advanceMillis(99);
        assertThat(troubled.calls).doesNotHaveDuplicates();
        troubled.advanceMillis(1);
        assertThat(troubled.calls).endsWith(List.of("j1"));
        assertThat(Caller.failureOf(jobs.get(1))).hasMessageEndingWith("it was tried 2 times");
    }

    @Test
    void r7_5_aFailureThatIsNotWorthASearchFailsTheBatchAsAWhole() {
        troubled.spoils.add("j1");
        MicroBatcher<String, String> batcher =
                batcher(attempts(2).when(failure -> false).bisect(), 4);
        List<CompletableFuture<String>> jobs = TroubledFixture.submit(batcher, jobs(4));
        assertThat(jobs).allMatch(CompletableFuture::isCompletedExceptionally);
        assertThat(troubled.calls).hasSize(1);
    }

    @Test
    void r7_5_whatIsWorthASearchNeedNotBeWorthAnotherAttempt() {
        troubled.spoils.add("j1");
        MicroBatcher<String, String> batcher =
                batcher(attempts(2).when(failure -> false).bisect(failure -> true), 4);
        List<CompletableFuture<String>> jobs = TroubledFixture.submit(batcher, jobs(4));
        assertThat(jobs).allMatch(CompletableFuture::isDone);
        assertThat(jobs).filteredOn(CompletableFuture::isCompletedExceptionally).containsExactly(jobs.get(1));
    }

    @Test
    void r7_5_whatIsWorthAnotherAttemptNeedNotBeWorthASearch() {
        troubled.isDown = true;
        MicroBatcher<String, String> batcher = batcher(attempts(2).bisect(failure -> false), 4);
        List<CompletableFuture<String>> jobs = TroubledFixture.submit(batcher, jobs(4));
        troubled.isDown = false;
        troubled.advanceMillis(100);
        assertThat(troubled.calls).containsExactly(jobs(4), jobs(4));
        assertThat(jobs).allMatch(job -> !job.isCompletedExceptionally());
    }

    @Test
    void r7_5_aJobThatIsTakenBackDuringTheSearchIsLeftOut() {
        troubled.spoils.add("j0");
        BatchesFixture fixture = new BatchesFixture();
        MicroBatcher<String, String> batcher =
                fixture.held().batchSize(8).retry(attempts(1).bisect()).build();
        List<CompletableFuture<String>> jobs = TroubledFixture.submit(batcher, jobs(8));
        fixture.fail(0, new IllegalStateException("spoilt"));
        jobs.subList(4, 8).forEach(job -> job.cancel(false)); // the half that is parked
        jobs.get(1).cancel(false); // one that is in flight
        fixture.fail(1, new IllegalStateException("spoilt"));
        assertThat(fixture.sent).endsWith(List.of("j0", "j2"));
        fixture.fail(2, new IllegalStateException("spoilt"));
        fixture.fail(3, new IllegalStateException("spoilt"));
        fixture.finish(4);
        fixture.finish(5);
        assertThat(fixture.sent)
                .endsWith(List.of("j0"), List.of("j2"), List.of("j3"))
                .hasSize(6);
        assertThat(batcher.stats().jobs(JobOutcome.CANCELLED)).isEqualTo(5);
        assertThat(batcher.stats().pending()).isZero();
    }

    @Test
    void r7_5_theSearchGoesOnWhenThePartThatIsNextIsTakenBackAsAWhole() {
        BatchesFixture fixture = new BatchesFixture();
        MicroBatcher<String, String> batcher =
                fixture.held().batchSize(4).retry(attempts(1).bisect()).build();
        List<CompletableFuture<String>> jobs = TroubledFixture.submit(batcher, jobs(4));
        TroubledFixture.submit(batcher, List.of("x0", "x1", "x2", "x3", "y0", "y1", "y2", "y3"));
        fixture.fail(0, new IllegalStateException("spoilt"));
        fixture.fail(1, new IllegalStateException("spoilt")); // and then new jobs have their turn
        assertThat(fixture.sent).endsWith(List.of("j0", "j1"), List.of("x0", "x1", "x2", "x3"));
        jobs.get(0).cancel(false); // was to be tried alone
        fixture.finish(2);
        assertThat(fixture.sent).endsWith(List.of("j1"));
        fixture.finish(3);
        fixture.finish(4);
        fixture.finish(5);
        assertThat(fixture.sent).endsWith(List.of("y0", "y1", "y2", "y3"), List.of("j2", "j3"));
        assertThat(batcher.stats().pending()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 7, 16, 33, 100, 500})
    void r7_5_forPSpoilersOfNJobsItTakesNoMoreThanTwicePTimesTheLogarithmOfN(int n) {
        int log = Integer.SIZE - Integer.numberOfLeadingZeros(n - 1);
        for (int seed = 0; seed < 60; seed++) {
            Random random = new Random(seed * 1_000L + n);
            TroubledFixture mine = new TroubledFixture();
            int spoilers = 1 + random.nextInt(Math.max(1, Math.min(5, n / 4)));
            Set<Integer> positions = new HashSet<>();
            while (positions.size() < spoilers) {
                positions.add(random.nextInt(n));
            }
            positions.forEach(position -> mine.spoils.add("j" + position));
            MicroBatcher<String, String> batcher =
                    mine.with(attempts(1).bisect()).batchSize(n).build();
            List<CompletableFuture<String>> jobs = TroubledFixture.submit(batcher, jobs(n));
            for (int i = 0; i < n; i++) {
                assertThat(jobs.get(i).isDone()).isTrue();
                assertThat(jobs.get(i).isCompletedExceptionally())
                        .as("job %s of %s with spoilers %s, seed %s", i, n, positions, seed)
                        .isEqualTo(positions.contains(i));
            }
            assertThat(mine.calls.size() - 1)
                    .as("calls after the first for %s of %s, seed %s", spoilers, n, seed)
                    .isLessThanOrEqualTo(2 * spoilers * log);
            assertThat(batcher.stats().pending()).isZero();
        }
    }

    @Test
    void r7_5_aPartIsProcessedBeforeTheOneAfterItSoThatOrderIsKept() {
        for (int seed = 0; seed < 60; seed++) {
            Random random = new Random(seed);
            TroubledFixture mine = new TroubledFixture();
            List<String> all = jobs(24);
            all.stream().filter(job -> random.nextInt(12) == 0).forEach(mine.spoils::add);
            TroubledFixture.submit(mine.with(attempts(1).bisect()).batchSize(24).build(), all);
            List<String> processed = new ArrayList<>();
            mine.calls.stream()
                    .filter(call -> call.stream().noneMatch(mine.spoils::contains))
                    .forEach(processed::addAll);
            List<String> innocent =
                    all.stream().filter(job -> !mine.spoils.contains(job)).toList();
            assertThat(processed).as("seed %s", seed).isEqualTo(innocent);
        }
    }

    // ---------------------------------------------------------------- R7.6: a backend that is down

    @ParameterizedTest
    @ValueSource(ints = {8, 100, 1_000})
    void r7_6_aBackendThatIsDownIsRecognisedAfterAFewCalls(int n) {
        troubled.isDown = true;
        MicroBatcher<String, String> batcher = batcher(attempts(2).bisect(), n);
        List<CompletableFuture<String>> jobs = TroubledFixture.submit(batcher, jobs(n));
        int log = Integer.SIZE - Integer.numberOfLeadingZeros(n - 1);
        assertThat(troubled.calls).hasSize(log + 4);
        assertThat(jobs).noneMatch(CompletableFuture::isDone);
        assertThat(batcher.stats().toRetry()).isEqualTo(n);
        troubled.isDown = false;
        troubled.advanceMillis(100);
        assertThat(jobs).allMatch(job -> job.isDone() && !job.isCompletedExceptionally());
        assertThat(troubled.calls.size()).isLessThan(log + 4 + 5); // those that stood alone, and all the others
    }

    @Test
    void r7_6_aBackendThatStaysDownFailsAllWithTheirLastFailure() {
        troubled.isDown = true;
        MicroBatcher<String, String> batcher = batcher(attempts(2).bisect(), 100);
        List<CompletableFuture<String>> jobs = TroubledFixture.submit(batcher, jobs(100));
        troubled.advanceMillis(100);
        assertThat(jobs)
                .allSatisfy(job -> assertThat(Caller.failureOf(job))
                        .hasCauseInstanceOf(IllegalStateException.class)
                        .hasMessageEndingWith("it was tried 2 times"));
        assertThat(troubled.calls.size()).isLessThan(2 * 11 + 5);
        assertThat(batcher.stats().jobs(JobOutcome.FAILED)).isEqualTo(100);
        assertThat(batcher.stats().pending()).isZero();
        assertThat(batcher.stats().toRetry()).isZero();
    }

    @Test
    void r7_6_withoutFurtherAttemptsAllFailAtOnce() {
        troubled.isDown = true;
        MicroBatcher<String, String> batcher = batcher(attempts(1).bisect(), 64);
        List<CompletableFuture<String>> jobs = TroubledFixture.submit(batcher, jobs(64));
        assertThat(jobs).allMatch(CompletableFuture::isCompletedExceptionally);
        assertThat(troubled.calls).hasSize(6 + 4);
        assertThat(Caller.failureOf(jobs.get(63))).hasMessageContaining("so many parts of it in a row");
        assertThat(batcher.stats().pending()).isZero();
    }

    @Test
    void r7_6_aBackendThatGoesDownDuringTheSearchIsRecognisedLater() {
        troubled.spoils.add("j511");
        MicroBatcher<String, String> batcher = MicroBatcher.builder((List<String> jobs) -> {
                    troubled.calls.add(jobs);
                    if (jobs.contains("j511") || troubled.calls.size() > 3) {
                        throw new IllegalStateException("down");
                    }
                    return jobs;
                })
                .batchSize(512)
                .batchCycle(Duration.ofMillis(10))
                .timer(troubled.time)
                .executor(Runnable::run)
                .retry(attempts(1).bisect())
                .build();
        TroubledFixture.submit(batcher, jobs(512));
        assertThat(batcher.stats().jobs(JobOutcome.SUCCEEDED)).isEqualTo(256);
        assertThat(batcher.stats().pending()).isZero();
        assertThat(troubled.calls.size()).isBetween(4 * (9 + 4), 4 * (9 + 4) + 3);
    }

    @Test
    void r7_6_jobsHaveToBearTheirDeadlineWhileTheirPartWaits() {
        BatchesFixture fixture = new BatchesFixture();
        MicroBatcher<String, String> batcher = fixture.held()
                .batchSize(4)
                .jobTimeout(Duration.ofMillis(50))
                .retry(attempts(1).bisect())
                .build();
        List<CompletableFuture<String>> jobs = TroubledFixture.submit(batcher, jobs(4));
        fixture.fail(0, new IllegalStateException("spoilt"));
        fixture.advanceMillis(50);
        assertThat(jobs).allMatch(CompletableFuture::isCompletedExceptionally);
        fixture.finish(1);
        assertThat(fixture.sent).hasSize(2);
        assertThat(batcher.stats().jobs(JobOutcome.TIMED_OUT)).isEqualTo(4);
    }
}
