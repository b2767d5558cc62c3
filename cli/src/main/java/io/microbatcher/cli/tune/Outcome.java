package io.microbatcher.cli.tune;

import io.microbatcher.BatcherStats;
import java.util.Arrays;

/**
 * What one configuration did with one workload. Latency is from a job's submission to its result.
 *
 * @param candidate the configuration
 * @param jobsPerSecond how many jobs had their result
 * @param batchesPerSecond how many calls of the processor that took
 * @param meanNanos the mean latency
 * @param p50Nanos the median
 * @param p99Nanos what 99 of 100 jobs did not exceed
 * @param stats what the batcher says of itself
 */
record Outcome(
        Candidate candidate,
        double jobsPerSecond,
        double batchesPerSecond,
        double meanNanos,
        double p50Nanos,
        double p99Nanos,
        BatcherStats stats) {

    static Outcome of(
            Candidate candidate, long[] latencies, int count, long batches, double seconds, BatcherStats stats) {
        long[] sorted = Arrays.copyOf(latencies, count);
        Arrays.sort(sorted);
        return new Outcome(
                candidate,
                count / seconds,
                batches / seconds,
                Arrays.stream(sorted).average().orElse(Double.NaN),
                quantile(sorted, 0.5),
                quantile(sorted, 0.99),
                stats);
    }

    double meanBatchSize() {
        return batchesPerSecond == 0 ? 0 : jobsPerSecond / batchesPerSecond;
    }

    private static double quantile(long[] sorted, double part) {
        return sorted.length == 0 ? Double.NaN : sorted[(int) Math.min(sorted.length - 1, part * sorted.length)];
    }
}
