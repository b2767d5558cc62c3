package io.microbatcher.benchmarks.report;

/**
 * A bar that was set before measuring, and how the measurement relates to it.
 *
 * @param workload the id of the workload
 * @param claim what must be shown
 * @param measured the figure
 * @param bar what it is compared with
 * @param atLeast whether more is better
 * @param unit of both, such as {@code ×}
 */
record Bar(String workload, String claim, double measured, double bar, boolean atLeast, String unit) {

    /** More than 1: better than the bar asks for. Not a number where the bar is zero. */
    double ratio() {
        return bar == 0 ? Double.NaN : atLeast ? measured / bar : bar / measured;
    }

    boolean isMet() {
        return atLeast ? measured >= bar : measured <= bar;
    }

    String verdict() {
        return Double.isNaN(measured) ? "not measured" : isMet() ? "met" : "**missed**";
    }

    String measuredText() {
        return Figures.of(measured, unit);
    }

    String barText() {
        return (atLeast ? "≥ " : "≤ ") + Figures.of(bar, unit);
    }

    String ratioText() {
        return Figures.of(ratio());
    }
}
