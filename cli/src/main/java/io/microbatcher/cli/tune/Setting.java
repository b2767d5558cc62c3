package io.microbatcher.cli.tune;

import java.util.Random;

/**
 * What all candidates are tried on.
 *
 * @param workload where the jobs come from
 * @param cost what a batch costs
 * @param served how many batches the backend serves at a time; others queue there
 * @param wakeNanos what a thread takes to be woken, on average: a caller with its result, a worker for a batch
 * @param jobs how many jobs are measured for each candidate, after some more to warm up
 * @param seed of all that is random
 */
record Setting(Workload workload, CostModel cost, int served, long wakeNanos, int jobs, long seed) {
    /** Uniform from nothing to twice the mean. */
    long wakeNanos(Random random) {
        return (long) (2 * wakeNanos * random.nextDouble());
    }
}
