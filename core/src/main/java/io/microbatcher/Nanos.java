package io.microbatcher;

import java.time.Duration;

/** Nanoseconds that never overflow: {@link #FOREVER} stands for every time that does not fit. */
final class Nanos {
    static final long FOREVER = Long.MAX_VALUE;

    private Nanos() {}

    static long of(Duration duration) {
        try {
            return duration.toNanos();
        } catch (ArithmeticException tooLong) {
            return duration.isNegative() ? Long.MIN_VALUE : FOREVER;
        }
    }

    /** The time a while after a moment; neither is negative. */
    static long after(long nanos, long whileNanos) {
        long sum = nanos + whileNanos;
        return sum < 0 ? FOREVER : sum;
    }
}
