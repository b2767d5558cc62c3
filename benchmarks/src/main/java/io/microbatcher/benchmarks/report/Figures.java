package io.microbatcher.benchmarks.report;

import io.microbatcher.benchmarks.Spread;
import java.util.Locale;

/** Numbers for readers: three digits that mean something. */
public final class Figures {
    private Figures() {}

    public static String of(double value) {
        double size = Math.abs(value);
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return "–";
        }
        if (size >= 1_000_000) {
            return String.format(Locale.ROOT, "%.2f M", value / 1e6);
        }
        if (size >= 1_000) {
            return String.format(Locale.ROOT, "%,.0f", rounded(value));
        }
        if (value == Math.rint(value) || size >= 100) {
            return String.format(Locale.ROOT, "%.0f", value);
        }
        return String.format(Locale.ROOT, size >= 10 ? "%.1f" : "%.2f", value);
    }

    private static double rounded(double value) {
        double unit = Math.pow(10, Math.floor(Math.log10(Math.abs(value))) - 2);
        return Math.rint(value / unit) * unit;
    }

    public static String of(double value, String unit) {
        String text = of(value);
        return text.equals("–") ? text : text + unit;
    }

    /** The median, and the range over the forks. */
    public static String of(Spread spread) {
        if (spread.isEmpty()) {
            return "–";
        }
        if (spread.min() == spread.max()) {
            return of(spread.median());
        }
        return of(spread.median()) + " (" + of(spread.min()) + " – " + of(spread.max()) + ")";
    }
}
