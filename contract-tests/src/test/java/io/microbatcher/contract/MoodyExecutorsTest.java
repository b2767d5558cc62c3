package io.microbatcher.contract;

import static io.microbatcher.contract.Caller.failureOf;
import static io.microbatcher.contract.Caller.resultOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.microbatcher.JobFailedException;
import io.microbatcher.JobOutcome;
import io.microbatcher.MicroBatcher;
import io.microbatcher.test.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** R1.1 on executors that refuse, throw, or run what they should not: each accepted job ends, and ends once. */
class MoodyExecutorsTest {
    private final VirtualTime time = new VirtualTime();

    private MicroBatcher.Builder<String, String> echo(int batchSize) {
        return MicroBatcher.<String, String>builder(jobs -> jobs)
                .batchSize(batchSize)
                .batchCycle(Duration.ofMillis(10))
                .timer(time)
                .executor(Runnable::run);
    }

    @Test
    void r1_1_anExecutorThatAlwaysRefusesFailsTheJobs() {
        RejectedExecutionException refusal = new RejectedExecutionException("never");
        var batcher = echo(2).executor(task -> {
                    throw refusal;
                })
                .build();
        List<CompletableFuture<String>> futures =
                IntStream.range(0, 7).mapToObj(i -> batcher.submit("job-" + i)).toList();
        batcher.close();
        assertThat(futures)
                .allSatisfy(future -> assertThat(failureOf(future))
                        .isExactlyInstanceOf(JobFailedException.class)
                        .cause()
                        .isSameAs(refusal));
        assertThat(batcher.stats().inFlightBatches()).isZero();
    }

    @Test
    void r1_1_anExecutorThatThrowsAnErrorFailsTheJobs() {
        var batcher = echo(1).executor(task -> {
                    throw new OutOfMemoryError("unable to create native thread");
                })
                .build();
        assertThat(failureOf(batcher.submit("a"))).hasCauseInstanceOf(OutOfMemoryError.class);
    }

    @Test
    void r1_1_anExecutorThatRefusesNowAndThenFailsOnlyWhatItRefused() {
        AtomicInteger calls = new AtomicInteger();
        var batcher = echo(1).executor(task -> {
                    if (calls.incrementAndGet() % 2 == 0) {
                        throw new RejectedExecutionException("now and then");
                    }
                    task.run();
                })
                .build();
        for (int i = 0; i < 100; i++) {
            var future = batcher.submit("job");
            Caller.awaitEnd(future);
            batcher.drain().join(); // the next one finds a free slot, and asks the executor
        }
        batcher.close();
        assertThat(batcher.stats().jobs(JobOutcome.FAILED)).isEqualTo(50);
        assertThat(batcher.stats().jobs(JobOutcome.SUCCEEDED)).isEqualTo(50);
    }

    @Test
    void r1_1_anExecutorThatRunsAndThenThrowsDoesNotEndAJobTwice() {
        AtomicInteger processed = new AtomicInteger();
        var batcher = MicroBatcher.builder((List<String> jobs) -> {
                    processed.addAndGet(jobs.size());
                    return jobs;
                })
                .batchSize(1)
                .executor(task -> {
                    task.run();
                    throw new RejectedExecutionException("after all");
                })
                .build();
        for (int i = 0; i < 10; i++) {
            assertThat(resultOf(batcher.submit("a"))).isEqualTo("a");
        }
        batcher.close();
        assertThat(processed).hasValue(10);
        assertThat(batcher.stats().jobs(JobOutcome.SUCCEEDED)).isEqualTo(10);
    }

    @Test
    void r1_1_anExecutorThatRunsEachTaskTwiceProcessesEachJobOnce() {
        List<String> processed = new ArrayList<>();
        var batcher = MicroBatcher.builder((List<String> jobs) -> {
                    processed.addAll(jobs);
                    return jobs;
                })
                .batchSize(1)
                .executor(task -> {
                    task.run();
                    task.run();
                })
                .build();
        assertThat(resultOf(batcher.submit("a"))).isEqualTo("a");
        assertThat(resultOf(batcher.submit("b"))).isEqualTo("b");
        assertThat(processed).containsExactly("a", "b");
    }

    @Test
    void r1_1_anExecutorThatKeepsATaskThatItRefusedDoesNoHarm() {
        List<Runnable> kept = new ArrayList<>();
        var batcher = echo(1).executor(task -> {
                    kept.add(task);
                    throw new RejectedExecutionException("and kept");
                })
                .build();
        var future = batcher.submit("a");
        assertThat(failureOf(future)).hasCauseInstanceOf(RejectedExecutionException.class);
        kept.forEach(Runnable::run);
        batcher.close();
        assertThat(batcher.stats().jobs(JobOutcome.FAILED)).isEqualTo(1);
        assertThat(batcher.stats().inFlightBatches()).isZero();
    }

    @Test
    void r1_1_anExecutorThatIsShutDownWhileJobsWaitFailsThem() {
        ThreadPoolExecutor pool =
                new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new java.util.concurrent.LinkedBlockingQueue<>());
        var batcher = echo(1).executor(pool).build();
        assertThat(resultOf(batcher.submit("before"))).isEqualTo("before");
        pool.shutdown();
        var after = batcher.submit("after");
        batcher.close();
        // the pool's worker may still have been looking for the next batch
        assertThat(after).isDone();
        assertThat(batcher.stats().pending()).isZero();
    }
}
