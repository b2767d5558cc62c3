package io.microbatcher.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.microbatcher.DispatchReason;
import io.microbatcher.MicroBatcher;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120) // a hang fails instead of stopping the build
class FlushTest {
    private final BatchesFixture fixture = new BatchesFixture();

    @Test
    void r2_6_whatWaitsLeavesInTheCall() {
        MicroBatcher<String, String> batcher = fixture.atOnce().batchSize(9).build();
        batcher.submit("a");
        batcher.submit("b");
        batcher.flush();
        assertThat(fixture.sent).containsExactly(List.of("a", "b"));
        assertThat(fixture.reasons()).containsExactly(DispatchReason.FLUSH);
    }

    @Test
    void r2_6_aFlushOfNothingIsForgotten() {
        MicroBatcher<String, String> batcher = fixture.atOnce().batchSize(9).build();
        batcher.flush();
        batcher.flush();
        batcher.submit("a");
        fixture.advanceMillis(9);
        assertThat(fixture.sent).isEmpty();
        fixture.advanceMillis(1);
        assertThat(fixture.reasons()).containsExactly(DispatchReason.AGE);
    }

    @Test
    void r2_6_aFlushWaitsForASlotAndIsNotForgotten() {
        MicroBatcher<String, String> batcher = fixture.held().batchSize(2).build();
        List.of("a", "b", "c").forEach(batcher::submit);
        batcher.flush();
        assertThat(fixture.sent).containsExactly(List.of("a", "b"));
        fixture.finish(0);
        assertThat(fixture.sent).containsExactly(List.of("a", "b"), List.of("c"));
        assertThat(fixture.reasons()).containsExactly(DispatchReason.SIZE, DispatchReason.FLUSH);
    }

    @Test
    void r2_6_jobsAfterTheFlushShareItsBatchButAreNotForced() {
        MicroBatcher<String, String> batcher = fixture.held().batchSize(3).build();
        batcher.submit("first");
        batcher.flush();
        List.of("a", "b").forEach(batcher::submit);
        batcher.flush();
        List.of("c", "d").forEach(batcher::submit); // d does not fit
        fixture.finish(0);
        fixture.finish(1);
        assertThat(fixture.sent).containsExactly(List.of("first"), List.of("a", "b", "c"));
        fixture.advanceMillis(10);
        assertThat(fixture.sent).hasSize(3).endsWith(List.of("d"));
    }

    @Test
    void r2_6_everyBatchOfALongLineLeavesAndTheRestBehindTheFlushStays() {
        MicroBatcher<String, String> batcher = fixture.held().batchSize(2).build();
        List.of("a", "b", "c", "d", "e", "f").forEach(batcher::submit);
        batcher.flush(); // ends with a full batch
        batcher.submit("g");
        for (int i = 0; i < 3; i++) {
            fixture.finish(i);
        }
        assertThat(fixture.sent).containsExactly(List.of("a", "b"), List.of("c", "d"), List.of("e", "f"));
    }

    @Test
    void r2_6_aSecondFlushCoversWhatCameAfterTheFirst() {
        MicroBatcher<String, String> batcher = fixture.held().batchSize(2).build();
        List.of("a", "b", "c").forEach(batcher::submit);
        batcher.flush();
        batcher.submit("d");
        batcher.submit("e");
        batcher.flush();
        fixture.finish(0);
        fixture.finish(1);
        assertThat(fixture.sent).containsExactly(List.of("a", "b"), List.of("c", "d"), List.of("e"));
    }

    @Test
    void r2_6_cancellingTheLastFlushedJobStillSendsThoseBeforeIt() {
        MicroBatcher<String, String> batcher = fixture.held().batchSize(3).build();
        batcher.submit("first");
        batcher.flush();
        batcher.submit("a");
        CompletableFuture<String> last = batcher.submit("b");
        batcher.flush();
        last.cancel(false);
        fixture.finish(0);
        assertThat(fixture.sent).containsExactly(List.of("first"), List.of("a"));
    }

    @Test
    void r2_6_whenAllFlushedJobsAreCancelledTheNextOneIsNotForced() {
        MicroBatcher<String, String> batcher = fixture.held().batchSize(9).build();
        batcher.submit("first");
        batcher.flush();
        List<CompletableFuture<String>> flushed = List.of(batcher.submit("a"), batcher.submit("b"));
        batcher.flush();
        batcher.submit("c");
        flushed.forEach(job -> job.cancel(false));
        fixture.finish(0);
        assertThat(fixture.sent).containsExactly(List.of("first"));
        fixture.advanceMillis(10);
        assertThat(fixture.sent).containsExactly(List.of("first"), List.of("c"));
        assertThat(fixture.reasons()).containsExactly(DispatchReason.FLUSH, DispatchReason.AGE);
    }

    @Test
    void r2_6_aThousandCancelsAroundTheMarkDoNotLoseIt() {
        MicroBatcher<String, String> batcher = fixture.held().batchSize(9).build();
        batcher.submit("first");
        batcher.flush();
        batcher.submit("a");
        List<CompletableFuture<String>> flushed =
                IntStream.range(0, 1_000).mapToObj(i -> batcher.submit("x" + i)).toList();
        batcher.flush(); // the mark is on the last of them
        List<CompletableFuture<String>> after =
                IntStream.range(0, 1_000).mapToObj(i -> batcher.submit("y" + i)).toList();
        flushed.forEach(job -> job.cancel(false));
        after.forEach(job -> job.cancel(false));
        fixture.finish(0);
        assertThat(fixture.sent).containsExactly(List.of("first"), List.of("a"));
        batcher.submit("b");
        fixture.finish(1);
        assertThat(fixture.sent).hasSize(2);
    }

    @Test
    void r2_6_aFlushOfBatchesByWeightSendsEveryPart() {
        MicroBatcher<String, String> batcher = fixture.atOnce()
                .batchSize(9)
                .maxBatchWeight(10, BatchesFixture::weightOf)
                .build();
        List.of("a:6", "b:3", "c:5").forEach(batcher::submit);
        batcher.flush();
        assertThat(fixture.sent).containsExactly(List.of("a:6", "b:3"), List.of("c:5"));
        assertThat(fixture.reasons()).containsExactly(DispatchReason.WEIGHT, DispatchReason.FLUSH);
    }

    @Test
    void r2_6_aFlushWithSeveralFreeSlotsUsesThemAll() {
        MicroBatcher<String, String> batcher =
                fixture.onDemand().batchSize(2).maxConcurrentBatches(3).build();
        List.of("a", "b", "c", "d", "e").forEach(batcher::submit);
        batcher.flush();
        assertThat(fixture.workers.size()).isEqualTo(3);
        fixture.workers.runAll();
        assertThat(fixture.sent).containsExactly(List.of("a", "b"), List.of("c", "d"), List.of("e"));
    }

    @Test
    void r2_6_aFlushFromTheProcessorCoversWhatTheProcessorSubmitted() {
        CompletableFuture<MicroBatcher<String, String>> self = new CompletableFuture<>();
        MicroBatcher<String, String> batcher = MicroBatcher.builder((List<String> jobs) -> {
                    fixture.sent.add(jobs);
                    if (jobs.contains("a")) {
                        self.join().submit("b");
                        self.join().flush();
                    }
                    return jobs;
                })
                .timer(fixture.time)
                .executor(Runnable::run)
                .build();
        self.complete(batcher);
        batcher.submit("a");
        batcher.flush();
        assertThat(fixture.sent).containsExactly(List.of("a"), List.of("b"));
    }

    @Test
    void r2_6_aFlushSeesTheJobsOfEverySubmitThatHasReturned() throws Exception {
        MicroBatcher<Integer, Integer> batcher = MicroBatcher.builder((List<Integer> jobs) -> jobs)
                .batchSize(1_000_000)
                .batchCycle(Duration.ofDays(1))
                .maxConcurrentBatches(4)
                .build();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<Boolean>> callers = IntStream.range(0, 4)
                    .mapToObj(caller -> threads.submit(() -> {
                        for (int i = 0; i < 2_000; i++) {
                            CompletableFuture<Integer> job = batcher.submit(i);
                            batcher.flush();
                            job.get(30, TimeUnit.SECONDS); // for ever, if the flush missed it
                        }
                        return true;
                    }))
                    .toList();
            for (Future<Boolean> caller : callers) {
                assertThat(caller.get(120, TimeUnit.SECONDS)).isTrue();
            }
        } finally {
            threads.shutdownNow();
            batcher.shutdownNow();
        }
    }
}
