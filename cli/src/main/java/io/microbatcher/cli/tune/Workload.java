package io.microbatcher.cli.tune;

import java.util.Random;

/** Where the jobs come from. */
sealed interface Workload {
    /**
     * Callers that block: each submits its next job after it has the result of the last.
     *
     * @param callers how many, 1 or more
     * @param comeBackNanos how long a caller takes from one to the other: to be woken, and to think
     */
    record ClosedLoop(int callers, long comeBackNanos) implements Workload {
        @Override
        public String toString() {
            return callers == 1 ? "1 caller that blocks" : callers + " callers that block";
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
        public String toString() {
            String rate = Figures.count(perSecond) + " jobs/s";
            return burst == 1 ? rate : rate + " in bursts of " + burst;
        }
    }
}
