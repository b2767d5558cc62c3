package io.microbatcher;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Jobs that are to be run again, together: one job on its own, those of a batch, or a part of a batch that is bisected.
 * Guarded by the board's lock.
 *
 * <pre>
 * BACKING OFF --its time has come--+
 * PARKED --the part before is done-+--> DUE --slot takes--> GONE
 *    |                                   |
 *    +--the last job has ended-----------+----------------> GONE
 * </pre>
 *
 * <p>A job that ends meanwhile stays in the list, with another {@link PendingJob#place}.
 */
final class Rerun<J, R extends @Nullable Object> extends Place<J, R> implements Comparable<Rerun<?, ?>> {
    enum State {
        /** Waits for another part of its bisection. */
        PARKED,
        /** Waits for its time. */
        BACKING_OFF,
        /** Waits for a slot, in its lane. */
        DUE,
        /** Waits for nothing: a batch has its jobs, or all have ended, or they are in another rerun. */
        GONE
    }

    final Lane<J, R> lane;

    /** In order of acceptance, never empty. */
    final List<RetriableJob<J, R>> jobs;

    /** What it is a part of, if it is. */
    final @Nullable Bisection<J, R> bisection;

    /** When its backoff ends. */
    final long dueNanos;

    State state;

    /** How many of the jobs have not ended. */
    int living;

    Rerun(List<RetriableJob<J, R>> jobs, Lane<J, R> lane, @Nullable Bisection<J, R> bisection, long dueNanos) {
        super(lane.dispatcher);
        this.jobs = jobs;
        this.lane = lane;
        this.bisection = bisection;
        this.dueNanos = dueNanos;
        this.state = bisection == null ? State.BACKING_OFF : State.PARKED;
        this.living = jobs.size();
        jobs.forEach(job -> job.place = this);
    }

    /** The jobs that have not ended. */
    List<RetriableJob<J, R>> livingJobs() {
        return jobs.stream().filter(job -> job.place == this).toList();
    }

    /** The order within a lane: that in which the jobs were accepted. No two have a job in common. */
    @Override
    public int compareTo(Rerun<?, ?> other) {
        if (other == this) {
            return 0;
        }
        return jobs.get(0).isBefore(other.jobs.get(0)) ? -1 : 1;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other == this;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
