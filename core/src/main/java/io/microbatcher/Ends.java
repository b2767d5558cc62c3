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

    // Those since the last change of outcome: mostly all, and fields are cheaper than what is in arrays.
    private JobOutcome outcome = JobOutcome.SUCCEEDED;
    private int runJobs;
    private long runWaitNanos;
    private long runTotalNanos;

    private Ends(Batch<?, ?> batch) {
        this.dispatchedNanos = batch.dispatchedNanos;
        this.finishedNanos = batch.finishedNanos;
    }

    static <J, R extends @Nullable Object> Ends of(Batch<J, R> batch, Verdicts verdicts) {
        Ends ends = new Ends(batch);
        boolean coalesced = batch.dispatcher.settings.coalesces();
        List<@Nullable PendingJob<J, R>> others = batch.others;
        if (others != null) {
            for (int position = 0; position < others.size(); position++) {
                PendingJob<J, R> job = others.get(position);
                if (job != null && batch.isOwed(position)) {
                    ends.add(job, verdicts.outcome(position), coalesced);
                }
            }
        } else {
            int position = 0;
            for (PendingJob<J, R> job = batch.first(); job != null; job = job.next) {
                if (batch.isOwed(position)) {
                    ends.add(job, verdicts.outcome(position), coalesced);
                }
                position++;
            }
        }
        ends.endRun();
        return ends;
    }

    private void add(PendingJob<?, ?> job, JobOutcome how, boolean coalesced) {
        if (how != outcome) {
            endRun();
            outcome = how;
        }
        if (coalesced) {
            job.eachToCome(caller -> add(caller.acceptedNanos));
        } else {
            add(job.acceptedNanos);
        }
    }

    private void add(long acceptedNanos) {
        long waited = waitNanos(dispatchedNanos, acceptedNanos);
        runJobs++;
        runWaitNanos += waited;
        runTotalNanos += totalNanos(waited, finishedNanos, acceptedNanos);
    }

    private void endRun() {
        int which = outcome.ordinal();
        jobs[which] += runJobs;
        waitNanos[which] += runWaitNanos;
        totalNanos[which] += runTotalNanos;
        runJobs = 0;
        runWaitNanos = 0;
        runTotalNanos = 0;
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
