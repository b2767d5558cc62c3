package io.microbatcher.contract;

import static io.microbatcher.contract.TroubledFixture.attempts;
import static org.assertj.core.api.Assertions.assertThat;

import io.microbatcher.MicroBatcher;
import io.microbatcher.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** R7.4: the order of a lane, and turns. A job is its key's letter and a number. */
class RetryOrderTest {
    private static final Duration BACKOFF = Duration.ofMillis(100);

    private final BatchesFixture fixture = new BatchesFixture();
    private final TroubledFixture troubled = new TroubledFixture();
    private final IllegalStateException down = new IllegalStateException("backend is down");

    private MicroBatcher.Builder<String, String> strict(RetryPolicy policy) {
        return troubled.with(policy)
                .batchSize(2)
                .partitionBy(job -> job.charAt(0))
                .maxConcurrentBatchesPerKey(1)
                .maxConcurrentBatches(4);
    }

    @Test
    void r7_4_aRetriedJobGoesBeforeThoseThatCameAfterIt() {
        MicroBatcher<String, String> batcher =
                fixture.held().batchSize(2).retry(attempts(2)).build();
        TroubledFixture.submit(batcher, List.of("a1", "a2"));
        fixture.fail(0, down);
        TroubledFixture.submit(batcher, List.of("a3", "a4", "a5", "a6", "a7"));
        fixture.advanceMillis(100);
        fixture.finish(1);
        assertThat(fixture.sent).containsExactly(List.of("a1", "a2"), List.of("a3", "a4"), List.of("a1", "a2"));
    }

    @Test
    void r7_4_jobsThatAreTriedAgainKeepTheirOrderAmongEachOther() {
        for (String job : List.of("a1", "a3", "a4", "a6")) {
            troubled.failsAlone.put(job, 1);
        }
        MicroBatcher<String, String> batcher =
                troubled.with(attempts(2)).batchSize(3).build();
        TroubledFixture.submit(batcher, List.of("a1", "a2", "a3", "a4", "a5", "a6"));
        troubled.advanceMillis(100);
        assertThat(troubled.calls)
                .containsExactly(
                        List.of("a1", "a2", "a3"), List.of("a4", "a5", "a6"), List.of("a1", "a3", "a4"), List.of("a6"));
    }

    @Test
    void r7_4_inAStrictLaneWhatComesLaterWaitsForTheEndOfTheBackoff() {
        troubled.failsAlone.put("a1", 2);
        MicroBatcher<String, String> batcher = strict(attempts(3)).build();
        TroubledFixture.submit(batcher, List.of("a1", "a2", "a3", "a4", "b1", "b2"));
        assertThat(troubled.calls).containsExactly(List.of("a1", "a2"), List.of("b1", "b2")); // b waits for nobody
        batcher.flush();
        troubled.advanceMillis(99);
        assertThat(troubled.calls).hasSize(2);
        troubled.advanceMillis(1);
        assertThat(troubled.calls).endsWith(List.of("a1", "a3")); // a1 fails again
        troubled.advanceMillis(200);
        assertThat(troubled.calls).endsWith(List.of("a1", "a3"), List.of("a1", "a4"));
        assertThat(batcher.stats().pending()).isZero();
    }

    @Test
    void r7_4_aStrictLaneGoesOnWhenTheJobThatItWaitsForIsTakenBack() {
        troubled.failsAlone.put("a1", 2);
        MicroBatcher<String, String> batcher = strict(attempts(3)).build();
        CompletableFuture<String> first = batcher.submit("a1");
        TroubledFixture.submit(batcher, List.of("a2", "a3", "a4"));
        assertThat(troubled.calls).containsExactly(List.of("a1", "a2"));
        first.cancel(false);
        assertThat(troubled.calls).endsWith(List.of("a3", "a4"));
    }

    @Test
    void r7_4_aStrictLaneGoesOnWhenTheJobThatItWaitsForTimesOut() {
        MicroBatcher<String, String> batcher = fixture.held()
                .batchSize(1)
                .partitionBy(job -> job.charAt(0))
                .maxConcurrentBatchesPerKey(1)
                .jobTimeout(Duration.ofMillis(150))
                .retry(attempts(2))
                .build();
        CompletableFuture<String> first = batcher.submit("a1");
        fixture.fail(0, down);
        fixture.advanceMillis(60);
        batcher.submit("b1"); // keeps the only slot
        fixture.advanceMillis(60);
        batcher.submit("a2");
        fixture.advanceMillis(30); // a1 was due since 100
        assertThat(first).isCompletedExceptionally();
        fixture.finish(1);
        assertThat(fixture.sent).containsExactly(List.of("a1"), List.of("b1"), List.of("a2"));
    }

    /** In a strict lane no job is answered before one that was accepted earlier, unless that one failed for good. */
    @Test
    void r7_4_strictOrderHoldsThroughRetriesOfEveryKind() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            RetryPolicy policy = attempts(3);
            policy = switch (seed % 3) {
                case 0 -> policy;
                case 1 -> policy.wholeBatch();
                default -> policy.bisect();
            };
            TroubledFixture mine = new TroubledFixture();
            List<String> answered = new ArrayList<>();
            MicroBatcher<String, String> batcher = mine.with(policy)
                    .batchSize(1 + random.nextInt(6))
                    .partitionBy(job -> job.charAt(0))
                    .maxConcurrentBatchesPerKey(1)
                    .maxConcurrentBatches(1 + random.nextInt(3))
                    .build();
            int count = 40;
            for (int i = 0; i < count; i++) {
                String job = (random.nextBoolean() ? "a" : "b") + i;
                if (random.nextInt(6) == 0) {
                    mine.spoils.add(job);
                }
                batcher.submit(job).thenRun(() -> answered.add(job));
                mine.advanceMillis(random.nextInt(8));
                if (random.nextInt(8) == 0) {
                    mine.spoils.clear();
                }
            }
            mine.advanceMillis(100_000);
            assertThat(batcher.stats().pending()).as("seed %s", seed).isZero();
            for (String key : List.of("a", "b")) {
                List<Integer> numbers = answered.stream()
                        .filter(job -> job.startsWith(key))
                        .map(job -> Integer.valueOf(job.substring(1)))
                        .toList();
                assertThat(numbers).as("seed %s, key %s", seed, key).isSorted();
            }
        }
    }

    // ---------------------------------------------------------------- turns

    @Test
    void r7_4_retriesDoNotStarveNewJobs() {
        MicroBatcher<String, String> batcher = fixture.held()
                .batchSize(1)
                .retry(attempts(100).backoff(Duration.ZERO, Duration.ZERO))
                .build();
        TroubledFixture.submit(batcher, List.of("a1", "a2", "n1", "n2"));
        fixture.fail(0, down);
        List<String> order = new ArrayList<>();
        for (int i = 1; i <= 6; i++) {
            String job = fixture.sent.get(i).get(0);
            order.add(job);
            if (job.startsWith("n")) {
                fixture.finish(i);
            } else {
                fixture.fail(i, down);
            }
        }
        assertThat(order).containsExactly("a1", "a2", "a1", "n1", "a1", "n2");
    }

    @Test
    void r7_4_newJobsDoNotStarveRetries() {
        MicroBatcher<String, String> batcher =
                fixture.held().batchSize(1).retry(attempts(2)).build();
        TroubledFixture.submit(batcher, List.of("a1", "a2"));
        fixture.fail(0, down);
        fixture.fail(1, down);
        IntStream.range(0, 50).forEach(i -> batcher.submit("n" + i));
        fixture.advanceMillis(100);
        for (int i = 2; i < 7; i++) {
            fixture.finish(i);
        }
        assertThat(fixture.sent.subList(2, 7))
                .containsExactly(List.of("n0"), List.of("a1"), List.of("n1"), List.of("a2"), List.of("n2"));
    }

    @Test
    void r7_4_newJobsTakeTheirTurnOnlyWhenTheyAreRipe() {
        MicroBatcher<String, String> batcher =
                fixture.held().batchSize(2).retry(attempts(2).wholeBatch()).build();
        TroubledFixture.submit(batcher, List.of("a1", "a2", "a3", "a4"));
        fixture.fail(0, down);
        fixture.fail(1, down);
        fixture.advanceMillis(95);
        batcher.submit("n1"); // due at 105
        fixture.advanceMillis(5);
        fixture.finish(2);
        fixture.finish(3);
        assertThat(fixture.sent).endsWith(List.of("a1", "a2"), List.of("a3", "a4"));
        fixture.advanceMillis(5);
        assertThat(fixture.sent).endsWith(List.of("n1"));
    }

    @Test
    void r7_4_lanesTakeTurnsWithRetriesToo() {
        MicroBatcher<String, String> batcher = fixture.held()
                .batchSize(1)
                .partitionBy(job -> job.charAt(0))
                .retry(attempts(3).backoff(BACKOFF, BACKOFF))
                .build();
        TroubledFixture.submit(batcher, List.of("a1", "b1", "a2", "b2", "b3"));
        fixture.fail(0, down);
        fixture.fail(1, down);
        fixture.advanceMillis(100);
        for (int i = 2; i < 6; i++) {
            fixture.finish(i);
        }
        assertThat(fixture.sent.subList(2, 7))
                .containsExactly(List.of("a2"), List.of("b1"), List.of("a1"), List.of("b2"), List.of("b3"));
    }
}
