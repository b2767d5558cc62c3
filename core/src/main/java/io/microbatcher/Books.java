package io.microbatcher;

/** What has happened, counted. Guarded by the dispatcher's lock. */
final class Books {
    private final long[] jobs = new long[JobOutcome.values().length];
    private final long[] batches = new long[DispatchReason.values().length];
    private long rejected;
    private long unmatched;
    private long dispatchedJobs;

    void ended(JobOutcome outcome) {
        jobs[outcome.ordinal()]++;
    }

    void dispatched(DispatchReason reason, int size) {
        batches[reason.ordinal()]++;
        dispatchedJobs += size;
    }

    void countRejected() {
        rejected++;
    }

    void countUnmatched(int count) {
        unmatched += count;
    }

    long jobs(JobOutcome outcome) {
        return jobs[outcome.ordinal()];
    }

    long batches(DispatchReason reason) {
        return batches[reason.ordinal()];
    }

    long rejected() {
        return rejected;
    }

    long unmatched() {
        return unmatched;
    }

    long dispatchedJobs() {
        return dispatchedJobs;
    }
}
