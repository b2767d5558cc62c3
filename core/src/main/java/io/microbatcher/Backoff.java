package io.microbatcher;

import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the jobs that are to be run again until a slot takes them. Guarded by the board's lock.
 *
 * <p>I1: they are pending all the time, and counted here. In the admission's count they are not among the waiting: those
 * are the ones that no batch has had, on which producers decide whether to call.
 *
 * <p>I2: a lane whose batches may not overlap gives none while a job of it backs off (see {@link Lanes#changed}): so each
 * transition shows the lane to {@link Lanes}.
 */
final class Backoff<J, R extends @Nullable Object> {
    private final Lanes<J, R> lanes;
    private final boolean keepsTogether;
    private final int batchSize;
    private final long maxBatchWeight;

    /** All that there are, in whatever state. */
    private final Set<Rerun<J, R>> all = new LinkedHashSet<>();

    /** Those that wait for their time. */
    private final NavigableSet<Rerun<J, R>> byTime = new TreeSet<>(
            Comparator.<Rerun<J, R>>comparingLong(rerun -> rerun.dueNanos).thenComparing(Comparator.naturalOrder()));

    /** How many jobs are in them that have not ended, each caller's own. */
    private int jobs;

    private int due;

    Backoff(Lanes<J, R> lanes, Settings<J, R> settings, RetryPolicy policy) {
        this.lanes = lanes;
        this.keepsTogether = policy.keepsTogether();
        this.batchSize = settings.batchSize();
        this.maxBatchWeight = settings.maxBatchWeight();
    }

    /** How many jobs are to be run again, each caller's own, and in no batch. */
    int jobs() {
        return jobs;
    }

    /** Whether any of them waits for nothing but a slot. */
    boolean isAnyDue() {
        return due > 0;
    }

    /** When the next one's time comes; {@link Nanos#FOREVER} if none has one. */
    long nextNanos() {
        return byTime.isEmpty() ? Nanos.FOREVER : byTime.first().dueNanos;
    }

    /** Adds all jobs that have not ended, each caller's own. */
    void collect(List<? super PendingJob<J, R>> pending) {
        all.forEach(rerun -> rerun.livingJobs().forEach(job -> job.addTo(pending)));
    }

    /** Jobs have lost their batch, or the part of one that they were. */
    void add(Rerun<J, R> rerun) {
        all.add(rerun);
        jobs += rerun.callers;
        if (rerun.state == Rerun.State.BACKING_OFF) {
            byTime.add(rerun);
            rerun.lane.reruns().backsOff();
            lanes.changed(rerun.lane);
        }
    }

    /** Takes out what waits no more, whatever it has waited for. */
    void remove(Rerun<J, R> rerun) {
        all.remove(rerun);
        jobs -= rerun.callers;
        leave(rerun);
        rerun.state = Rerun.State.GONE;
        lanes.changed(rerun.lane);
    }

    /** A job has ended: whether it was the last of those that leave together, which are taken out with it. */
    boolean isEmptied(Rerun<J, R> rerun) {
        if (rerun.state == Rerun.State.GONE) {
            return false;
        }
        parted(rerun);
        rerun.living--;
        if (rerun.living == 0) {
            remove(rerun);
        }
        return rerun.living == 0;
    }

    /** A caller has joined a group in it. */
    void joined(Rerun<J, R> rerun) {
        rerun.callers++;
        jobs++;
    }

    /** A caller of a job in it has gone. */
    void parted(Rerun<J, R> rerun) {
        if (rerun.state != Rerun.State.GONE) {
            rerun.callers--;
            jobs--;
        }
    }

    /** What backs off for no longer than until now is due. */
    void ripen(long nowNanos) {
        while (!byTime.isEmpty() && nextNanos() <= nowNanos) {
            due(byTime.first());
        }
    }

    /** Waits for nothing but a slot from now on. */
    void due(Rerun<J, R> rerun) {
        leave(rerun);
        rerun.state = Rerun.State.DUE;
        rerun.lane.reruns().add(rerun);
        due++;
        lanes.changed(rerun.lane);
    }

    private void leave(Rerun<J, R> rerun) {
        Reruns<J, R> ofLane = rerun.lane.reruns();
        switch (rerun.state) {
            case BACKING_OFF -> {
                byTime.remove(rerun);
                ofLane.backedOff();
            }
            case DUE -> {
                ofLane.remove(rerun);
                due--;
            }
            case PARKED, GONE -> {}
        }
    }

    /**
     * Moves what is due in a lane into a batch, in order, as much as may leave together: how many jobs.
     *
     * @param newJobsAreRipe whether the lane could give a batch without
     */
    int take(Batch<J, R> batch, Lane<J, R> lane, boolean newJobsAreRipe) {
        Reruns<J, R> ofLane = lane.reruns();
        if (newJobsAreRipe && ofLane.yieldsToNewJobs() && !lanes.isStrict()) {
            ofLane.served(true);
            return 0;
        }
        Rerun<J, R> next = ofLane.first();
        while (next != null && fits(batch, next)) {
            List<PendingJob<J, R>> living = next.livingJobs();
            remove(next);
            int taken = 0;
            while (taken < living.size() && batch.fits(living.get(taken), maxBatchWeight)) {
                PendingJob<J, R> job = living.get(taken++);
                job.next = null;
                batch.add(job, maxBatchWeight);
            }
            batch.bisection = next.bisection;
            if (taken < living.size()) {
                leaveBehind(new Rerun<>(living.subList(taken, living.size()), lane, next.bisection, next.dueNanos));
            }
            next = ofLane.first();
        }
        return batch.size();
    }

    /** Keeps jobs that have become too heavy for one batch: a group, whose first caller has gone, weighs what the next does. */
    private void leaveBehind(Rerun<J, R> rest) {
        add(rest);
        if (rest.bisection == null) {
            due(rest);
        } else {
            rest.bisection.putBack(rest);
        }
    }

    private boolean fits(Batch<J, R> batch, Rerun<J, R> rerun) {
        return batch.size() == 0
                || (!keepsTogether && batch.size() < batchSize && batch.fits(rerun.jobs.get(0), maxBatchWeight));
    }
}
