package io.microbatcher.cli.tune;

import java.time.Duration;
import java.util.Random;

/**
 * What a batch costs: a fixed part, a part for each job, and noise.
 *
 * @param fixedNanos for each batch, 0 or more
 * @param perJobNanos for each job in it, 0 or more
 * @param noise the standard deviation of the logarithm: 0 for none, 0.1 for a tenth more or less
 */
record CostModel(double fixedNanos, double perJobNanos, double noise) {
    long nanos(int jobs, Random random) {
        double factor = noise == 0 ? 1 : Math.exp(noise * random.nextGaussian() - noise * noise / 2);
        return Math.max(1, (long) ((fixedNanos + perJobNanos * jobs) * factor));
    }

    @Override
    public String toString() {
        String cost = duration(fixedNanos) + " + " + duration(perJobNanos) + "·n";
        return noise == 0 ? cost : cost + " ± " + Math.round(noise * 100) + " %";
    }

    private static String duration(double nanos) {
        return Figures.duration(Duration.ofNanos((long) nanos));
    }
}
