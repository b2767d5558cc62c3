package io.microbatcher.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.microbatcher.BatchListener;
import io.microbatcher.BatchProcessor;
import io.microbatcher.MicroBatcher;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An executor that runs tasks on the caller's thread nests the next batch inside the end of the one before. */
@Timeout(60)
class NestedBatchesTest {
    private final BatchesFixture fixture = new BatchesFixture();

    @Test
    void r1_1_aLongBacklogOfStagesThatAreDoneAtOnceDoesNotOverflowTheStack() {
        CompletableFuture<List<String>> gate = new CompletableFuture<>();
        List<List<String>> sent = new ArrayList<>();
        MicroBatcher<String, String> batcher = MicroBatcher.builder(BatchProcessor.<String, String>async(jobs -> {
                    sent.add(jobs);
                    return sent.size() == 1 ? gate : CompletableFuture.completedFuture(jobs);
                }))
                .batchSize(1)
                .timer(fixture.time)
                .executor(Runnable::run)
                .build();
        List<CompletableFuture<String>> jobs = IntStream.range(0, 20_000)
                .mapToObj(i -> batcher.submit("j" + i))
                .toList();
        gate.complete(List.of("first"));
        assertThat(jobs.stream().filter(CompletableFuture::isCompletedExceptionally))
                .isEmpty();
        assertThat(jobs.stream().filter(job -> !job.isDone())).isEmpty();
        assertThat(batcher.stats().inFlightBatches()).isZero();
    }

    @Test
    void theTimeOfABatchDoesNotCoverTheNextOne() {
        CompletableFuture<List<String>> gate = new CompletableFuture<>();
        List<String> took = new ArrayList<>();
        MicroBatcher<String, String> batcher = MicroBatcher.builder(BatchProcessor.<String, String>async(jobs -> {
                    if (jobs.contains("a")) {
                        return gate;
                    }
                    fixture.time.advance(Duration.ofMillis(5)); // b takes 5 ms
                    return CompletableFuture.completedFuture(jobs);
                }))
                .batchSize(1)
                .timer(fixture.time)
                .executor(Runnable::run)
                .listener(new BatchListener() {
                    @Override
                    public void completed(BatchInfo batch, long nanos, int failedJobs) {
                        took.add(batch.id() + ": " + nanos);
                    }
                })
                .build();
        batcher.submit("a");
        batcher.submit("b");
        gate.complete(List.of("a")); // after no time at all
        assertThat(took).containsExactlyInAnyOrder("1: 0", "2: 5000000");
    }
}
