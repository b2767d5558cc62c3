package io.microbatcher.cli.tune;

import java.util.Random;

/**
 * What a batch costs: a fixed part, a part for each job, and noise that changes no mean.
 *
 * @param fixedNanos for each batch, 0 or more
 * @param perJobNanos for each job in it, 0 or more
 * @param noise the standard deviation of the logarithm: 0 for none, 0.1 for a tenth more or less
 */
record CostModel(double fixedNanos, double perJobNanos, double noise) {
    CostModel withNoise(double other) {
        return new CostModel(fixedNanos, perJobNanos, other);
    }

    double meanNanos(int jobs) {
        return fixedNanos + perJobNanos * jobs;
    }

    long nanos(int jobs, Random random) {
        double factor = noise == 0 ? 1 : Math.exp(noise * random.nextGaussian() - noise * noise / 2);
        return Math.max(1, Math.round(meanNanos(jobs) * factor));
    }

    /** The most jobs in a second with full batches, so many at a time. */
    double jobsPerSecond(int batchSize, int atATime) {
        return atATime * batchSize * 1e9 / Math.max(1, meanNanos(batchSize));
    }

    @Override
    public String toString() {
        String perJob = Figures.nanos(perJobNanos) + " for each job";
        String fixed = Figures.nanos(fixedNanos);
        String cost = perJobNanos == 0 ? fixed : fixedNanos == 0 ? perJob : fixed + " and " + perJob;
        return noise == 0 ? cost : cost + ", more or less " + Math.round(noise * 100) + " %";
    }
}
