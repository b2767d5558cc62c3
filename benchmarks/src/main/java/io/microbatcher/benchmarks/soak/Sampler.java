package io.microbatcher.benchmarks.soak;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Looks once a second at what must not grow. */
final class Sampler {
    /** Collecting costs what it costs, so that it is not done at each look. */
    private static final int LOOKS_FOR_A_COLLECTION = 5;

    private final Totals totals;
    private final long beginNanos = System.nanoTime();
    private final List<Sample> samples = Collections.synchronizedList(new ArrayList<>());
    private long lastNanos = beginNanos;
    private double heapMegabytes;

    Sampler(Totals totals) {
        this.totals = totals;
    }

    /**
     * One look.
     *
     * @param second since the beginning
     * @param heapMegabytes in use after the last full collection
     * @param threads alive
     * @param jobsPerSecond answered since the last look
     * @param medianMillis half of them took no longer
     * @param tailMillis 99 of 100 took no longer
     */
    record Sample(
            double second,
            double heapMegabytes,
            int threads,
            double jobsPerSecond,
            double medianMillis,
            double tailMillis) {}

    void look() {
        if (samples.size() % LOOKS_FOR_A_COLLECTION == 0) {
            System.gc();
            heapMegabytes =
                    (Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory()) / (double) (1 << 20);
        }
        long now = System.nanoTime();
        Latencies.Taken taken = totals.latencies.take();
        samples.add(new Sample(
                (now - beginNanos) / 1e9,
                heapMegabytes,
                ManagementFactory.getThreadMXBean().getThreadCount(),
                taken.count() * 1e9 / (now - lastNanos),
                taken.medianMillis(),
                taken.tailMillis()));
        lastNanos = now;
    }

    List<Sample> samples() {
        return List.copyOf(samples);
    }
}
