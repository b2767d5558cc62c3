package io.microbatcher.benchmarks.peer;

import io.microbatcher.BatcherStats;
import io.microbatcher.DispatchPolicy;
import io.microbatcher.MicroBatcher;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** The micro-batcher: the one place that says how each workload configures it. */
public final class Ours implements Peer {
    private final MicroBatcher<Long, Long> batcher;

    private Ours(MicroBatcher.Builder<Long, Long> builder) {
        this.batcher = builder.build();
    }

    private static MicroBatcher.Builder<Long, Long> builder(Backend backend) {
        return MicroBatcher.builder(backend::process);
    }

    private static Duration cycle(Setting setting) {
        return Duration.ofNanos(TimeUnit.MICROSECONDS.toNanos(setting.cycleMicros()));
    }

    /** A size and an age, with a fixed number of slots. */
    public static Ours fixed(Setting setting, Backend backend) {
        return new Ours(builder(backend)
                .batchSize(setting.size())
                .batchCycle(cycle(setting))
                .maxConcurrentBatches(setting.workers()));
    }

    /** At once when a slot is free. */
    public static Ours natural(Setting setting, Backend backend) {
        return new Ours(builder(backend)
                .batchSize(setting.size())
                .dispatchPolicy(DispatchPolicy.natural())
                .maxConcurrentBatches(setting.workers()));
    }

    /** Holds every job until it is {@linkplain #discard discarded}. */
    public static Ours holding(Backend backend) {
        return new Ours(builder(backend).batchSize(Integer.MAX_VALUE).batchCycle(Duration.ofDays(1)));
    }

    /** Ends what waits, unprocessed. */
    public void discard() {
        batcher.shutdownNow();
    }

    /** Adaptive dispatch and nothing else: untuned. */
    public static Ours adaptive(Backend backend) {
        return new Ours(builder(backend).adaptive());
    }

    /** The number of slots is found by the batcher. */
    public static Ours adaptiveConcurrency(int max, Backend backend) {
        return new Ours(builder(backend).adaptive().adaptiveConcurrency(max));
    }

    /** A lane for each key. */
    public static Ours partitioned(Setting setting, Function<Long, Long> key, Backend backend) {
        return new Ours(builder(backend)
                .batchSize(setting.size())
                .batchCycle(cycle(setting))
                .maxConcurrentBatches(setting.workers())
                .partitionBy(key));
    }

    @Override
    public CompletableFuture<Long> submit(Long job) {
        return batcher.submit(job);
    }

    @Override
    public Long call(Long job) throws Exception {
        return batcher.run(job);
    }

    public BatcherStats stats() {
        return batcher.stats();
    }

    @Override
    public void close() {
        batcher.close();
    }
}
