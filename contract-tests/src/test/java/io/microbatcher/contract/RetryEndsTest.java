package io.microbatcher.contract;

import static io.microbatcher.contract.TroubledFixture.attempts;
import static org.assertj.core.api.Assertions.assertThat;

import io.microbatcher.BatcherClosedException;
import io.microbatcher.BatcherStats;
import io.microbatcher.JobFailedException;
import io.microbatcher.JobOutcome;
import io.microbatcher.MicroBatcher;
import io.microbatcher.RetryPolicy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** R7.7: whatever happens to a job that waits to be tried again. */
class RetryEndsTest {
    private final BatchesFixture fixture = new BatchesFixture();
    private final IllegalStateException down = new IllegalStateException("backend is down");

    private MicroBatcher<String, String> held(RetryPolicy policy) {
        return fixture.held().batchSize(2).retry(policy).build();
    }

    private static RetryPolicy policy(String company) {
        return switch (company) {
            case "wholeBatch" -> attempts(3).wholeBatch();
            case "bisect" -> attempts(3).bisect(failure -> false);
            default -> attempts(3);
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"alone", "wholeBatch", "bisect"})
    void r7_7_aJobThatIsCancelledDuringItsBackoffIsNotTriedAgainAndItsNeighboursAre(String company) {
        MicroBatcher<String, String> batcher = held(policy(company));
        List<CompletableFuture<String>> jobs = TroubledFixture.submit(batcher, List.of("a", "b"));
        fixture.fail(0, down);
        assertThat(jobs.get(0).cancel(false)).isTrue();
        assertThat(batcher.stats().toRetry()).isEqualTo(1);
        fixture.advanceMillis(100);
        assertThat(fixture.sent).endsWith(List.of("b"));
        fixture.finish(1);
        assertThat(jobs.get(1)).isCompletedWithValue("b!");
    }

    @ParameterizedTest
    @ValueSource(strings = {"alone", "wholeBatch", "bisect"})
    void r7_7_whenAllAreCancelledNoBatchIsSent(String company) {
        MicroBatcher<String, String> batcher = held(policy(company));
        List<CompletableFuture<String>> jobs = TroubledFixture.submit(batcher, List.of("a", "b"));
        fixture.fail(0, down);
        jobs.forEach(job -> job.cancel(false));
        assertThat(batcher.stats().pending()).isZero();
        fixture.advanceMillis(1_000);
        assertThat(fixture.sent).hasSize(1);
        assertThat(fixture.time.alarms()).isZero();
    }

    @Test
    void r7_7_aJobThatIsCancelledWhileItWaitsForASlotIsNotTriedAgain() {
        MicroBatcher<String, String> batcher = held(attempts(2).wholeBatch());
        List<CompletableFuture<String>> jobs = TroubledFixture.submit(batcher, List.of("a", "b", "c", "d"));
        fixture.fail(0, down);
        fixture.advanceMillis(100); // due, and c and d have the slot
        jobs.get(0).cancel(false);
        fixture.finish(1);
        assertThat(fixture.sent).endsWith(List.of("b"));
    }

    @Test
    void r7_7_anInterruptedCallerTakesItsJobBackDuringTheBackoff() throws Exception {
        MicroBatcher<String, String> batcher =
                fixture.held().batchSize(1).retry(attempts(2)).build();
        AtomicReference<Thread> caller = new AtomicReference<>();
        CountDownLatch started = new CountDownLatch(1);
        CompletableFuture<Void> run = Caller.elsewhere(() -> {
            caller.set(Thread.currentThread());
            started.countDown();
            batcher.run("a");
        });
        Caller.await(started);
        Awaitility.await().atMost(Caller.PATIENCE).until(() -> fixture.sent.size() == 1);
        fixture.fail(0, down);
        caller.get().interrupt();
        assertThat(Caller.failureOf(run)).isInstanceOf(InterruptedException.class);
        assertThat(batcher.stats().jobs(JobOutcome.CANCELLED)).isEqualTo(1);
        fixture.advanceMillis(1_000);
        assertThat(fixture.sent).hasSize(1);
    }

    @Test
    void r7_7_flushDoesNotShortenABackoff() {
        MicroBatcher<String, String> batcher = held(attempts(2));
        batcher.submit("a");
        batcher.submit("b");
        fixture.fail(0, down);
        batcher.flush();
        fixture.advanceMillis(99);
        assertThat(fixture.sent).hasSize(1);
        fixture.advanceMillis(1);
        assertThat(fixture.sent).hasSize(2);
    }

    @Test
    void r2_6_drainWaitsForRetries() {
        MicroBatcher<String, String> batcher = held(attempts(3));
        TroubledFixture.submit(batcher, List.of("a", "b"));
        CompletableFuture<Void> asked = batcher.drain(); // while they are in flight
        fixture.fail(0, down);
        CompletableFuture<Void> during = batcher.drain(); // while they back off
        fixture.advanceMillis(100);
        CompletableFuture<Void> again = batcher.drain();
        fixture.fail(1, down);
        assertThat(List.of(asked, during, again)).noneMatch(CompletableFuture::isDone);
        fixture.advanceMillis(200);
        fixture.finish(2);
        assertThat(List.of(asked, during, again)).allMatch(CompletableFuture::isDone);
    }

    @Test
    void r2_6_drainWaitsForEveryPartOfABatchThatIsSplit() {
        MicroBatcher<String, String> batcher =
                fixture.held().batchSize(4).retry(attempts(1).bisect()).build();
        TroubledFixture.submit(batcher, List.of("a", "b", "c", "d"));
        fixture.fail(0, down);
        CompletableFuture<Void> drained = batcher.drain();
        fixture.finish(1);
        assertThat(drained).isNotDone();
        fixture.finish(2);
        assertThat(drained).isDone();
    }

    @Test
    void r7_7_closeWaitsForRetriesAndLeavesThemTheirBackoff() {
        MicroBatcher<String, String> batcher = held(attempts(3));
        List<CompletableFuture<String>> jobs = TroubledFixture.submit(batcher, List.of("a", "b"));
        fixture.fail(0, down);
        CompletableFuture<Void> closed = batcher.shutdown();
        fixture.advanceMillis(99);
        assertThat(fixture.sent).hasSize(1);
        assertThat(closed).isNotDone();
        fixture.advanceMillis(1);
        fixture.fail(1, down); // and that is tried again, too
        fixture.advanceMillis(200);
        assertThat(closed).isNotDone();
        fixture.finish(2);
        assertThat(jobs.get(0)).isCompletedWithValue("a!");
        assertThat(closed).isDone();
    }

    @ParameterizedTest
    @ValueSource(strings = {"alone", "wholeBatch", "bisect"})
    void r7_7_shutdownNowEndsWhatBacksOffAndReturnsOnlyWhatNoProcessorHasSeen(String company) {
        MicroBatcher<String, String> batcher = held(policy(company));
        List<CompletableFuture<String>> jobs = TroubledFixture.submit(batcher, List.of("a", "b", "c"));
        fixture.fail(0, down);
        assertThat(batcher.shutdownNow()).containsExactly("c");
        assertThat(jobs)
                .extracting(Caller::failureOf)
                .allSatisfy(failure -> assertThat(failure).isInstanceOf(BatcherClosedException.class));
        assertThat(Caller.failureOf(jobs.get(0)))
                .hasMessageContaining("tried again")
                .hasSuppressedException(down);
        assertThat(batcher.stats().jobs(JobOutcome.ABANDONED)).isEqualTo(3);
        assertThat(batcher.shutdown()).isDone();
        fixture.advanceMillis(1_000);
        assertThat(fixture.sent).hasSize(1);
    }

    @Test
    void r7_7_shutdownNowEndsWhatIsDueAndWhatIsParked() {
        MicroBatcher<String, String> batcher =
                fixture.held().batchSize(4).retry(attempts(2).bisect()).build();
        List<CompletableFuture<String>> jobs =
                TroubledFixture.submit(batcher, List.of("a", "b", "c", "d", "e", "f", "g", "h"));
        fixture.fail(0, down); // its first half is tried before new jobs
        assertThat(fixture.sent).endsWith(List.of("a", "b"));
        assertThat(batcher.shutdownNow()).containsExactly("e", "f", "g", "h");
        assertThat(jobs.get(2)).isCompletedExceptionally();
        assertThat(jobs.get(0)).isCompletedExceptionally(); // its stage was cancelled, and is not tried again
        assertThat(batcher.stats().pending()).isZero();
        assertThat(fixture.sent).hasSize(2);
        assertThat(batcher.shutdown()).isDone();
    }

    @Test
    void r7_7_whatFailsAfterShutdownNowIsNotTriedAgain() {
        MicroBatcher<String, String> batcher = held(attempts(3));
        List<CompletableFuture<String>> jobs = TroubledFixture.submit(batcher, List.of("a", "b"));
        assertThat(batcher.shutdownNow()).isEmpty(); // cancels the stage
        assertThat(jobs)
                .extracting(Caller::failureOf)
                .allSatisfy(failure -> assertThat(failure)
                        .isInstanceOf(JobFailedException.class)
                        .hasCauseInstanceOf(CancellationException.class));
        assertThat(batcher.stats().toRetry()).isZero();
    }

    @Test
    void r7_7_aJobEndsByItsDeadlineDuringTheSearchAndTheSearchGoesOn() {
        MicroBatcher<String, String> batcher = fixture.held()
                .batchSize(2)
                .batchCycle(Duration.ofSeconds(1))
                .maxConcurrentBatches(1)
                .jobTimeout(Duration.ofMillis(100))
                .retry(attempts(1).bisect())
                .build();
        CompletableFuture<String> early = batcher.submit("a");
        fixture.advanceMillis(50);
        CompletableFuture<String> late = batcher.submit("b");
        TroubledFixture.submit(batcher, List.of("x", "y"));
        fixture.fail(0, down);
        fixture.advanceMillis(50);
        assertThat(Caller.failureOf(early)).hasCauseInstanceOf(TimeoutException.class);
        fixture.finish(1); // a, which nobody waits for any more
        fixture.finish(2);
        fixture.finish(3);
        assertThat(late).isCompletedWithValue("b!");
    }

    @Test
    void r7_8_pendingAndWaitingCountWhatBacksOffAndItHasItsOwnCount() {
        MicroBatcher<String, String> batcher = held(attempts(2));
        TroubledFixture.submit(batcher, List.of("a", "b", "c"));
        fixture.fail(0, down);
        BatcherStats stats = batcher.stats();
        assertThat(stats.pending()).isEqualTo(3);
        assertThat(stats.waiting()).isEqualTo(3);
        assertThat(stats.toRetry()).isEqualTo(2);
        assertThat(stats.inFlight()).isZero();
        assertThat(stats.accepted()).isEqualTo(3);
        assertThat(stats.retries()).isZero();
        assertThat(stats.toString()).contains("waiting=3, toRetry=2");
        fixture.advanceMillis(100);
        fixture.finish(1);
        fixture.advanceMillis(100);
        fixture.finish(2);
        assertThat(batcher.stats().retries()).isEqualTo(2);
        assertThat(batcher.stats().toRetry()).isZero();
        assertThat(batcher.stats().pending()).isZero();
    }
}
