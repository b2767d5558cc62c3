package io.microbatcher.benchmarks.soak;

import java.util.concurrent.atomic.AtomicLongArray;

/** How long jobs took, in classes a sixteenth apart; many threads add, one takes. */
final class Latencies {
    private static final int PARTS = 16;

    private final AtomicLongArray classes = new AtomicLongArray(64 * PARTS);

    void add(long nanos) {
        classes.incrementAndGet(classOf(Math.max(1, nanos)));
    }

    private static int classOf(long nanos) {
        int power = 63 - Long.numberOfLeadingZeros(nanos);
        long part = power < 4 ? (nanos << (4 - power)) & (PARTS - 1) : (nanos >>> (power - 4)) & (PARTS - 1);
        return power * PARTS + (int) part;
    }

    private static double millisOf(int index) {
        int exponent = index / PARTS;
        double power = Math.pow(2, exponent);
        return power * (1 + (index % PARTS + 0.5) / PARTS) / 1e6;
    }

    /**
     * What has been added since the last time.
     *
     * @param count how many
     * @param medianMillis half took no longer
     * @param tailMillis 99 of 100 took no longer
     */
    record Taken(long count, double medianMillis, double tailMillis) {}

    Taken take() {
        long[] counts = new long[classes.length()];
        long total = 0;
        for (int i = 0; i < counts.length; i++) {
            counts[i] = classes.getAndSet(i, 0);
            total += counts[i];
        }
        return new Taken(total, quantile(counts, total, 0.5), quantile(counts, total, 0.99));
    }

    private static double quantile(long[] counts, long total, double part) {
        long wanted = (long) Math.ceil(total * part);
        for (int i = 0; i < counts.length && total > 0; i++) {
            wanted -= counts[i];
            if (wanted <= 0) {
                return millisOf(i);
            }
        }
        return Double.NaN;
    }
}
