package io.microbatcher;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Ends batches that the processor keeps for too long. With one time limit for all, they expire in the order in which they
 * were dispatched. Guarded by the board's lock.
 *
 * <p>I1: a batch that has timed out has left its slot and its lane like one that has ended, whatever its thread does. That
 * thread is nobody's any more: it is not counted on, and takes another batch only from a slot that is free when it comes
 * back.
 *
 * <p>I2: while its thread may still be in the processor, the chain of its jobs belongs to that thread, which unties it
 * when it comes back. So what callers are told is told from a list.
 */
final class BatchDeadlines<J, R extends @Nullable Object> {
    private final Dispatcher<J, R> dispatcher;
    private final long timeoutNanos;

    /**
     * A batch that has exceeded its time, and whose callers have to be told.
     *
     * @param owed its jobs by position, null for those that had ended before
     * @param cause what all of them fail with
     */
    record TimedOut<J, R extends @Nullable Object>(
            Batch<J, R> batch, List<@Nullable PendingJob<J, R>> owed, TimeoutException cause) {}

    BatchDeadlines(Dispatcher<J, R> dispatcher, long timeoutNanos) {
        this.dispatcher = dispatcher;
        this.timeoutNanos = timeoutNanos;
    }

    /** Ends the batches that are overdue, in the books; their callers are told when the lock is free. */
    void expire() {
        Batch<J, R> batch = first();
        while (batch != null && expiresAt(batch) <= dispatcher.board.now()) {
            if (!batch.finished) {
                dispatcher.board.aftermath.timedOut(ended(batch));
                if (batch.runner == null) { // stopped first, so that it will not come
                    batch.untie(); // I2
                }
            }
            batch = batch.after;
        }
    }

    /** When the next batch expires; {@link Nanos#FOREVER} if none does. */
    long nextNanos() {
        Batch<J, R> batch = first();
        while (batch != null && batch.finished) {
            batch = batch.after;
        }
        return batch == null ? Nanos.FOREVER : expiresAt(batch);
    }

    private @Nullable Batch<J, R> first() {
        return timeoutNanos == Nanos.FOREVER ? null : dispatcher.board.flight.first();
    }

    private long expiresAt(Batch<J, R> batch) {
        return Nanos.after(batch.dispatchedNanos, timeoutNanos);
    }

    private TimedOut<J, R> ended(Batch<J, R> batch) {
        TimeoutException cause = Failures.batchTimedOut(dispatcher.name(), timeoutNanos);
        batch.timedOut = true;
        dispatcher.completion.vacate(batch, cause);
        dispatcher.completion.left(batch);
        List<@Nullable PendingJob<J, R>> owed = new ArrayList<>(batch.size());
        int ended = 0;
        for (PendingJob<J, R> job = batch.first(); job != null; job = job.next) {
            boolean isOwed = job.place == batch;
            if (isOwed) {
                job.place = null;
                ended += dispatcher.board.count(job, outcome(batch, owed.size()));
                batch.failedJobs++;
            } else {
                batch.lost(owed.size());
            }
            owed.add(isOwed ? job : null);
        }
        dispatcher.board.admission.endedInFlight(ended);
        if (dispatcher.board.retries != null) {
            dispatcher.board.retries.timedOut(batch);
        }
        dispatcher.completion.land(batch);
        return new TimedOut<>(batch, owed, cause);
    }

    /** A job that had failed while its batch ran, and was kept to be tried again, has failed: it was answered in time. */
    static JobOutcome outcome(Batch<?, ?> batch, int position) {
        return batch.kept(position) == null ? JobOutcome.TIMED_OUT : JobOutcome.FAILED;
    }
}
