package io.microbatcher.benchmarks.soak;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * How a figure of the last third of the samples compares with the first third: the medians of both.
 *
 * @param what the figure
 * @param first its median in the first third
 * @param last its median in the last third
 * @param most how much it may be in the last; not a number: as much as it likes
 */
record Drift(String what, double first, double last, double most) {
    /** With fewer, a third is chance. */
    private static final int ENOUGH = 60;

    static List<Drift> of(List<Sampler.Sample> samples) {
        boolean judged = samples.size() >= ENOUGH;
        return List.of(
                drift("heap after a full collection, MiB", samples, Sampler.Sample::heapMegabytes, judged ? 1.3 : 0, 8),
                drift("threads", samples, Sampler.Sample::threads, judged ? 1.3 : 0, 10),
                drift("jobs/s", samples, Sampler.Sample::jobsPerSecond, 0, 0),
                drift("median latency, ms", samples, Sampler.Sample::medianMillis, 0, 0),
                drift("99 % latency, ms", samples, Sampler.Sample::tailMillis, 0, 0));
    }

    private static Drift drift(
            String what,
            List<Sampler.Sample> samples,
            ToDoubleFunction<Sampler.Sample> figure,
            double factor,
            double more) {
        int third = Math.max(1, samples.size() / 3);
        double first = median(samples.subList(0, Math.min(third, samples.size())), figure);
        double last = median(samples.subList(Math.max(0, samples.size() - third), samples.size()), figure);
        return new Drift(what, first, last, factor == 0 ? Double.NaN : first * factor + more);
    }

    private static double median(List<Sampler.Sample> samples, ToDoubleFunction<Sampler.Sample> figure) {
        double[] sorted = samples.stream()
                .mapToDouble(figure)
                .filter(value -> !Double.isNaN(value))
                .sorted()
                .toArray();
        return sorted.length == 0 ? Double.NaN : sorted[sorted.length / 2];
    }

    boolean isJudged() {
        return !Double.isNaN(most);
    }

    boolean holds() {
        return !isJudged() || last <= most;
    }
}
