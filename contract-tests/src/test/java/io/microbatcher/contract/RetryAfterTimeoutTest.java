package io.microbatcher.contract;

import static io.microbatcher.contract.Caller.failureOf;
import static io.microbatcher.contract.TroubledFixture.attempts;
import static org.assertj.core.api.Assertions.assertThat;

import io.microbatcher.JobOutcome;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** R7.1, R7.4 and R7.5 where batches have a time limit: the processor may still be at what has timed out. */
class RetryAfterTimeoutTest {
    private static final Duration LIMIT = Duration.ofMillis(50);

    private final BatchesFixture fixture = new BatchesFixture();
    private final IllegalStateException down = new IllegalStateException("backend is down");

    @ParameterizedTest
    @ValueSource(strings = {"alone", "wholeBatch", "bisect"})
    void r7_1_jobsOfABatchThatHasTimedOutAreNotTriedAgain(String company) {
        var batcher = fixture.held()
                .batchSize(2)
                .batchTimeout(LIMIT)
                .retry(
                        switch (company) {
                            case "wholeBatch" -> attempts(5).wholeBatch();
                            case "bisect" -> attempts(5).bisect();
                            default -> attempts(5);
                        })
                .build();
        var jobs = TroubledFixture.submit(batcher, List.of("a", "b"));
        fixture.advanceMillis(50);
        jobs.forEach(job -> assertThat(failureOf(job)).hasCauseInstanceOf(TimeoutException.class));
        fixture.fail(0, down); // too late
        fixture.advanceMillis(10_000);
        assertThat(fixture.sent).hasSize(1);
        assertThat(batcher.stats().jobs(JobOutcome.TIMED_OUT)).isEqualTo(2);
        assertThat(batcher.stats().pending()).isZero();
        assertThat(fixture.time.alarms()).isZero();
    }

    @Test
    void r7_1_aSecondAttemptThatTimesOutIsTheLastAndTellsOfTheFirst() {
        var batcher = fixture.held()
                .batchSize(1)
                .batchTimeout(LIMIT)
                .retry(attempts(5))
                .build();
        var job = batcher.submit("a");
        fixture.fail(0, down);
        fixture.advanceMillis(149);
        assertThat(job).isNotDone();
        fixture.advanceMillis(1);
        assertThat(failureOf(job)).hasCauseInstanceOf(TimeoutException.class).hasSuppressedException(down);
        assertThat(batcher.stats().jobs(JobOutcome.TIMED_OUT)).isEqualTo(1);
    }

    @Test
    void r7_5_aPartOfASearchThatTimesOutBringsTheNextOne() {
        var batcher = fixture.held()
                .batchSize(4)
                .batchTimeout(LIMIT)
                .retry(attempts(1).bisect())
                .build();
        var jobs = TroubledFixture.submit(batcher, List.of("a", "b", "c", "d"));
        fixture.fail(0, down);
        assertThat(fixture.sent).endsWith(List.of("a", "b"));
        jobs.get(1).cancel(false);
        fixture.advanceMillis(50);
        assertThat(failureOf(jobs.get(0))).hasCauseInstanceOf(TimeoutException.class);
        assertThat(fixture.sent).containsExactly(List.of("a", "b", "c", "d"), List.of("a", "b"), List.of("c", "d"));
        fixture.finish(2);
        assertThat(jobs.subList(2, 4).stream().map(CompletableFuture::join)).containsExactly("c!", "d!");
        assertThat(batcher.stats().pending()).isZero();
        assertThat(batcher.drain()).isCompleted();
    }

    @Test
    void r7_4_aStrictLaneGoesOnAfterARetryThatHasTimedOut() {
        var batcher = fixture.held()
                .batchSize(1)
                .partitionBy(job -> job.charAt(0))
                .maxConcurrentBatchesPerKey(1)
                .maxConcurrentBatches(4)
                .batchTimeout(LIMIT)
                .retry(attempts(2))
                .build();
        var jobs = TroubledFixture.submit(batcher, List.of("a1", "a2"));
        fixture.fail(0, down);
        fixture.advanceMillis(100);
        assertThat(fixture.sent).containsExactly(List.of("a1"), List.of("a1"));
        fixture.advanceMillis(50);
        assertThat(failureOf(jobs.get(0))).hasSuppressedException(down);
        assertThat(fixture.sent).endsWith(List.of("a2"));
        fixture.finish(2);
        assertThat(jobs.get(1)).isCompletedWithValue("a2!");
    }
}
