package io.microbatcher.benchmarks.jmh;

import io.microbatcher.benchmarks.peer.Contender;
import io.microbatcher.benchmarks.peer.Peer;
import io.microbatcher.benchmarks.peer.Setting;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Phaser;
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
import org.openjdk.jmh.infra.ThreadParams;

/**
 * Producers that submit without waiting, each with up to {@value #IN_FLIGHT} jobs in flight, over a backend that costs
 * nothing: what is left is the cost of the batcher itself. An operation is one job, from submit to its result.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class PipelinedSubmit {
    public static final int IN_FLIGHT = 8_192;
    private static final int BURST = 1_024;

    /** The contender, shared by the producers. */
    @State(Scope.Benchmark)
    public static class Batching {
        @Param("OURS_FIXED")
        public String contender;

        @Param("size=128 cycle=1000us workers=1")
        public String setting;

        Peer peer;

        /** How many producers wait for results: a peer whose close does not wait must not be closed under them. */
        private final Phaser producers = new Phaser(1);

        @Setup
        public void open() {
            peer = Contender.valueOf(contender).open(Setting.parse(setting), jobs -> jobs);
        }

        @TearDown
        public void close() {
            producers.arriveAndAwaitAdvance();
            peer.close();
        }
    }

    /** One producer: its jobs, made beforehand, and the futures of those in flight. */
    @State(Scope.Thread)
    public static class Producer {
        private final List<Long> jobs = new ArrayList<>();
        private final List<CompletableFuture<Long>> inFlight = new ArrayList<>();
        private int next;

        @Setup
        public void prepare(ThreadParams threads) {
            for (int i = 0; i < IN_FLIGHT; i++) {
                jobs.add((long) threads.getThreadIndex() * IN_FLIGHT + i);
            }
            inFlight.addAll(Collections.nCopies(IN_FLIGHT, null));
        }

        void submit(Peer peer) {
            int place = next;
            next = (place + 1) % IN_FLIGHT;
            Long job = jobs.get(place);
            CompletableFuture<Long> before = inFlight.get(place);
            if (before != null && before.join().longValue() != job.longValue()) {
                throw new AssertionError("job " + job + " got " + before.join());
            }
            inFlight.set(place, peer.submit(job));
        }

        @Setup(Level.Iteration)
        public void begin(Batching batching) {
            batching.producers.register();
        }

        @TearDown(Level.Iteration)
        public void await(Batching batching) {
            for (CompletableFuture<Long> future : inFlight) {
                if (future != null) {
                    future.join();
                }
            }
            batching.producers.arriveAndDeregister();
        }
    }

    @Benchmark
    @OperationsPerInvocation(BURST)
    public void submit(Batching batching, Producer producer) {
        for (int i = 0; i < BURST; i++) {
            producer.submit(batching.peer);
        }
    }
}
