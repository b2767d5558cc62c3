package io.microbatcher.contract;

import static io.microbatcher.contract.Caller.resultOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.microbatcher.BatchListener;
import io.microbatcher.BatchProcessor;
import io.microbatcher.BatcherStats;
import io.microbatcher.Job;
import io.microbatcher.JobOutcome;
import io.microbatcher.MicroBatcher;
import io.microbatcher.test.ManualExecutor;
import io.microbatcher.test.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** R1.8: whoever sees a result finds it in the batcher's books already. */
class BooksBeforeCallersTest {

    @ParameterizedTest
    @EnumSource
    void r1_8_inACallbackTheJobHasEndedAndItsSlotIsFree(ProcessorForm form) {
        ManualExecutor executor = new ManualExecutor();
        MicroBatcher<Job<String>, String> batcher = MicroBatcher.builder(form.of(jobs -> List.of("x")))
                .batchSize(1)
                .executor(executor)
                .build();
        List<BatcherStats> seen = new ArrayList<>();
        var future = batcher.submit(new Job<>(1, "a"));
        var told = future.whenComplete((result, failure) -> seen.add(batcher.stats()));
        executor.runAll();
        Caller.awaitEnd(told);
        BatcherStats stats = seen.get(0);
        assertThat(stats.pending()).isZero();
        assertThat(stats.jobs(JobOutcome.SUCCEEDED)).isEqualTo(1);
        if (form != ProcessorForm.STREAMING) { // which answers while its batch still runs
            assertThat(stats.inFlightBatches()).isZero();
        }
    }

    @Test
    void r1_8_inACallbackAfterAFailureTheSlotIsFree() {
        List<BatcherStats> seen = new ArrayList<>();
        ManualExecutor executor = new ManualExecutor();
        MicroBatcher<String, String> batcher = MicroBatcher.<String, String>builder(jobs -> {
                    throw new IllegalStateException();
                })
                .batchSize(2)
                .executor(executor)
                .build();
        batcher.submit("a").whenComplete((result, failure) -> seen.add(batcher.stats()));
        batcher.submit("b");
        executor.runAll();
        assertThat(seen.get(0).pending()).isZero();
        assertThat(seen.get(0).jobs(JobOutcome.FAILED)).isEqualTo(2);
        assertThat(seen.get(0).inFlightBatches()).isZero();
    }

    @Test
    void r1_8_inACallbackAfterADeadlineOrACancellationTheJobIsCounted() {
        VirtualTime time = new VirtualTime();
        MicroBatcher<String, String> batcher = MicroBatcher.<String, String>builder(jobs -> jobs)
                .batchCycle(Duration.ofDays(1))
                .jobTimeout(Duration.ofMillis(1))
                .timer(time)
                .executor(Runnable::run)
                .build();
        List<BatcherStats> seen = new ArrayList<>();
        var cancelled = batcher.submit("a");
        cancelled.whenComplete((result, failure) -> seen.add(batcher.stats()));
        cancelled.cancel(true);
        batcher.submit("b").whenComplete((result, failure) -> seen.add(batcher.stats()));
        time.advance(Duration.ofMillis(1));
        batcher.submit("c").whenComplete((result, failure) -> seen.add(batcher.stats()));
        batcher.shutdownNow();
        assertThat(seen).extracting(BatcherStats::pending).containsExactly(0, 0, 0);
        assertThat(seen.get(0).jobs(JobOutcome.CANCELLED)).isEqualTo(1);
        assertThat(seen.get(1).jobs(JobOutcome.TIMED_OUT)).isEqualTo(1);
        assertThat(seen.get(2).jobs(JobOutcome.ABANDONED)).isEqualTo(1);
    }

    @Test
    void r1_8_afterRunReturnsNothingIsPending() throws Exception {
        for (Threading kind : List.of(Threading.LIBRARY, Threading.SINGLE_THREAD, Threading.CALLER)) {
            try (var running = kind.open()) {
                var batcher = running.applyTo(MicroBatcher.<Integer, Integer>builder(jobs -> jobs)
                                .batchSize(1))
                        .build();
                for (int i = 0; i < 2_000; i++) {
                    batcher.run(i);
                    BatcherStats stats = batcher.stats();
                    assertThat(stats.pending()).isZero();
                    assertThat(stats.inFlightBatches()).isZero();
                    assertThat(stats.jobs(JobOutcome.SUCCEEDED)).isEqualTo(i + 1L);
                }
            }
        }
    }

    @Test
    void r1_8_withRoomForOneACallbackThatSubmitsFindsRoom() {
        ManualExecutor executor = new ManualExecutor();
        MicroBatcher<Integer, Integer> batcher = MicroBatcher.<Integer, Integer>builder(jobs -> jobs)
                .batchSize(1)
                .maxPending(1)
                .timer(new VirtualTime())
                .executor(executor)
                .build();
        AtomicInteger last = new AtomicInteger();
        chain(batcher, 0, last);
        executor.runAll();
        assertThat(last).hasValue(1_000);
        assertThat(batcher.stats().rejected()).isZero();
    }

    private static void chain(MicroBatcher<Integer, Integer> batcher, int job, AtomicInteger last) {
        batcher.submit(job).thenAccept(result -> {
            last.set(result);
            if (result < 1_000) {
                chain(batcher, result + 1, last);
            }
        });
    }

    @Test
    void r1_8_aCallbackMayFlushDrainAndCloseAtOnce() {
        for (Threading kind : Threading.values()) {
            try (var running = kind.open()) {
                var batcher = running.applyTo(MicroBatcher.<String, String>builder(jobs -> jobs)
                                .batchSize(2)
                                .batchCycle(Duration.ofDays(1)))
                        .build();
                List<CompletableFuture<String>> more = new ArrayList<>();
                CompletableFuture<Void> drained = new CompletableFuture<>();
                var called = batcher.submit("a").thenAccept(result -> {
                    more.add(batcher.submit("flushed"));
                    batcher.flush();
                    batcher.drain().thenRun(() -> drained.complete(null));
                    more.add(batcher.submit("closed"));
                    batcher.close();
                });
                batcher.submit("b");
                running.awaitEnd(called);
                running.awaitEnd(drained);
                running.awaitEnd(batcher.shutdown());
                assertThat(more).extracting(Caller::resultOf).containsExactly("flushed", "closed");
            } catch (Exception failed) {
                throw new AssertionError(failed);
            }
        }
    }

    @Test
    void r1_8_listenersFindTheBooksUpToDate() {
        List<String> seen = new ArrayList<>();
        List<MicroBatcher<String, String>> it = new ArrayList<>();
        MicroBatcher<String, String> batcher = MicroBatcher.<String, String>builder(jobs -> jobs)
                .batchSize(2)
                .batchCycle(Duration.ofDays(1))
                .executor(Runnable::run)
                .listener(new BatchListener() {
                    @Override
                    public void dispatched(BatchInfo batch) {
                        seen.add("dispatched " + it.get(0).stats().inFlight() + " in "
                                + it.get(0).stats().inFlightBatches());
                    }

                    @Override
                    public void completed(BatchInfo batch, long nanos, int failedJobs) {
                        seen.add("completed " + it.get(0).stats().pending() + " in "
                                + it.get(0).stats().inFlightBatches());
                    }

                    @Override
                    public void ended(Object job, JobOutcome outcome, long waitNanos, long totalNanos) {
                        seen.add(job + " " + it.get(0).stats().ended());
                    }
                })
                .build();
        it.add(batcher);
        batcher.submit("a");
        batcher.submit("b");
        batcher.submit("c").cancel(true);
        assertThat(seen).containsExactly("dispatched 2 in 1", "completed 0 in 0", "a 2", "b 2", "c 3");
    }

    @Test
    void r1_8_everySnapshotAddsUpWhileThreadsAreAtWork() {
        MicroBatcher<Integer, Integer> batcher = MicroBatcher.builder(BatchProcessor.<Integer, Integer>streaming(
                        (jobs, answers) -> {
                            for (int i = 0; i < jobs.size(); i++) {
                                answers.complete(i, jobs.get(i));
                            }
                        }))
                .batchSize(8)
                .batchCycle(Duration.ofNanos(10_000))
                .maxConcurrentBatches(2)
                .maxPending(40)
                .build();
        List<CompletableFuture<Void>> callers = IntStream.range(0, 3)
                .mapToObj(caller -> Caller.elsewhere(() -> {
                    for (int i = 0; i < 3_000; i++) {
                        var future = batcher.submit(i);
                        if (i % 3 == 0) {
                            future.cancel(true);
                        }
                    }
                }))
                .toList();
        long before = 0;
        while (!callers.stream().allMatch(CompletableFuture::isDone)) {
            BatcherStats stats = batcher.stats();
            assertThat(stats.pending()).isBetween(0, 40);
            assertThat(stats.waiting()).isBetween(0, 40);
            assertThat(stats.inFlight()).isBetween(0, 16);
            assertThat(stats.inFlightBatches()).isBetween(0, 2);
            assertThat(stats.ended()).isGreaterThanOrEqualTo(before);
            before = stats.ended();
        }
        callers.forEach(Caller::resultOf);
        resultOf(batcher.drain());
        await().atMost(Caller.PATIENCE).until(() -> batcher.stats().ended() == 9_000);
        assertThat(batcher.stats().pending()).isZero();
    }
}
