package io.microbatcher.cli.tune;

import java.util.Arrays;

/**
 * What one configuration did with one workload. Latency is from the moment at which a job comes to the one at which its
 * result is there.
 *
 * @param candidate the configuration
 * @param keepsUp whether jobs came out as fast as they came in; if not, the other figures mean nothing
 * @param jobsPerSecond how many jobs had their result
 * @param callsPerSecond how many calls of the processor that took
 * @param jobsPerCall how many jobs one of them carried, on average
 * @param meanNanos the mean latency
 * @param p50Nanos the median
 * @param p99Nanos what 99 of 100 jobs did not exceed
 * @param agedPart the part of the batches that left because their oldest job had waited the whole batch cycle
 */
record Outcome(
        Candidate candidate,
        boolean keepsUp,
        double jobsPerSecond,
        double callsPerSecond,
        double jobsPerCall,
        double meanNanos,
        double p50Nanos,
        double p99Nanos,
        double agedPart) {

    static Outcome overloaded(Candidate candidate) {
        return new Outcome(
                candidate, false, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN);
    }

    /** Sorts the latencies in place. */
    static Outcome of(
            Candidate candidate, long[] latencies, long calls, double jobsPerCall, double seconds, double agedPart) {
        Arrays.sort(latencies);
        return new Outcome(
                candidate,
                true,
                latencies.length / seconds,
                calls / seconds,
                jobsPerCall,
                Arrays.stream(latencies).average().orElse(Double.NaN),
                quantile(latencies, 0.5),
                quantile(latencies, 0.99),
                agedPart);
    }

    double callsPerJob() {
        return 1 / jobsPerCall;
    }

    private static double quantile(long[] sorted, double part) {
        return sorted.length == 0 ? Double.NaN : sorted[(int) Math.min(sorted.length - 1, part * sorted.length)];
    }
}
