package io.microbatcher;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Jobs that wait, in the order in which they were accepted. Guarded by the board's lock.
 *
 * <p>A job that ends while it waits stays in the list as a dead node, is skipped by {@link #take}, and swept away when
 * the dead outnumber the living: cancelling costs a constant time on average, and memory stays in proportion.
 */
final class Lane<J, R extends @Nullable Object> extends Place<J, R> {
    private static final int FEW = 64;

    private @Nullable PendingJob<J, R> head;
    private @Nullable PendingJob<J, R> tail;
    private int size;
    private int dead;

    /** A floating sum, because weights up to {@link Long#MAX_VALUE} would overflow; exact up to 2^53. */
    private double weight;

    /** The last job that a flush has found; null when all of those have left. */
    private @Nullable PendingJob<J, R> flushMark;

    Lane(Dispatcher<J, R> dispatcher) {
        super(dispatcher);
    }

    /** How many living jobs wait. */
    int size() {
        return size;
    }

    double weight() {
        return weight;
    }

    /** When the oldest living job was accepted. Not for an empty lane. */
    long oldestNanos() {
        PendingJob<J, R> oldest = oldest();
        return oldest == null ? Nanos.FOREVER : oldest.acceptedNanos;
    }

    void append(PendingJob<J, R> job) {
        job.next = null;
        if (tail == null) {
            head = job;
        } else {
            tail.next = job;
        }
        tail = job;
        size++;
        weight += job.weight();
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

    /** Moves up to {@code maxSize} jobs of up to {@code maxWeight} into a batch, at least one if there is one. */
    void take(Batch<J, R> batch, int maxSize, long maxWeight) {
        PendingJob<J, R> job;
        while (batch.size() < maxSize && (job = oldest()) != null && batch.fits(job, maxWeight)) {
            unlinkHead(job);
            left(job);
            batch.add(job, maxWeight);
        }
    }

    /** Adds the futures of all jobs here. */
    void collect(List<CompletableFuture<?>> pending) {
        for (PendingJob<J, R> job = oldest(); job != null; job = job.next) {
            if (job.place == this) {
                pending.add(job);
            }
        }
    }

    private void left(PendingJob<J, R> job) {
        size--;
        weight = size == 0 ? 0 : weight - job.weight();
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
