package io.microbatcher.benchmarks;

import java.util.List;

/** The values of one metric over the forks. */
public final class Spread {
    private final List<Double> sorted;

    public Spread(List<Double> values) {
        this.sorted = values.stream().sorted().toList();
    }

    public boolean isEmpty() {
        return sorted.isEmpty();
    }

    public double median() {
        if (sorted.isEmpty()) {
            return Double.NaN;
        }
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    public double min() {
        return sorted.isEmpty() ? Double.NaN : sorted.get(0);
    }

    public double max() {
        return sorted.isEmpty() ? Double.NaN : sorted.get(sorted.size() - 1);
    }
}
