package io.microbatcher.cli.tune;

import java.time.Duration;
import java.util.Locale;

/** Numbers as people read them. */
final class Figures {
    private Figures() {}

    /** Three digits and the unit that fits. */
    static String duration(Duration duration) {
        return nanos((double) duration.toNanos());
    }

    static String nanos(double nanos) {
        if (nanos < 1e3) {
            return digits(nanos) + " ns";
        }
        if (nanos < 1e6) {
            return digits(nanos / 1e3) + " µs";
        }
        return nanos < 1e9 ? digits(nanos / 1e6) + " ms" : digits(nanos / 1e9) + " s";
    }

    static String count(double number) {
        return number < 100 ? digits(number) : String.format(Locale.ROOT, "%,.0f", number);
    }

    static String javaDuration(Duration duration) {
        long nanos = duration.toNanos();
        if (nanos % 1_000_000 == 0) {
            return "Duration.ofMillis(" + nanos / 1_000_000 + ")";
        }
        return "Duration.ofNanos(" + String.format(Locale.ROOT, "%,d", nanos).replace(',', '_') + ")";
    }

    private static String digits(double number) {
        return number >= 100 || number == Math.rint(number)
                ? String.format(Locale.ROOT, "%.0f", number)
                : String.format(Locale.ROOT, number >= 10 ? "%.1f" : "%.2f", number);
    }
}
