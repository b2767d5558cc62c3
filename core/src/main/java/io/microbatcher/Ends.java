package io.microbatcher;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the callers of a batch that get their results from its end fare, added up by outcome: for listeners to which a job is
 * one of many. Confined to the thread that ended the batch.
 */
@SuppressWarnings("EnumOrdinal") // arrays by enum, on the way of every job; the ordinal leaves nothing here
final class Ends {
    private static final JobOutcome[] OUTCOMES = JobOutcome.values();

    private final long dispatchedNanos;
    private final long finishedNanos;
    private final int[] jobs = new int[OUTCOMES.length];
    private final long[] waitNanos = new long[OUTCOMES.length];
    private final long[] totalNanos = new long[OUTCOMES.length];

    private Ends(Batch<?, ?> batch) {
        this.dispatchedNanos = batch.dispatchedNanos;
        this.finishedNanos = batch.finishedNanos;
    }

    static <J, R extends @Nullable Object> Ends of(Batch<J, R> batch, Verdicts verdicts) {
        Ends ends = new Ends(batch);
        List<@Nullable PendingJob<J, R>> others = batch.others;
        if (others != null) {
            for (int position = 0; position < others.size(); position++) {
                ends.add(batch, others.get(position), position, verdicts);
            }
        } else {
            int position = 0;
            for (PendingJob<J, R> job = batch.first(); job != null; job = job.next) {
                ends.add(batch, job, position++, verdicts);
            }
        }
        return ends;
    }

    private <J, R extends @Nullable Object> void add(
            Batch<J, R> batch, @Nullable PendingJob<J, R> job, int position, Verdicts verdicts) {
        if (job != null && batch.isOwed(position)) {
            int outcome = verdicts.outcome(position).ordinal();
            if (batch.dispatcher.settings.coalesces()) {
                job.each(caller -> add(outcome, caller.acceptedNanos));
            } else {
                add(outcome, job.acceptedNanos);
            }
        }
    }

    private void add(int outcome, long acceptedNanos) {
        long waited = waitNanos(dispatchedNanos, acceptedNanos);
        jobs[outcome]++;
        waitNanos[outcome] += waited;
        totalNanos[outcome] += totalNanos(waited, finishedNanos, acceptedNanos);
    }

    static long waitNanos(long dispatchedNanos, long acceptedNanos) {
        return Math.max(0, dispatchedNanos - acceptedNanos);
    }

    static long totalNanos(long waitNanos, long endedNanos, long acceptedNanos) {
        return Math.max(waitNanos, endedNanos - acceptedNanos);
    }

    void tell(Watch watch) {
        for (JobOutcome outcome : OUTCOMES) {
            int which = outcome.ordinal();
            if (jobs[which] > 0) {
                watch.ended(outcome, jobs[which], waitNanos[which], totalNanos[which]);
            }
        }
    }
}
