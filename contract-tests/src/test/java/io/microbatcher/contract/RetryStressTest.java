package io.microbatcher.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.microbatcher.BatchProcessor;
import io.microbatcher.BatcherStats;
import io.microbatcher.JobOutcome;
import io.microbatcher.MicroBatcher;
import io.microbatcher.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** R7 on real threads: whatever meets whatever, each job ends once, and the books are right. */
class RetryStressTest {
    private static final int THREADS = 4;
    private static final int JOBS = 3_000;

    private static RetryPolicy policy(String company) {
        RetryPolicy policy = RetryPolicy.ofAttempts(3).backoff(Duration.ofNanos(50_000), Duration.ofMillis(1));
        return switch (company) {
            case "wholeBatch" -> policy.wholeBatch();
            case "bisect" -> policy.bisect();
            default -> policy;
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"alone", "wholeBatch", "bisect"})
    void r7_7_everyJobEndsOnceWhateverFailsAndWhoeverCancels(String company) {
        MicroBatcher<Integer, Integer> batcher = MicroBatcher.builder(BatchProcessor.<Integer, Integer>streaming(
                        (jobs, answers) -> {
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
                .partitionBy(job -> job % 3)
                .maxConcurrentBatchesPerKey(company.equals("alone") ? 3 : 1)
                .retry(policy(company))
                .build();
        ConcurrentLinkedQueue<CompletableFuture<Integer>> all = new ConcurrentLinkedQueue<>();
        List<CompletableFuture<Void>> producers = new ArrayList<>();
        for (int t = 0; t < THREADS; t++) {
            producers.add(Caller.elsewhere(() -> {
                ThreadLocalRandom random = ThreadLocalRandom.current();
                for (int i = 0; i < JOBS; i++) {
                    CompletableFuture<Integer> job = batcher.submit(random.nextInt(1, 1_000));
                    all.add(job);
                    if (random.nextInt(20) == 0) {
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
        assertThat(all).hasSize(THREADS * JOBS).allMatch(CompletableFuture::isDone);
        assertThat(stats.accepted()).isEqualTo(THREADS * JOBS);
        assertThat(stats.pending()).isZero();
        assertThat(stats.toRetry()).isZero();
        assertThat(stats.retries()).isPositive();
        assertThat(stats.jobs(JobOutcome.SUCCEEDED))
                .isEqualTo(all.stream()
                        .filter(job -> !job.isCompletedExceptionally())
                        .count());
    }
}
