package io.microbatcher.benchmarks.workload;

import java.util.SplittableRandom;

/**
 * When jobs arrive, whatever becomes of them: singly at random (Poisson), or in bursts that begin at random and whose jobs
 * come a few microseconds apart. The same seed gives every contender the same arrivals.
 */
final class Arrivals {
    private static final double WITHIN_BURST_NANOS = 10_000;

    private final SplittableRandom random;
    private final double burst;
    private final double meanGapNanos;
    private double atNanos;
    private double burstAtNanos;
    private int left;

    Arrivals(double perSecond, double burst, long seed) {
        this.random = new SplittableRandom(seed);
        this.burst = burst;
        this.meanGapNanos = 1e9 / perSecond * burst;
    }

    /** The time of the next arrival, in nanoseconds from the beginning. */
    long next() {
        if (left > 0) {
            left--;
            atNanos += WITHIN_BURST_NANOS;
        } else {
            burstAtNanos += -meanGapNanos * Math.log(1 - random.nextDouble());
            atNanos = Math.max(atNanos, burstAtNanos);
            left = burst <= 1 ? 0 : geometric() - 1;
        }
        return (long) atNanos;
    }

    /** The length of a burst, 1 or more, with the mean {@link #burst}. */
    private int geometric() {
        return 1 + (int) (Math.log(1 - random.nextDouble()) / Math.log(1 - 1 / burst));
    }
}
