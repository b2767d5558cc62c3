package io.microbatcher.contract;

import static io.microbatcher.contract.Caller.elsewhere;
import static io.microbatcher.contract.Caller.failureOf;
import static io.microbatcher.contract.Caller.resultOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.microbatcher.BatchProcessor;
import io.microbatcher.BatcherClosedException;
import io.microbatcher.DispatchReason;
import io.microbatcher.JobFailedException;
import io.microbatcher.JobOutcome;
import io.microbatcher.MicroBatcher;
import io.microbatcher.test.ManualExecutor;
import io.microbatcher.test.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** R4.1 and R4.3: closing ends everything, at leisure or at once. */
class ClosingTest {
    private final VirtualTime time = new VirtualTime();
    private final ManualExecutor executor = new ManualExecutor();
    private final List<List<String>> sent = Collections.synchronizedList(new ArrayList<>());

    private MicroBatcher.Builder<String, String> echo(int batchSize) {
        return MicroBatcher.builder((List<String> jobs) -> {
                    sent.add(List.copyOf(jobs));
                    return jobs;
                })
                .batchSize(batchSize)
                .batchCycle(Duration.ofDays(1))
                .timer(time)
                .executor(executor);
    }

    private static List<CompletableFuture<String>> submit(MicroBatcher<String, String> batcher, int jobs) {
        return IntStream.range(0, jobs).mapToObj(i -> batcher.submit("" + i)).toList();
    }

    @Test
    void r4_1_closeDispatchesWhatWaitsAndReturnsWhenAllHaveEnded() {
        var batcher = echo(3).executor(Runnable::run).build();
        var futures = submit(batcher, 8);
        batcher.close();
        assertThat(futures).allMatch(CompletableFuture::isDone);
        assertThat(sent).containsExactly(List.of("0", "1", "2"), List.of("3", "4", "5"), List.of("6", "7"));
        assertThat(batcher.stats().batches(DispatchReason.CLOSE)).isEqualTo(1);
        assertThat(batcher.stats().pending()).isZero();
    }

    @Test
    void r4_1_closeWaitsForWhatIsInFlight() {
        CountDownLatch go = new CountDownLatch(1);
        MicroBatcher<String, String> batcher = MicroBatcher.builder((List<String> jobs) -> {
                    Caller.await(go);
                    return jobs;
                })
                .batchSize(1)
                .build();
        var first = batcher.submit("first");
        var second = batcher.submit("second");
        var closing = elsewhere(batcher::close);
        await().atMost(Caller.PATIENCE).until(() -> batcher.submit("late").isCompletedExceptionally());
        assertThat(closing).isNotDone();
        go.countDown();
        resultOf(closing);
        assertThat(List.of(first, second)).allMatch(CompletableFuture::isDone);
    }

    @Test
    void r4_1_everyCallOfCloseWaitsForTheSameEnd() {
        CountDownLatch go = new CountDownLatch(1);
        MicroBatcher<String, String> batcher = MicroBatcher.builder((List<String> jobs) -> {
                    Caller.await(go);
                    return jobs;
                })
                .batchSize(1)
                .build();
        var future = batcher.submit("job");
        List<CompletableFuture<Void>> closing = IntStream.range(0, 8)
                .mapToObj(i -> elsewhere(() -> {
                    batcher.close();
                    assertThat(future).isDone();
                }))
                .toList();
        await().atMost(Caller.PATIENCE).until(() -> batcher.submit("late").isCompletedExceptionally());
        assertThat(closing).noneMatch(CompletableFuture::isDone);
        go.countDown();
        closing.forEach(Caller::resultOf);
        batcher.close(); // and once more, at once
        assertThat(batcher.shutdown()).isCompleted();
    }

    @Test
    void r4_1_aBatcherThatWasNeverUsedClosesAtOnce() {
        var batcher = echo(1).build();
        batcher.close();
        batcher.close();
        assertThat(batcher.shutdown()).isCompleted();
        assertThat(batcher.shutdownNow()).isEmpty();
        assertThat(failureOf(batcher.submit("a"))).isInstanceOf(BatcherClosedException.class);
        assertThatThrownBy(() -> batcher.run("a")).isInstanceOf(BatcherClosedException.class);
    }

    @Test
    void r4_1_aClosedBatcherStillAnswersEveryCall() {
        var batcher = echo(1).build();
        batcher.close();
        batcher.flush();
        assertThat(batcher.drain()).isCompleted();
        assertThat(batcher.stats().accepted()).isZero();
        var channel = batcher.openChannel();
        assertThat(channel.trySubmit("a")).isTrue();
        assertThat(channel.poll().failure()).isInstanceOf(BatcherClosedException.class);
        assertThat(sent).isEmpty();
    }

    @Test
    void r4_1_anInterruptDoesNotShortenTheWaitAndIsKept() {
        CountDownLatch go = new CountDownLatch(1);
        MicroBatcher<String, String> batcher = MicroBatcher.builder((List<String> jobs) -> {
                    Caller.await(go);
                    return jobs;
                })
                .batchSize(1)
                .build();
        var future = batcher.submit("job");
        AtomicBoolean kept = new AtomicBoolean();
        var closing = elsewhere(() -> {
            Thread.currentThread().interrupt();
            batcher.close();
            assertThat(future).isDone();
            kept.set(Thread.interrupted());
        });
        await().atMost(Caller.PATIENCE).until(() -> batcher.submit("late").isCompletedExceptionally());
        go.countDown();
        resultOf(closing);
        assertThat(kept).isTrue();
    }

    @Test
    void r4_1_callersThatWaitForRoomAreRefused() {
        var batcher = echo(10).maxPending(1).build();
        var accepted = batcher.submit("accepted");
        List<CompletableFuture<Void>> blocked = List.of(
                elsewhere(() ->
                        assertThat(failureOf(batcher.submit("submitted"))).isInstanceOf(BatcherClosedException.class)),
                elsewhere(
                        () -> assertThatThrownBy(() -> batcher.run("run")).isInstanceOf(BatcherClosedException.class)),
                elsewhere(() -> assertThatThrownBy(() -> batcher.run("run", Caller.PATIENCE))
                        .isInstanceOf(BatcherClosedException.class)));
        await().atMost(Caller.PATIENCE).until(() -> batcher.stats().blocked() == 3);
        var over = batcher.shutdown();
        blocked.forEach(Caller::resultOf);
        executor.runAll();
        assertThat(over).isCompleted();
        assertThat(resultOf(accepted)).isEqualTo("accepted");
        assertThat(batcher.stats().rejected()).isEqualTo(3);
        assertThat(sent).containsExactly(List.of("accepted"));
    }

    @Test
    void r4_1_closeReturnsWhenTheProcessorFails() {
        MicroBatcher<String, String> batcher = MicroBatcher.<String, String>builder(jobs -> {
                    throw new AssertionError("no");
                })
                .batchSize(2)
                .build();
        var futures = submit(batcher, 5);
        batcher.close();
        assertThat(futures).allMatch(CompletableFuture::isCompletedExceptionally);
    }

    @Test
    void r4_1_closeWaitsUntilTheCallersOfEveryFormHaveTheirResults() {
        for (ProcessorForm form : ProcessorForm.values()) {
            var batcher = MicroBatcher.builder(form.of(
                            jobs -> jobs.stream().map(job -> job.param()).toList()))
                    .batchSize(3)
                    .batchCycle(Duration.ofDays(1))
                    .maxConcurrentBatches(2)
                    .build();
            var futures = IntStream.range(0, 20)
                    .mapToObj(i -> batcher.submit(new io.microbatcher.Job<>(i, "" + i)))
                    .toList();
            Caller.doElsewhere(batcher::close);
            assertThat(futures).as(form.name()).allMatch(CompletableFuture::isDone);
        }
    }

    @Test
    void r4_3_shutdownDoesNotBlockAndTellsWhenAllHaveEnded() {
        var batcher = echo(3).build();
        var futures = submit(batcher, 5);
        var over = batcher.shutdown();
        assertThat(over).isNotDone();
        assertThat(failureOf(batcher.submit("late"))).isInstanceOf(BatcherClosedException.class);
        executor.runNext();
        executor.runAll();
        assertThat(over).isCompleted();
        assertThat(futures).extracting(Caller::resultOf).containsExactly("0", "1", "2", "3", "4");
    }

    @Test
    void r4_3_whatShutdownReturnsIsACopy() {
        var batcher = echo(3).build();
        var future = submit(batcher, 1).get(0);
        assertThat(batcher.shutdown().complete(null)).isTrue();
        assertThat(batcher.shutdown().cancel(true)).isTrue();
        assertThat(batcher.shutdown()).isNotDone();
        executor.runAll();
        assertThat(batcher.shutdown()).isCompleted();
        assertThat(resultOf(future)).isEqualTo("0");
    }

    @Test
    void r4_3_shutdownNowReturnsWhatNeverReachedTheProcessorInOrder() {
        var batcher = echo(2).build();
        var processed = submit(batcher, 2);
        executor.runAll();
        var waiting = submit(batcher, 7);
        waiting.get(3).cancel(true);
        assertThat(batcher.shutdownNow()).containsExactly("0", "1", "2", "4", "5", "6");
        assertThat(processed).allMatch(future -> !future.isCompletedExceptionally());
        for (int i : new int[] {0, 1, 2, 4, 5, 6}) {
            assertThat(waiting.get(i)).isCompletedExceptionally();
            assertThat(failureOf(waiting.get(i))).isInstanceOf(BatcherClosedException.class);
        }
        assertThat(failureOf(waiting.get(3))).isInstanceOf(CancellationException.class);
        assertThat(batcher.shutdownNow()).as("each job is returned once").isEmpty();
        assertThat(batcher.shutdown()).isCompleted();
        executor.runAll();
        assertThat(sent).containsExactly(List.of("0", "1"));
        assertThat(batcher.stats().jobs(JobOutcome.ABANDONED)).isEqualTo(6);
        assertThat(batcher.stats().pending()).isZero();
    }

    @Test
    void r4_3_shutdownNowAfterShutdownEndsWhatStillWaits() {
        var batcher = echo(2).build();
        var futures = submit(batcher, 3);
        var over = batcher.shutdown();
        assertThat(batcher.shutdownNow()).containsExactly("0", "1", "2");
        assertThat(over).isCompleted();
        assertThat(futures).allMatch(CompletableFuture::isCompletedExceptionally);
    }

    @Test
    void r4_3_shutdownNowRefusesCallersThatWaitForRoomAndDoesNotReturnTheirJobs() {
        var batcher = echo(10).maxPending(1).build();
        batcher.submit("accepted");
        var blocked = elsewhere(
                () -> assertThat(failureOf(batcher.submit("never"))).isInstanceOf(BatcherClosedException.class));
        await().atMost(Caller.PATIENCE).until(() -> batcher.stats().blocked() == 1);
        assertThat(batcher.shutdownNow()).containsExactly("accepted");
        resultOf(blocked);
        assertThat(batcher.stats().rejected()).isEqualTo(1);
    }

    @Test
    void r4_3_shutdownNowInterruptsEveryBatchInFlight() {
        CountDownLatch inside = new CountDownLatch(3);
        MicroBatcher<String, String> batcher = MicroBatcher.builder((List<String> jobs) -> {
                    inside.countDown();
                    new CountDownLatch(1).await();
                    return jobs;
                })
                .batchSize(1)
                .maxConcurrentBatches(3)
                .build();
        var futures = submit(batcher, 5);
        Caller.await(inside);
        assertThat(batcher.shutdownNow()).hasSize(2).isSubsetOf("3", "4");
        batcher.close();
        assertThat(futures.subList(0, 3))
                .allSatisfy(future -> assertThat(failureOf(future))
                        .isInstanceOf(JobFailedException.class)
                        .hasCauseInstanceOf(InterruptedException.class));
        assertThat(batcher.stats().inFlightBatches()).isZero();
    }

    @Test
    void r4_3_aProcessorThatIgnoresTheInterruptStillAnswersItsJobs() {
        CountDownLatch inside = new CountDownLatch(1);
        MicroBatcher<String, String> batcher = MicroBatcher.builder((List<String> jobs) -> {
                    inside.countDown();
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException asked) {
                        return jobs;
                    }
                    return List.of();
                })
                .batchSize(1)
                .build();
        var future = batcher.submit("real");
        Caller.await(inside);
        assertThat(batcher.shutdownNow()).isEmpty();
        assertThat(resultOf(future)).isEqualTo("real");
    }

    @Test
    void r4_3_shutdownNowCancelsStages() {
        CompletableFuture<List<String>> stage = new CompletableFuture<>();
        MicroBatcher<String, String> batcher = MicroBatcher.builder(BatchProcessor.<String, String>async(jobs -> stage))
                .batchSize(1)
                .executor(executor)
                .build();
        var future = batcher.submit("a");
        executor.runAll();
        batcher.shutdownNow();
        assertThat(stage).isCancelled();
        assertThat(failureOf(future)).hasCauseInstanceOf(CancellationException.class);
        assertThat(batcher.shutdown()).isCompleted();
    }

    @Test
    void r4_3_shutdownNowCancelsAStageThatIsStillToCome() {
        CompletableFuture<List<String>> stage = new CompletableFuture<>();
        List<MicroBatcher<String, String>> it = new ArrayList<>();
        it.add(MicroBatcher.builder(BatchProcessor.<String, String>async(jobs -> {
                    it.get(0).shutdownNow(); // before the batch is tied to its stage
                    return stage;
                }))
                .batchSize(1)
                .executor(Runnable::run)
                .build());
        var future = it.get(0).submit("a");
        assertThat(stage).isCancelled();
        assertThat(failureOf(future)).isInstanceOf(JobFailedException.class);
        assertThat(Thread.interrupted()).as("the flag was for the processor").isFalse();
    }

    @Test
    void r4_3_aStageThatCannotBeCancelledEndsItsBatchWhenItEnds() {
        class Stubborn extends CompletableFuture<List<String>> {
            @Override
            public CompletableFuture<List<String>> toCompletableFuture() {
                throw new UnsupportedOperationException();
            }
        }
        Stubborn stage = new Stubborn();
        MicroBatcher<String, String> batcher = MicroBatcher.builder(BatchProcessor.<String, String>async(jobs -> stage))
                .batchSize(1)
                .executor(executor)
                .build();
        var future = batcher.submit("a");
        executor.runAll();
        batcher.shutdownNow();
        assertThat(future).isNotDone();
        stage.complete(List.of("A"));
        assertThat(resultOf(future)).isEqualTo("A");
        batcher.close();
    }

    @Test
    void r4_3_theInterruptIsNeverLeftToWhatTheThreadDoesNext() throws Exception {
        ExecutorService pool = Executors.newSingleThreadExecutor();
        try {
            for (int round = 0; round < 1_000; round++) {
                CountDownLatch inside = new CountDownLatch(1);
                MicroBatcher<String, String> batcher = MicroBatcher.builder((List<String> jobs) -> {
                            inside.countDown(); // and returns while it is being interrupted
                            return jobs;
                        })
                        .batchSize(1)
                        .executor(pool)
                        .build();
                AtomicBoolean flagInCallback = new AtomicBoolean();
                var told = batcher.submit("a")
                        .whenComplete((result, failure) ->
                                flagInCallback.set(Thread.currentThread().isInterrupted()
                                        && Thread.currentThread().getName().startsWith("pool")));
                Caller.await(inside);
                batcher.shutdownNow();
                Caller.awaitEnd(told);
                assertThat(pool.submit(Thread::interrupted).get()).isFalse();
                assertThat(flagInCallback).isFalse();
            }
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void r4_3_shutdownNowByManyThreadsReturnsEachJobOnce() {
        for (int round = 0; round < 300; round++) {
            var batcher = echo(1_000).build();
            submit(batcher, 50);
            List<String> returned = Collections.synchronizedList(new ArrayList<>());
            List<CompletableFuture<Void>> threads = IntStream.range(0, 3)
                    .mapToObj(i -> elsewhere(() -> returned.addAll(batcher.shutdownNow())))
                    .toList();
            threads.forEach(Caller::resultOf);
            assertThat(returned).hasSize(50).doesNotHaveDuplicates();
        }
    }
}
