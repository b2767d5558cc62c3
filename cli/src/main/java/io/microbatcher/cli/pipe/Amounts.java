package io.microbatcher.cli.pipe;

import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Writes numbers for people. */
final class Amounts {
    private static final double NANOS_PER_MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    private Amounts() {}

    static String count(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    static String rate(long count, long nanos) {
        return String.format(Locale.ROOT, "%,.0f/s", count / Math.max(1e-9, nanos / 1e9));
    }

    static String time(long nanos) {
        double millis = nanos / NANOS_PER_MILLI;
        return millis < 1000
                ? String.format(Locale.ROOT, "%.0f ms", millis)
                : String.format(Locale.ROOT, "%,.1f s", millis / 1000);
    }
}
