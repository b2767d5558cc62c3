package io.microbatcher.cli.tune;

import java.time.Duration;
import java.util.Locale;

/** Numbers as people read them: three digits, and the unit that fits. */
final class Figures {
    private Figures() {}

    static String duration(Duration duration) {
        return nanos((double) duration.toNanos());
    }

    /** The limits are where three digits would round up into the next unit. */
    static String nanos(double nanos) {
        if (nanos < 999.5) {
            return digits(nanos) + " ns";
        }
        if (nanos < 999.5e3) {
            return digits(nanos / 1e3) + " µs";
        }
        return nanos < 999.5e6 ? digits(nanos / 1e6) + " ms" : digits(nanos / 1e9) + " s";
    }

    static String count(double number) {
        return number < 100 ? digits(number) : String.format(Locale.ROOT, "%,.0f", number);
    }

    static String percent(double part) {
        return String.format(Locale.ROOT, Math.abs(part) < 0.0995 ? "%.1f %%" : "%.0f %%", part * 100);
    }

    static String javaDuration(Duration duration) {
        long nanos = duration.toNanos();
        if (nanos % 1_000_000 == 0) {
            return "Duration.ofMillis(" + grouped(nanos / 1_000_000) + ")";
        }
        return "Duration.ofNanos(" + grouped(nanos) + ")";
    }

    private static String grouped(long number) {
        return String.format(Locale.ROOT, "%,d", number).replace(',', '_') + (number > Integer.MAX_VALUE ? "L" : "");
    }

    private static String digits(double number) {
        if (number >= 99.95 || number == Math.rint(number)) {
            return String.format(Locale.ROOT, "%,.0f", number);
        }
        return String.format(Locale.ROOT, number >= 9.995 ? "%.1f" : "%.2f", number);
    }
}
