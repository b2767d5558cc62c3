package io.microbatcher;

import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The pending jobs in order of acceptance, which with one time limit for all is the order in which they expire. Guarded
 * by the board's lock.
 *
 * <p>A job that has ended stays until it is at the head or the ended outnumber the pending: a constant time for each job
 * on average, and memory in proportion.
 */
final class Deadlines<J, R extends @Nullable Object> {
    private static final int FEW = 64;

    private final long timeoutNanos;
    private final Queue<PendingJob<J, R>> jobs = new ArrayDeque<>();

    Deadlines(long timeoutNanos) {
        this.timeoutNanos = timeoutNanos;
    }

    /** A job was accepted, of as many as are pending. */
    void add(PendingJob<J, R> job, int pending) {
        if (jobs.size() >= 2L * pending + FEW) {
            jobs.removeIf(ended -> ended.place == null);
        }
        jobs.add(job);
    }

    /** A job that has exceeded its time, if there is one. */
    @Nullable
    PendingJob<J, R> overdue(long nowNanos) {
        return nextNanos() <= nowNanos ? jobs.peek() : null;
    }

    /** When the next job expires; {@link Nanos#FOREVER} if none does. */
    long nextNanos() {
        PendingJob<J, R> first = jobs.peek();
        while (first != null && first.place == null) {
            jobs.poll();
            first = jobs.peek();
        }
        return first == null ? Nanos.FOREVER : Nanos.after(first.acceptedNanos, timeoutNanos);
    }

    /** When a job that is accepted now expires. */
    long nextAfter(long nowNanos) {
        return Nanos.after(nowNanos, timeoutNanos);
    }
}
