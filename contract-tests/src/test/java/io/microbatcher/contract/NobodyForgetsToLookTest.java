package io.microbatcher.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.microbatcher.BatchListener;
import io.microbatcher.BatchProcessor;
import io.microbatcher.DispatchReason;
import io.microbatcher.JobOutcome;
import io.microbatcher.MicroBatcher;
import io.microbatcher.Timer;
import io.microbatcher.test.ManualExecutor;
import io.microbatcher.test.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is due is looked at, whoever would have had to do it. Nothing here calls what would make the batcher look. */
@Timeout(60)
class NobodyForgetsToLookTest {
    private final VirtualTime time = new VirtualTime();

    @Test
    void r2_2_jobsOfAKeyThatWaitedForItsBatchInFlightCountWhenTheNextOnesCome() {
        List<CompletableFuture<List<String>>> stages = new ArrayList<>();
        MicroBatcher<String, String> batcher = MicroBatcher.builder(BatchProcessor.async((List<String> jobs) -> {
                    CompletableFuture<List<String>> stage = new CompletableFuture<>();
                    stages.add(stage);
                    return stage;
                }))
                .batchSize(10)
                .batchCycle(Duration.ofDays(1))
                .maxConcurrentBatches(2)
                .partitionBy(job -> "one")
                .maxConcurrentBatchesPerKey(1)
                .timer(time)
                .executor(Runnable::run)
                .build();
        for (int i = 0; i < 15; i++) {
            batcher.submit("job");
        }
        stages.get(0).complete(List.of());
        for (int i = 0; i < 5; i++) {
            batcher.submit("job");
        }
        assertThat(stages).hasSize(2);
    }

    @Test
    void r3_1_aBatchThatHangsDoesNotBlockThoseThatComeLaterWhereTheLimitIsLearnt() {
        List<CompletableFuture<List<String>>> stages = new ArrayList<>();
        MicroBatcher<String, String> batcher = MicroBatcher.builder(BatchProcessor.async((List<String> jobs) -> {
                    CompletableFuture<List<String>> stage = new CompletableFuture<>();
                    stages.add(stage);
                    return stage;
                }))
                .batchSize(1)
                .adaptiveConcurrency(8)
                .timer(time)
                .executor(Runnable::run)
                .build();
        batcher.submit("teaches the duration");
        time.advance(Duration.ofMillis(1));
        stages.get(0).complete(List.of("done"));
        for (int i = 1; i <= 2; i++) { // each halves the limit, which starts at 4
            batcher.submit("too much");
            time.advance(Duration.ofMillis(1));
            stages.get(i).completeExceptionally(new TimeoutException());
        }
        batcher.submit("hangs");
        time.advance(Duration.ofSeconds(1));
        batcher.submit("has to pass");
        time.advance(Duration.ofSeconds(1));
        assertThat(stages).hasSize(5);
    }

    @Test
    void r2_6_aDrainWaitsForAnAnswerThatIsInTheBooksButNotWithItsCaller() throws Exception {
        CountDownLatch inListener = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        List<Thread> answering = new ArrayList<>();
        MicroBatcher<String, String> batcher = MicroBatcher.builder(BatchProcessor.<String, String>streaming(
                        (jobs, answers) -> {
                            Thread other = new Thread(() -> answers.complete(0, "answer"));
                            answering.add(other);
                            other.start();
                            inListener.await();
                        }))
                .batchSize(1)
                .listener(new BatchListener() {
                    @Override
                    public void ended(Object job, JobOutcome outcome, long waitNanos, long totalNanos) {
                        inListener.countDown();
                        try {
                            goOn.await();
                        } catch (InterruptedException wrong) {
                            throw new AssertionError(wrong);
                        }
                    }
                })
                .executor(Runnable::run)
                .build();
        CompletableFuture<String> job = batcher.submit("job"); // its batch has ended when this returns
        CompletableFuture<Void> drained = batcher.drain();
        assertThat(job).isNotDone();
        assertThat(drained).isNotDone();
        goOn.countDown();
        drained.get(30, TimeUnit.SECONDS);
        assertThat(job).isCompletedWithValue("answer");
        answering.get(0).join();
    }

    @Test
    void r4_4_theOnlyThreadOfAPoolHelpsItselfThoughAWorkerHasRunOnTheSubmittersThread() throws Exception {
        ExecutorService pool = new ThreadPoolExecutor(
                1, 1, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>(1), new ThreadPoolExecutor.CallerRunsPolicy());
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch gate = new CountDownLatch(1);
        try (MicroBatcher<Integer, Integer> batcher = MicroBatcher.builder((List<Integer> jobs) -> {
                    if (jobs.contains(1)) {
                        begun.countDown();
                        gate.await();
                    }
                    return jobs;
                })
                .batchSize(1)
                .maxConcurrentBatches(3)
                .executor(pool)
                .build()) {
            CompletableFuture<Integer> first = batcher.submit(1); // keeps the only thread
            begun.await();
            batcher.submit(2); // fills the queue
            batcher.submit(3); // runs here
            gate.countDown();
            first.get(30, TimeUnit.SECONDS);
            CompletableFuture<Integer> waits = CompletableFuture.supplyAsync(
                    () -> {
                        try {
                            return batcher.run(4);
                        } catch (InterruptedException wrong) {
                            throw new AssertionError(wrong);
                        }
                    },
                    pool);
            assertThat(waits.get(30, TimeUnit.SECONDS)).isEqualTo(4);
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void r4_4_batchersWhoseExecutorsRunAtOnceMayCallEachOtherAsDeepAsTheyLike() throws Exception {
        MicroBatcher<Integer, Integer> inner = chained(null);
        for (int i = 0; i < 40; i++) {
            inner = chained(inner);
        }
        assertThat(inner.run(1)).isEqualTo(1);
    }

    private static MicroBatcher<Integer, Integer> chained(MicroBatcher<Integer, Integer> next) {
        Executor own = Runnable::run;
        return MicroBatcher.builder((List<Integer> jobs) -> next == null ? jobs : List.of(next.run(jobs.get(0))))
                .batchSize(1)
                .executor(task -> own.execute(task))
                .build();
    }

    @Test
    void aLoneCallerUnderALatencyTargetIsSoonHeldForNobody() {
        MicroBatcher<String, String> batcher = MicroBatcher.builder(BatchProcessor.async((List<String> jobs) -> {
                    CompletableFuture<List<String>> stage = new CompletableFuture<>();
                    time.schedule(time.nanos() + 1_000_000, () -> stage.complete(jobs));
                    return stage;
                }))
                .latencyTarget(Duration.ofMillis(50))
                .timer(time)
                .executor(Runnable::run)
                .build();
        int answered = 0;
        for (int i = 0; i < 100; i++) {
            CompletableFuture<String> job = batcher.submit("job");
            time.advance(Duration.ofMillis(2));
            answered += job.isDone() ? 1 : 0;
            time.advance(Duration.ofMillis(60));
            assertThat(job).isDone();
        }
        assertThat(answered).isGreaterThan(85);
        assertThat(batcher.stats().batches(DispatchReason.TARGET)).isEqualTo(100);
    }

    @Test
    void r5_5_nobodyLooksAgainWhileAWorkerIsComingForAllThatIsDue() {
        AtomicInteger looks = new AtomicInteger();
        Timer counting = new Timer() {
            @Override
            public long nanos() {
                looks.incrementAndGet();
                return time.nanos();
            }

            @Override
            public void schedule(long atNanos, Runnable task) {
                time.schedule(atNanos, task);
            }
        };
        ManualExecutor workers = new ManualExecutor();
        List<Integer> eachSubmit = new ArrayList<>();
        MicroBatcher<String, String> batcher = MicroBatcher.builder((List<String> jobs) -> jobs)
                .batchSize(2)
                .batchCycle(Duration.ofDays(1))
                .maxConcurrentBatches(1)
                .timer(counting)
                .executor(workers)
                .build();
        batcher.submit("a")
                .thenRun(
                        () -> { // on the worker, which will look when this returns
                            batcher.submit("due");
                            batcher.submit("due");
                            for (int i = 0; i < 5; i++) {
                                int before = looks.get();
                                batcher.submit("more");
                                eachSubmit.add(looks.get() - before);
                            }
                        });
        batcher.submit("b");
        workers.runAll();
        assertThat(eachSubmit).containsOnly(1); // its own time of acceptance
        assertThat(batcher.stats().batches()).isEqualTo(4);
    }
}
