package io.microbatcher.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.microbatcher.BatchListener;
import io.microbatcher.BatchProcessor;
import io.microbatcher.JobOutcome;
import io.microbatcher.MicroBatcher;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120) // a hang fails instead of stopping the build
class DrainTest {
    private final BatchesFixture fixture = new BatchesFixture();

    @Test
    void r2_6_anEmptyBatcherIsDrainedAlready() {
        MicroBatcher<String, String> batcher = fixture.atOnce().build();
        assertThat(batcher.drain()).isCompletedWithValue(null);
        batcher.submit("a");
        batcher.flush();
        assertThat(batcher.drain()).isCompletedWithValue(null);
    }

    @Test
    void r2_6_aDrainFlushes() {
        MicroBatcher<String, String> batcher = fixture.atOnce().batchSize(9).build();
        CompletableFuture<String> job = batcher.submit("a");
        assertThat(batcher.drain()).isCompleted();
        assertThat(job).isCompletedWithValue("a!");
    }

    @Test
    void r2_6_aDrainWaitsForEveryBatchThatIsInFlightOrWaits() {
        MicroBatcher<String, String> batcher =
                fixture.held().batchSize(2).maxConcurrentBatches(2).build();
        List.of("a", "b", "c", "d", "e").forEach(batcher::submit);
        CompletableFuture<@Nullable Void> drained = batcher.drain();
        fixture.finish(1);
        fixture.finish(2);
        assertThat(drained).isNotDone();
        fixture.finish(0);
        assertThat(drained).isCompletedWithValue(null);
    }

    @Test
    void r2_6_aDrainDoesNotWaitForLaterJobs() {
        MicroBatcher<String, String> batcher = fixture.held().batchSize(1).build();
        batcher.submit("a");
        CompletableFuture<@Nullable Void> drained = batcher.drain();
        batcher.submit("b");
        fixture.finish(0);
        assertThat(drained).isCompleted();
        assertThat(batcher.stats().inFlight()).isEqualTo(1);
    }

    @Test
    void r2_6_aDrainDoesNotWaitForLaterJobsThatShareABatchSlot() {
        MicroBatcher<String, String> batcher = fixture.held().batchSize(2).build();
        List.of("a", "b").forEach(batcher::submit);
        batcher.submit("c");
        CompletableFuture<@Nullable Void> drained = batcher.drain();
        batcher.submit("d"); // leaves together with c
        batcher.submit("e");
        fixture.finish(0);
        assertThat(drained).isNotDone();
        fixture.finish(1);
        assertThat(drained).isCompleted();
        assertThat(batcher.stats().waiting()).isEqualTo(1);
    }

    @Test
    void r2_6_aDrainOfFailingBatchesCompletesNormally() {
        MicroBatcher<String, String> batcher = fixture.held().batchSize(2).build();
        List.of("a", "b", "c").forEach(batcher::submit);
        CompletableFuture<@Nullable Void> drained = batcher.drain();
        fixture.fail(0, new IllegalStateException("backend is down"));
        fixture.fail(1, new IllegalStateException("backend is down"));
        assertThat(drained).isCompletedWithValue(null);
        assertThat(batcher.stats().jobs(JobOutcome.FAILED)).isEqualTo(3);
    }

    @Test
    void r2_6_aDrainCountsCancelledAndTimedOutJobsAsEnded() {
        MicroBatcher<String, String> batcher =
                fixture.held().batchSize(1).jobTimeout(Duration.ofMillis(50)).build();
        batcher.submit("in flight, times out");
        CompletableFuture<String> waiting = batcher.submit("waits, is cancelled");
        batcher.submit("waits, times out");
        CompletableFuture<@Nullable Void> drained = batcher.drain();
        waiting.cancel(false);
        fixture.advanceMillis(49);
        assertThat(drained).isNotDone();
        fixture.advanceMillis(1);
        assertThat(drained).isCompletedWithValue(null);
        assertThat(batcher.stats().inFlightBatches()).isEqualTo(1);
    }

    @Test
    void r2_6_cancellingOneDrainChangesNothingForAnother() {
        MicroBatcher<String, String> batcher = fixture.held().batchSize(1).build();
        CompletableFuture<String> job = batcher.submit("a");
        batcher.drain().cancel(true);
        CompletableFuture<@Nullable Void> drained = batcher.drain();
        assertThat(job).isNotDone();
        fixture.finish(0);
        assertThat(drained).isCompleted();
        assertThat(job).isCompletedWithValue("a!");
    }

    @Test
    void r2_6_aDrainInsideOfACallbackCompletesAfterTheBatchOfThatCallback() {
        MicroBatcher<String, String> batcher = fixture.held().batchSize(2).build();
        AtomicReference<CompletableFuture<@Nullable Void>> drained = new AtomicReference<>();
        List<String> order = new ArrayList<>();
        batcher.submit("a").thenRun(() -> {
            drained.set(batcher.drain());
            drained.get().thenRun(() -> order.add("drained"));
        });
        batcher.submit("b").thenRun(() -> order.add("b"));
        fixture.finish(0);
        assertThat(drained.get()).isCompleted();
        assertThat(order).containsExactly("b", "drained");
    }

    @Test
    void r2_6_aDrainInsideOfTheProcessorWaitsForItsOwnBatch() {
        CompletableFuture<MicroBatcher<String, String>> self = new CompletableFuture<>();
        List<CompletableFuture<@Nullable Void>> drains = new ArrayList<>();
        List<Boolean> doneInside = new ArrayList<>();
        MicroBatcher<String, String> batcher = MicroBatcher.builder((List<String> jobs) -> {
                    drains.add(self.join().drain());
                    doneInside.add(drains.get(0).isDone());
                    return jobs;
                })
                .batchSize(1)
                .timer(fixture.time)
                .executor(Runnable::run)
                .build();
        self.complete(batcher);
        batcher.submit("a");
        assertThat(doneInside).containsExactly(false);
        assertThat(drains.get(0)).isCompleted();
    }

    @Test
    void r2_6_aDrainInsideOfAListenerWaitsForTheJobThatIsAboutToBeTold() {
        CompletableFuture<MicroBatcher<String, String>> self = new CompletableFuture<>();
        AtomicReference<CompletableFuture<@Nullable Void>> drained = new AtomicReference<>();
        List<Boolean> doneInside = new ArrayList<>();
        MicroBatcher<String, String> batcher = MicroBatcher.builder(BatchProcessor.<String, String>streaming(
                        (jobs, answers) -> answers.complete(0, "first answer, while the batch runs")))
                .batchSize(1)
                .timer(fixture.time)
                .executor(Runnable::run)
                .listener(new BatchListener() {
                    @Override
                    public void ended(Object job, JobOutcome outcome, long waitNanos, long totalNanos) {
                        drained.set(self.join().drain());
                        doneInside.add(drained.get().isDone());
                    }
                })
                .build();
        self.complete(batcher);
        CompletableFuture<String> job = batcher.submit("a");
        assertThat(doneInside).containsExactly(false);
        assertThat(job).isCompletedWithValue("first answer, while the batch runs");
        assertThat(drained.get()).isCompleted();
    }

    @Test
    void r2_6_afterADrainEveryEarlierJobHasItsResultForItsCallerToSee() throws Exception {
        MicroBatcher<Integer, Integer> batcher = MicroBatcher.builder((List<Integer> jobs) -> {
                    if (jobs.get(0) % 5 == 0) {
                        throw new IllegalStateException("every fifth");
                    }
                    return jobs;
                })
                .batchSize(7)
                .maxConcurrentBatches(3)
                .build();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<Boolean>> callers = IntStream.range(0, 4)
                    .mapToObj(caller -> threads.submit(() -> {
                        for (int round = 0; round < 300; round++) {
                            List<CompletableFuture<Integer>> mine = IntStream.range(0, 10)
                                    .mapToObj(batcher::submit)
                                    .toList();
                            mine.get(round % 10).cancel(false);
                            batcher.drain().get(30, TimeUnit.SECONDS);
                            if (!mine.stream().allMatch(CompletableFuture::isDone)) {
                                return false;
                            }
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
