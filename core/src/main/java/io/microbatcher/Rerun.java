package io.microbatcher;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Jobs, or groups of equal ones, that are to be run again, together: one on its own, those of a batch, or a part of a batch that is bisected.
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
    final List<PendingJob<J, R>> jobs;

    /** What it is a part of, if it is. */
    final @Nullable Bisection<J, R> bisection;

    /** When its backoff ends. */
    final long dueNanos;

    State state;

    /** How many of the jobs have not ended, and how many callers wait for those. */
    int living;

    int callers;

    Rerun(List<PendingJob<J, R>> jobs, Lane<J, R> lane, @Nullable Bisection<J, R> bisection, long dueNanos) {
        super(lane.dispatcher);
        this.jobs = jobs;
        this.lane = lane;
        this.bisection = bisection;
        this.dueNanos = dueNanos;
        this.state = bisection == null ? State.BACKING_OFF : State.PARKED;
        this.living = jobs.size();
        for (PendingJob<J, R> job : jobs) {
            job.place = this;
            callers += job.callers();
        }
    }

    /** The jobs that have not ended. */
    List<PendingJob<J, R>> livingJobs() {
        return jobs.stream().filter(job -> job.place == this).toList();
    }

    /** The order within a lane: that in which the jobs were accepted. No two have a job in common. */
    @Override
    public int compareTo(Rerun<?, ?> other) {
        if (other == this) {
            return 0;
        }
        return first().isBefore(other.first()) ? -1 : 1;
    }

    private Attempts first() {
        return Objects.requireNonNull(jobs.get(0).attempts(), "a job that is tried again has failed");
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
