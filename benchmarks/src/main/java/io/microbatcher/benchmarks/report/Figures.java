package io.microbatcher.benchmarks.report;

import io.microbatcher.benchmarks.Spread;
import java.util.Locale;

/** Numbers for readers: three digits that mean something. */
public final class Figures {
    private Figures() {}

    public static String of(double value) {
        if (Double.isNaN(value)) {
            return "–";
        }
        double size = Math.abs(value);
        if (size >= 1_000) {
            return String.format(Locale.ROOT, "%,.0f", value);
        }
        if (size >= 100) {
            return String.format(Locale.ROOT, "%.0f", value);
        }
        if (size >= 10) {
            return String.format(Locale.ROOT, "%.1f", value);
        }
        return String.format(Locale.ROOT, "%.2f", value);
    }

    /** The median, and the range over the forks. */
    public static String of(Spread spread) {
        if (spread.isEmpty()) {
            return "–";
        }
        return of(spread.median()) + " (" + of(spread.min()) + " – " + of(spread.max()) + ")";
    }
}
