package io.microbatcher.cli.tune;

import java.util.Random;

/** Where the jobs come from. */
sealed interface Workload {
    /** How long jobs take to come by themselves, roughly: what a time limit is made of. */
    double nanosFor(int jobs);

    /**
     * Callers that block: each submits its next job after it has the result of the last.
     *
     * @param callers how many, 1 or more
     * @param thinkNanos how long a caller does something else between a result and its next job, on average
     */
    record ClosedLoop(int callers, long thinkNanos) implements Workload {
        /** Uniform from nothing to twice the mean. */
        long thinkNanos(Random random) {
            return (long) (2 * thinkNanos * random.nextDouble());
        }

        @Override
        public double nanosFor(int jobs) {
            return (double) jobs * thinkNanos;
        }

        @Override
        public String toString() {
            return (callers == 1 ? "1 caller that blocks" : Figures.count(callers) + " callers that block")
                    + (thinkNanos == 0 ? "" : " and think for " + Figures.nanos((double) thinkNanos));
        }
    }

    /**
     * Jobs that come by themselves, at random times.
     *
     * @param perSecond how many, on average
     * @param burst how many come at the same moment, 1 for a Poisson process
     */
    record OpenLoop(double perSecond, int burst) implements Workload {
        long nextGapNanos(Random random) {
            return (long) (-Math.log(1 - random.nextDouble()) * burst * 1e9 / perSecond);
        }

        @Override
        public double nanosFor(int jobs) {
            return jobs * 1e9 / perSecond;
        }

        @Override
        public String toString() {
            String rate = Figures.count(perSecond) + " jobs/s";
            return burst == 1 ? rate : rate + " in bursts of " + burst;
        }
    }
}
