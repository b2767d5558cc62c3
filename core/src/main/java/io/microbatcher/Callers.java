package io.microbatcher;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The callers that wait in a lane of groups, in order of acceptance: the age of the lane is that of its oldest caller,
 * who need not be in the group whose turn is next. Guarded by the board's lock.
 */
final class Callers<J, R extends @Nullable Object> {
    private @Nullable CoalescedJob<J, R> oldest;
    private @Nullable CoalescedJob<J, R> newest;
    private int size;

    /** The sum of the times of acceptance, floating because it would overflow. */
    private double sumNanos;

    int size() {
        return size;
    }

    long oldestNanos() {
        return oldest == null ? Nanos.FOREVER : oldest.acceptedNanos;
    }

    double meanNanos() {
        return sumNanos / size;
    }

    void add(CoalescedJob<J, R> job) {
        job.earlier = newest;
        if (newest == null) {
            oldest = job;
        } else {
            newest.later = job;
        }
        newest = job;
        size++;
        sumNanos += job.acceptedNanos;
    }

    void remove(CoalescedJob<J, R> job) {
        CoalescedJob<J, R> earlier = job.earlier;
        CoalescedJob<J, R> later = job.later;
        if (earlier == null) {
            oldest = later;
        } else {
            earlier.later = later;
        }
        if (later == null) {
            newest = earlier;
        } else {
            later.earlier = earlier;
        }
        job.earlier = null;
        job.later = null;
        size--;
        sumNanos = size == 0 ? 0 : sumNanos - job.acceptedNanos; // what rounding left goes with the last
    }

    void addTo(List<? super PendingJob<J, R>> pending) {
        for (CoalescedJob<J, R> job = oldest; job != null; job = job.later) {
            pending.add(job);
        }
    }
}
