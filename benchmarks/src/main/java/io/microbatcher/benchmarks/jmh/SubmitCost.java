package io.microbatcher.benchmarks.jmh;

import io.microbatcher.benchmarks.peer.Ours;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jctools.queues.MpscUnboundedArrayQueue;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What a call of {@code submit} costs its caller, when no batch is due and nothing else happens: one shot of
 * {@value #JOBS} calls into an empty batcher, and the same into bare queues.
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
public class SubmitCost {
    public static final int JOBS = 50_000;

    @Param({"micro-batcher", "LinkedBlockingQueue", "MpscUnboundedArrayQueue"})
    public String into;

    private final List<Long> jobs = new ArrayList<>();
    private Function<Long, CompletableFuture<Long>> submit;
    private Runnable end;

    @Setup
    public void makeJobs() {
        for (long job = 0; job < JOBS; job++) {
            jobs.add(job);
        }
    }

    @Setup(Level.Invocation)
    public void open() {
        switch (into) {
            case "micro-batcher" -> {
                Ours batcher = Ours.holding(processed -> processed);
                submit = batcher::submit;
                end = batcher::discard;
            }
            case "LinkedBlockingQueue" -> into(new LinkedBlockingQueue<>());
            default -> into(new MpscUnboundedArrayQueue<>(1_024));
        }
    }

    /** A future for each job, as the least that a caller has to be given. */
    private void into(Queue<CompletableFuture<Long>> queue) {
        submit = job -> {
            CompletableFuture<Long> result = new CompletableFuture<>();
            queue.add(result);
            return result;
        };
        end = queue::clear;
    }

    @Benchmark
    @OperationsPerInvocation(JOBS)
    public CompletableFuture<Long> submit() {
        CompletableFuture<Long> last = null;
        for (int i = 0; i < JOBS; i++) {
            last = submit.apply(jobs.get(i));
        }
        return last;
    }

    @TearDown(Level.Invocation)
    public void close() {
        end.run();
    }
}
