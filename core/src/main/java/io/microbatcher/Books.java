package io.microbatcher;

import java.util.concurrent.atomic.LongAdder;

/** What has happened, counted. Guarded by the board's lock, except for refusals: they have no part in its sums. */
@SuppressWarnings("EnumOrdinal") // an array by enum, on the way of every job; the ordinal leaves nothing here
final class Books {
    private final long[] jobs = new long[JobOutcome.values().length];
    private final long[] batches = new long[DispatchReason.values().length];
    private final LongAdder rejected = new LongAdder();
    private long unmatched;
    private long dispatchedJobs;
    private long retries;
    private long coalesced;

    void ended(JobOutcome outcome, int count) {
        jobs[outcome.ordinal()] += count;
    }

    void dispatched(DispatchReason reason, int size) {
        batches[reason.ordinal()]++;
        dispatchedJobs += size;
    }

    void retried(int count) {
        retries += count;
    }

    void countRejected() {
        rejected.increment();
    }

    void countUnmatched(int count) {
        unmatched += count;
    }

    void countCoalesced() {
        coalesced++;
    }

    long jobs(JobOutcome outcome) {
        return jobs[outcome.ordinal()];
    }

    long batches(DispatchReason reason) {
        return batches[reason.ordinal()];
    }

    long rejected() {
        return rejected.sum();
    }

    long unmatched() {
        return unmatched;
    }

    long retries() {
        return retries;
    }

    long coalesced() {
        return coalesced;
    }

    long dispatchedJobs() {
        return dispatchedJobs;
    }
}
