package io.microbatcher.cli.tune;

import java.util.Arrays;
import java.util.function.Supplier;

/**
 * Takes the latencies of jobs as they end: lets some pass to warm up, then keeps as many as are to be measured, and reads
 * the meters at both ends. The same for the simulation and for real time, so that their figures mean the same.
 *
 * <p><b>Thread safety.</b> Any thread may add.
 */
final class Tally {
    private final int warmUp;
    private final Supplier<Reading> meters;
    private final long[] latencies;
    private int ended;
    private Reading from = new Reading(0, 0, 0, 0, 0);
    private Reading to = from;

    /**
     * What the meters say at a moment: the clock, the calls of the processor, the jobs in them, the calls that were due
     * to age, the jobs that are pending.
     */
    record Reading(long nanos, long calls, long carried, long aged, long pending) {}

    Tally(int warmUp, int jobs, Supplier<Reading> meters) {
        this.warmUp = warmUp;
        this.meters = meters;
        this.latencies = new long[jobs];
    }

    /** How many jobs it takes until it is done. */
    int most() {
        return warmUp + latencies.length;
    }

    /** Returns whether it is done; what is added after that is not counted. */
    synchronized boolean add(long latencyNanos) {
        if (isDone()) {
            return true;
        }
        if (ended >= warmUp) {
            latencies[ended - warmUp] = latencyNanos;
        }
        ended++;
        if (ended == warmUp) {
            from = meters.get();
        } else if (isDone()) {
            to = meters.get();
        }
        return isDone();
    }

    synchronized boolean isDone() {
        return ended == most();
    }

    /** How many more jobs were pending at the end than at the start. */
    synchronized long backlog() {
        return to.pending() - from.pending();
    }

    /** The figures of what was measured so far, with 0 jobs if that is nothing. */
    synchronized Outcome outcome(Candidate candidate) {
        long[] measured = Arrays.copyOf(latencies, Math.max(0, ended - warmUp));
        Reading last = isDone() ? to : meters.get();
        long calls = last.calls() - from.calls();
        double agedPart = (last.aged() - from.aged()) / (double) Math.max(1, calls);
        double jobsPerCall = (last.carried() - from.carried()) / (double) calls;
        return Outcome.of(candidate, measured, calls, jobsPerCall, (last.nanos() - from.nanos()) / 1e9, agedPart);
    }
}
