package io.microbatcher.contract;

import static io.microbatcher.contract.BatchesFixture.FOR_EVER;
import static io.microbatcher.contract.Caller.failureOf;
import static io.microbatcher.contract.ThreadContext.as;
import static io.microbatcher.contract.ThreadContext.here;
import static io.microbatcher.contract.TroubledFixture.attempts;
import static org.assertj.core.api.Assertions.assertThat;

import io.microbatcher.BatchProcessor;
import io.microbatcher.BatcherStats;
import io.microbatcher.Coalescing;
import io.microbatcher.JobContexts;
import io.microbatcher.JobFailedException;
import io.microbatcher.JobOutcome;
import io.microbatcher.MicroBatcher;
import io.microbatcher.RetryPolicy;
import io.microbatcher.test.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** R8.1 to R8.5 in the company of a bisection, a time limit of batches, and contexts. */
class CoalescedCompanyTest {
    private static final Duration LIMIT = Duration.ofMillis(50);

    private final BatchesFixture fixture = new BatchesFixture();
    private final TroubledFixture troubled = new TroubledFixture();
    private final VirtualTime time = new VirtualTime();
    private final ThreadContext context = new ThreadContext();

    private static Object key(String job) {
        return job.charAt(0);
    }

    @AfterEach
    void noContextIsLeft() {
        assertThat(context.closed).hasValue(context.restored.get());
        ThreadContext.set(null);
    }

    // ---------------------------------------------------------------- bisect

    @Test
    void r8_1_theJobThatSpoilsABatchFailsAllItsCallersAndNobodyElse() {
        troubled.spoils.add("a1");
        var batcher = troubled.with(attempts(1).bisect())
                .batchSize(3)
                .coalesceBy(CoalescedCompanyTest::key)
                .build();
        var jobs = TroubledFixture.submit(batcher, List.of("a1", "a2", "b1", "b2", "c1"));
        assertThat(troubled.calls)
                .containsExactly(
                        List.of("a1", "b1", "c1"), List.of("a1", "b1"), List.of("a1"), List.of("b1"), List.of("c1"));
        Throwable first = failureOf(jobs.get(0));
        Throwable second = failureOf(jobs.get(1));
        assertThat(first).isInstanceOf(JobFailedException.class).isNotSameAs(second);
        assertThat(second).isInstanceOf(JobFailedException.class).hasCause(first.getCause());
        assertThat(jobs.subList(2, 5).stream().map(CompletableFuture::join)).containsExactly("b1!", "b1!", "c1!");
        assertThat(batcher.stats().jobs(JobOutcome.FAILED)).isEqualTo(2);
        assertThat(batcher.stats().pending()).isZero();
    }

    @Test
    void r8_2_theFirstCallerOfAParkedPartGoesAndTheNextIsAskedFor() {
        var batcher = fixture.held()
                .batchSize(9)
                .batchCycle(FOR_EVER)
                .coalesceBy(CoalescedCompanyTest::key)
                .retry(attempts(1).bisect())
                .build();
        var jobs = TroubledFixture.submit(batcher, List.of("a1", "b1", "b2"));
        batcher.flush();
        fixture.fail(0, new IllegalStateException("spoilt"));
        jobs.get(1).cancel(false);
        assertThat(batcher.stats().toRetry()).isEqualTo(1);
        fixture.finish(1);
        fixture.finish(2);
        assertThat(fixture.sent).containsExactly(List.of("a1", "b1"), List.of("a1"), List.of("b2"));
        assertThat(jobs.get(2)).isCompletedWithValue("b2!");
    }

    @Test
    void r8_1_aSearchThatIsGivenUpEndsEveryCaller() {
        troubled.isDown = true;
        var batcher = troubled.with(attempts(1).bisect())
                .batchSize(16)
                .coalesceBy(CoalescedCompanyTest::key)
                .build();
        List<CompletableFuture<String>> jobs = new ArrayList<>();
        for (char letter = 'a'; letter < 'q'; letter++) {
            jobs.addAll(TroubledFixture.submit(
                    batcher, letter == 'p' ? List.of("p1") : List.of(letter + "1", letter + "2")));
        }
        assertThat(troubled.calls).hasSize(4 + 4);
        assertThat(jobs.stream().map(Caller::failureOf).distinct())
                .hasSize(31)
                .allMatch(failure -> failure instanceof JobFailedException
                        && failure.getCause().getMessage().equals("down"));
        BatcherStats stats = batcher.stats();
        assertThat(stats.jobs(JobOutcome.FAILED)).isEqualTo(31);
        assertThat(stats.pending()).isZero();
        assertThat(stats.toRetry()).isZero();
        assertThat(batcher.drain()).isCompleted();
    }

    // ---------------------------------------------------------------- batchTimeout

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void r8_5_aBatchThatTimesOutEndsEachCallerOnceAndIsNotTriedAgain(boolean retries) {
        var builder = fixture.held()
                .batchSize(9)
                .batchCycle(FOR_EVER)
                .batchTimeout(LIMIT)
                .coalesceBy(CoalescedCompanyTest::key, Coalescing.JOIN_IN_FLIGHT);
        var batcher = (retries ? builder.retry(attempts(5)) : builder).build();
        var jobs = TroubledFixture.submit(batcher, List.of("a1", "a2", "a3", "b1"));
        batcher.flush();
        var joined = batcher.submit("b2");
        jobs.get(1).cancel(false);
        fixture.advanceMillis(50);
        var owed = List.of(jobs.get(0), jobs.get(2), jobs.get(3), joined);
        assertThat(owed.stream().map(Caller::failureOf).distinct())
                .hasSize(4)
                .allSatisfy(failure -> assertThat(failure).hasCauseInstanceOf(TimeoutException.class));
        BatcherStats stats = batcher.stats();
        assertThat(stats.jobs(JobOutcome.TIMED_OUT)).isEqualTo(4);
        assertThat(stats.jobs(JobOutcome.CANCELLED)).isEqualTo(1);
        assertThat(stats.pending()).isZero();
        assertThat(batcher.drain()).isCompleted();
        fixture.finish(0);
        fixture.advanceMillis(10_000);
        assertThat(fixture.sent).hasSize(1);
        var later = batcher.submit("a4"); // asked anew
        batcher.flush();
        fixture.finish(1);
        assertThat(later).isCompletedWithValue("a4!");
    }

    // ---------------------------------------------------------------- context

    /** Submits a job as its own caller; notes what its callback sees. */
    private CompletableFuture<String> submit(MicroBatcher<String, String> batcher, String job, List<String> seen) {
        CompletableFuture<String> future = as(job, () -> batcher.submit(job));
        future.whenComplete((result, failure) -> seen.add(job + " in " + here()));
        return future;
    }

    @Test
    void r8_1_eachCallersCallbackRunsInItsOwnContextAndTheBatchSeesThatOfTheOneThatItIsAskedWith() {
        List<String> contexts = new ArrayList<>();
        List<String> seen = new ArrayList<>();
        boolean[] isDown = {true};
        var batcher = MicroBatcher.builder((BatchProcessor<String, String>) jobs -> {
                    for (int i = 0; i < jobs.size(); i++) {
                        contexts.add(
                                jobs.get(i) + " in " + JobContexts.current().get(i));
                    }
                    if (isDown[0]) {
                        throw new IllegalStateException("down");
                    }
                    return jobs;
                })
                .batchSize(9)
                .batchCycle(FOR_EVER)
                .timer(time)
                .executor(Runnable::run)
                .context(context)
                .coalesceBy(CoalescedCompanyTest::key)
                .retry(attempts(2))
                .build();
        submit(batcher, "b1", seen).cancel(false);
        var first = submit(batcher, "a1", seen);
        submit(batcher, "a2", seen);
        submit(batcher, "b2", seen);
        submit(batcher, "b3", seen);
        batcher.flush();
        first.cancel(false);
        isDown[0] = false;
        time.advance(Duration.ofMillis(100));
        assertThat(contexts).containsExactly("a1 in a1", "b2 in b2", "a2 in a2", "b2 in b2");
        assertThat(seen).containsExactly("b1 in b1", "a1 in a1", "a2 in a2", "b2 in b2", "b3 in b3");
        assertThat(here()).isNull();
    }

    @Test
    void r8_1_whoseBatchTimesOutLearnsItInItsOwnContext() {
        List<String> seen = new ArrayList<>();
        var batcher = fixture.held()
                .batchSize(9)
                .batchCycle(FOR_EVER)
                .batchTimeout(LIMIT)
                .context(context)
                .coalesceBy(CoalescedCompanyTest::key)
                .build();
        submit(batcher, "a1", seen);
        submit(batcher, "a2", seen);
        batcher.flush();
        fixture.advanceMillis(50);
        assertThat(seen).containsExactly("a1 in a1", "a2 in a2");
    }

    // ---------------------------------------------------------------- all of it

    @ParameterizedTest
    @ValueSource(strings = {"alone", "wholeBatch", "bisect"})
    void r8_5_everyCallersJobEndsOnceWhateverFailsAndWhoeverGoes(String company) {
        RetryPolicy policy = RetryPolicy.ofAttempts(3).backoff(Duration.ofNanos(50_000), Duration.ofMillis(1));
        boolean inFlight = !company.equals("wholeBatch");
        var batcher = MicroBatcher.builder(BatchProcessor.<Integer, Integer>streaming((jobs, answers) -> {
                    ThreadLocalRandom random = ThreadLocalRandom.current();
                    for (int i = 0; i < jobs.size(); i++) {
                        int chance = random.nextInt(40);
                        if (chance == 0) {
                            throw new IllegalStateException("all that are left");
                        } else if (chance < 4) {
                            answers.fail(i, new IllegalArgumentException("alone"));
                        } else {
                            answers.complete(i, -jobs.get(i));
                        }
                    }
                }))
                .batchSize(8)
                .maxConcurrentBatches(3)
                .maxPending(200)
                .maxBatchWeight(10, job -> job % 4)
                .maxPendingWeight(500)
                .jobTimeout(Duration.ofSeconds(20))
                .batchTimeout(Duration.ofSeconds(20))
                .context(context)
                .partitionBy(job -> job % 3)
                .maxConcurrentBatchesPerKey(company.equals("alone") ? 3 : 1)
                .coalesceBy(job -> job / 10, inFlight ? Coalescing.JOIN_IN_FLIGHT : Coalescing.JOIN_WAITING)
                .retry(
                        switch (company) {
                            case "wholeBatch" -> policy.wholeBatch();
                            case "bisect" -> policy.bisect();
                            default -> policy;
                        })
                .build();
        ConcurrentLinkedQueue<CompletableFuture<Integer>> all = new ConcurrentLinkedQueue<>();
        List<CompletableFuture<Void>> producers = new ArrayList<>();
        for (int t = 0; t < 3; t++) {
            producers.add(Caller.elsewhere(() -> {
                ThreadLocalRandom random = ThreadLocalRandom.current();
                for (int i = 0; i < 4_000; i++) {
                    CompletableFuture<Integer> job = batcher.submit(random.nextInt(1, 200));
                    all.add(job);
                    if (random.nextInt(5) == 0) {
                        job.cancel(false);
                    }
                    if (random.nextInt(500) == 0) {
                        batcher.drain();
                    }
                }
            }));
        }
        producers.forEach(Caller::resultOf);
        Caller.resultOf(batcher.shutdown());
        BatcherStats stats = batcher.stats();
        assertThat(all).hasSize(12_000).allMatch(CompletableFuture::isDone);
        assertThat(stats.accepted()).isEqualTo(12_000);
        assertThat(stats.pending()).isZero();
        assertThat(stats.toRetry()).isZero();
        assertThat(stats.retries()).isPositive();
        assertThat(stats.coalesced()).isPositive();
        assertThat(stats.jobs(JobOutcome.SUCCEEDED))
                .isEqualTo(all.stream()
                        .filter(job -> !job.isCompletedExceptionally())
                        .count());
    }
}
