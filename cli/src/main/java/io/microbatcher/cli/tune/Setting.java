package io.microbatcher.cli.tune;

/**
 * What all candidates are tried on.
 *
 * @param workload where the jobs come from
 * @param cost what a batch costs
 * @param served how many batches the backend serves at a time; others queue there
 * @param jobs how many jobs are measured for each candidate, after some more to warm up
 * @param seed of all that is random
 */
record Setting(Workload workload, CostModel cost, int served, int jobs, long seed) {}
