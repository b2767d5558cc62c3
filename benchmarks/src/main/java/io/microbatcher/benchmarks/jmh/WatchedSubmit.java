package io.microbatcher.benchmarks.jmh;

import io.microbatcher.MicroBatcher;
import io.microbatcher.benchmarks.peer.Watching;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** As {@link PipelinedSubmit}, with one producer: what somebody who watches costs where the backend costs nothing. */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@State(Scope.Benchmark)
public class WatchedSubmit {
    private static final int BURST = 1_024;

    @Param("size or age")
    public String policy;

    @Param("NOBODY")
    public String watching;

    private MicroBatcher<Long, Long> batcher;
    private final List<Long> jobs = new ArrayList<>();
    private final List<CompletableFuture<Long>> inFlight = new ArrayList<>();
    private int next;

    @Setup
    public void open() {
        batcher = Watching.valueOf(watching).builder(policy, given -> given).build();
        for (int i = 0; i < PipelinedSubmit.IN_FLIGHT; i++) {
            jobs.add((long) i);
        }
        inFlight.addAll(Collections.nCopies(PipelinedSubmit.IN_FLIGHT, null));
    }

    @TearDown
    public void close() {
        batcher.close();
    }

    @Benchmark
    @OperationsPerInvocation(BURST)
    public void submit() {
        for (int i = 0; i < BURST; i++) {
            int place = next;
            next = (place + 1) % PipelinedSubmit.IN_FLIGHT;
            CompletableFuture<Long> before = inFlight.get(place);
            if (before != null) {
                before.join();
            }
            inFlight.set(place, batcher.submit(jobs.get(place)));
        }
    }
}
