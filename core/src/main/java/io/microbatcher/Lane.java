package io.microbatcher;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Jobs that wait together, in the order in which they were accepted: all of a batcher, or all with one key. Guarded by
 * the board's lock, except for the claims, of which each of its batches in flight has one, too: a key never has two lanes
 * with a batch each.
 *
 * <p>A job that ends while it waits stays in the list as a dead node, is skipped by {@link #take}, and swept away when
 * the dead outnumber the living: cancelling costs a constant time on average, and memory stays in proportion.
 */
final class Lane<J, R extends @Nullable Object> extends KeyedPlace<J, R> implements Waiting {
    private static final int FEW = 64;
    /** Whether jobs have weights of their own. */
    private final boolean weighs;

    /** The callers of its jobs, if they are groups. */
    private final @Nullable Callers<J, R> callers;

    private @Nullable PendingJob<J, R> head;
    private @Nullable PendingJob<J, R> tail;
    private int size;
    private int dead;

    /** The sum of the times of acceptance, floating because it would overflow. */
    private double sumNanos;

    /** The sum of the weights, exact: its lower 63 bits, and what is above them. */
    private long weight;

    private int weightAbove;

    /** The last job that a flush has found; null when all of those have left. */
    private @Nullable PendingJob<J, R> flushMark;

    /** How many of its batches are in flight. */
    int inFlight;

    /** Where it is in the {@link AgeHeap}, with which age; -1 if it is not. */
    int heapIndex = -1;

    long heapNanos;

    /** Its neighbours among the lanes that are ready, and whether it is one of them. */
    @Nullable
    Lane<J, R> readyBefore;

    @Nullable
    Lane<J, R> readyAfter;

    boolean ready;

    /** What of it is to be run again; null as long as nothing has failed. */
    private @Nullable Reruns<J, R> reruns;

    /** Why the trigger has let its jobs go although it is not full; null while it has not. */
    @Nullable
    DispatchReason released;

    Lane(Dispatcher<J, R> dispatcher, @Nullable Object key, boolean weighs, boolean coalesces) {
        super(dispatcher, key);
        this.weighs = weighs;
        this.callers = coalesces ? new Callers<>() : null;
    }

    /** What of it is to be run again. */
    Reruns<J, R> reruns() {
        if (reruns == null) {
            reruns = new Reruns<>();
        }
        return reruns;
    }

    /** How many batches of jobs that are run again wait for a slot, at most. */
    int dueReruns() {
        return reruns == null ? 0 : reruns.due();
    }

    /** Whether jobs wait for the time at which they are run again. */
    boolean isBackingOff() {
        return reruns != null && reruns.isBackingOff();
    }

    /** How many living jobs wait that no batch has had. */
    @Override
    public int size() {
        return size;
    }

    @Override
    public int callers() {
        return callers == null ? size : callers.size();
    }

    /** What the living jobs weigh together, {@link Long#MAX_VALUE} if it is more than that. */
    long weight() {
        return weightAbove > 0 ? Long.MAX_VALUE : weight;
    }

    /** When the oldest living job was accepted; {@link Nanos#FOREVER} for an empty lane. */
    @Override
    public long oldestNanos() {
        if (callers != null) {
            return callers.oldestNanos();
        }
        PendingJob<J, R> oldest = oldest();
        return oldest == null ? Nanos.FOREVER : oldest.acceptedNanos;
    }

    @Override
    public double meanNanos() {
        return callers == null ? sumNanos / size : callers.meanNanos();
    }

    void append(PendingJob<J, R> job) {
        job.place = this;
        job.next = null;
        if (tail == null) {
            head = job;
        } else {
            tail.next = job;
        }
        tail = job;
        size++;
        sumNanos += job.acceptedNanos;
        weighIn(job);
    }

    /** A caller has come for a job of this lane. */
    void joined(CoalescedJob<J, R> caller) {
        if (callers != null) {
            callers.add(caller);
        }
    }

    /** One of several callers of a group in this lane takes its job back. */
    void parted(CoalescedJob<J, R> caller, Group<J, R> group) {
        if (callers != null) {
            callers.remove(caller);
        }
        weighOut(group);
        group.remove(caller);
        weighIn(group);
    }

    /** A job of this lane has ended where it stands. */
    void forget(PendingJob<J, R> job) {
        left(job);
        dead++;
        if (dead > Math.max(FEW, size)) {
            sweep();
        }
    }

    /** Everything that waits now is to leave as soon as it can. */
    void markFlush() {
        flushMark = tail;
    }

    boolean isFlushing() {
        oldest();
        return flushMark != null;
    }

    /** The oldest living job; drops the dead before it. */
    @Nullable
    PendingJob<J, R> oldest() {
        PendingJob<J, R> first = head;
        while (first != null && first.place != this) {
            unlinkHead(first);
            dead--;
            first = head;
        }
        return first;
    }

    /** Moves jobs into a batch, up to {@code maxSize} and {@code maxWeight}, but one into an empty batch if there is one. */
    void take(Batch<J, R> batch, int maxSize, long maxWeight) {
        if (!weighs && callers == null && batch.size() == 0) {
            cut(batch, maxSize);
            return;
        }
        PendingJob<J, R> job;
        while (batch.size() < maxSize && (job = oldest()) != null && batch.fits(job, maxWeight)) {
            unlinkHead(job);
            left(job);
            batch.add(job, maxWeight);
        }
    }

    /** Moves the head of the chain into a batch as it is: each job is touched once. */
    private void cut(Batch<J, R> batch, int maxSize) {
        PendingJob<J, R> first = oldest();
        PendingJob<J, R> last = null;
        PendingJob<J, R> job = first;
        int taken = 0;
        long nanosAfterFirst = 0;
        while (job != null && first != null && taken < maxSize) {
            PendingJob<J, R> after = job.next;
            if (job == flushMark) {
                flushMark = null;
            }
            if (job.place == this) {
                job.place = batch;
                nanosAfterFirst += job.acceptedNanos - first.acceptedNanos;
                taken++;
                last = job;
            } else if (last != null) { // dead, and never the first
                last.next = after;
                job.next = null;
                dead--;
            }
            job = after;
        }
        head = job;
        if (job == null) {
            tail = null;
        }
        if (first != null && last != null) {
            last.next = null;
            double sum = (double) first.acceptedNanos * taken + nanosAfterFirst;
            size -= taken;
            sumNanos = size == 0 ? 0 : sumNanos - sum;
            batch.fill(first, taken, sum);
        }
    }

    /** Adds all living jobs, each caller's own. */
    void collect(List<? super PendingJob<J, R>> pending) {
        if (callers != null) {
            callers.addTo(pending);
            return;
        }
        for (PendingJob<J, R> job = oldest(); job != null; job = job.next) {
            if (job.place == this) {
                pending.add(job);
            }
        }
    }

    private void left(PendingJob<J, R> job) {
        size--;
        weighOut(job);
        sumNanos = size == 0 ? 0 : sumNanos - job.acceptedNanos; // what rounding left goes with the last
        if (callers != null && job instanceof Group<J, R> group) {
            for (CoalescedJob<J, R> caller = group.first(); caller != null; caller = caller.after) {
                callers.remove(caller);
            }
        }
    }

    private void weighIn(PendingJob<J, R> job) {
        if (weighs) {
            weight += job.weight();
            if (weight < 0) {
                weight &= Long.MAX_VALUE;
                weightAbove++;
            }
        }
    }

    private void weighOut(PendingJob<J, R> job) {
        if (weighs) {
            weight -= job.weight();
            if (weight < 0) {
                weight &= Long.MAX_VALUE;
                weightAbove--;
            }
        }
    }

    private void unlinkHead(PendingJob<J, R> first) {
        if (first == flushMark) {
            flushMark = null;
        }
        head = first.next;
        first.next = null;
        if (head == null) {
            tail = null;
        }
    }

    private void sweep() {
        PendingJob<J, R> kept = null;
        PendingJob<J, R> job = oldest();
        while (job != null) {
            PendingJob<J, R> after = job.next;
            if (job.place == this) {
                kept = job;
            } else { // kept is not null: oldest() has dropped the dead at the head
                if (job == flushMark) {
                    flushMark = kept;
                }
                if (kept != null) {
                    kept.next = after;
                }
                job.next = null;
            }
            job = after;
        }
        tail = kept;
        dead = 0;
    }
}
