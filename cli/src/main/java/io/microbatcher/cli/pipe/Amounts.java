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

    static String count(long count, String noun) {
        return count(count) + " " + noun + (count == 1 ? "" : noun.endsWith("ch") ? "es" : "s");
    }

    /** A part of a whole; what is not none does not look like it, nor what is not all. */
    static String percent(double part) {
        double percent = 100 * part;
        if (percent > 0 && percent < 0.1) {
            return "<0.1%";
        }
        if (percent >= 10 && percent < 100) {
            return String.format(Locale.ROOT, "%.0f%%", Math.min(99, percent));
        }
        return String.format(Locale.ROOT, percent == Math.rint(percent) ? "%.0f%%" : "%.1f%%", percent);
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
