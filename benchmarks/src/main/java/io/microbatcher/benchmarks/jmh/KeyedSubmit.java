package io.microbatcher.benchmarks.jmh;

import io.microbatcher.benchmarks.peer.Ours;
import io.microbatcher.benchmarks.peer.Peer;
import io.microbatcher.benchmarks.peer.Setting;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
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
 * One producer whose jobs come in runs of {@value #RUN} for each key, over {@value #KEYS} keys in turn, with batches of
 * {@value #RUN}: every batch is full, with one lane as with a lane for each key, so that the lanes are all that differs.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@State(Scope.Thread)
public class KeyedSubmit {
    public static final int RUN = 16;
    public static final int KEYS = 1_000_000;
    private static final int IN_FLIGHT = 8_192;
    private static final int BURST = 1_024;

    @Param({"one", "keyed"})
    public String lanes;

    private final List<CompletableFuture<Long>> inFlight = new ArrayList<>(Collections.nCopies(IN_FLIGHT, null));
    private Peer peer;
    private long next;

    @Setup
    public void open() {
        Setting setting = Setting.of(RUN, 1_000);
        peer = lanes.equals("keyed")
                ? Ours.partitioned(setting, job -> job / RUN % KEYS, jobs -> jobs)
                : Ours.fixed(setting, jobs -> jobs);
    }

    @Benchmark
    @OperationsPerInvocation(BURST)
    public void submit() {
        for (int i = 0; i < BURST; i++) {
            int place = (int) (next % IN_FLIGHT);
            CompletableFuture<Long> before = inFlight.get(place);
            if (before != null) {
                before.join();
            }
            inFlight.set(place, peer.submit(next++));
        }
    }

    @TearDown(Level.Iteration)
    public void await() {
        inFlight.forEach(future -> {
            if (future != null) {
                future.join();
            }
        });
    }

    @TearDown
    public void close() {
        peer.close();
    }
}
