package io.microbatcher.cli.tune;

import java.util.Arrays;
import java.util.List;

/**
 * A line through what batches of several sizes took: least squares over the median of each size, each taken relative to
 * itself, so that small batches count as much as large ones.
 *
 * @param cost the line, with the noise of single runs around the median of their size
 * @param sizes what it was fitted to
 */
record Fit(CostModel cost, List<Runs> sizes) {
    /**
     * What runs of one size took.
     *
     * @param nanos each of them, one or more
     */
    record Runs(int jobs, List<Long> nanos) {
        double medianNanos() {
            long[] sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
            int half = sorted.length / 2;
            return sorted.length % 2 == 1
                    ? sorted[half]
                    : Arrays.stream(sorted, half - 1, half + 1).average().orElseThrow();
        }
    }

    /** @param sizes two or more that differ */
    static Fit of(List<Runs> sizes) {
        return new Fit(line(sizes).withNoise(noise(sizes)), List.copyOf(sizes));
    }

    /** How far the line is off at a size that was measured, as a part. */
    double error(Runs runs) {
        return cost.meanNanos(runs.jobs()) / runs.medianNanos() - 1;
    }

    double worstError() {
        return sizes.stream().mapToDouble(runs -> Math.abs(error(runs))).max().orElse(0);
    }

    /** Weights are 1/y²; where a part would be negative it is 0, and the other one is fitted alone. */
    private static CostModel line(List<Runs> sizes) {
        double w = 0;
        double wx = 0;
        double wxx = 0;
        double wy = 0;
        double wxy = 0;
        for (Runs runs : sizes) {
            double x = runs.jobs();
            double y = runs.medianNanos();
            double weight = 1 / (y * y);
            w += weight;
            wx += weight * x;
            wxx += weight * x * x;
            wy += weight * y;
            wxy += weight * x * y;
        }
        double slope = (w * wxy - wx * wy) / (w * wxx - wx * wx);
        double fixed = (wy - slope * wx) / w;
        if (!(slope > 0)) {
            return new CostModel(wy / w, 0, 0);
        }
        return fixed > 0 ? new CostModel(fixed, slope, 0) : new CostModel(0, wxy / wxx, 0);
    }

    /** The standard deviation of the logarithm of runs around their median. */
    private static double noise(List<Runs> sizes) {
        double squares = 0;
        int freedom = 0;
        for (Runs runs : sizes) {
            double median = runs.medianNanos();
            squares += runs.nanos().stream()
                    .mapToDouble(nanos -> Math.pow(Math.log(nanos / median), 2))
                    .sum();
            freedom += runs.nanos().size() - 1;
        }
        return freedom == 0 ? 0 : Math.sqrt(squares / freedom);
    }
}
