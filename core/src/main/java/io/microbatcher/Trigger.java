package io.microbatcher;

import org.jspecify.annotations.Nullable;

/**
 * Watches count, weight and time: says how many batches a lane ought to give now, when it will next be due, and why a
 * batch leaves. Knows nothing of slots. Its answers are functions of what it is shown; guarded by the board's lock.
 */
final class Trigger {
    private final int batchSize;
    private final long maxBatchWeight;
    private final boolean weighs;
    private final long cycleNanos;
    private final DispatchPolicy policy;

    /** Whether callers are blocked by a limit: then whatever waits must leave, or nothing ever makes room (R3.3). */
    private boolean pressed;

    private boolean closing;

    Trigger(Settings<?, ?> settings) {
        this.batchSize = settings.batchSize();
        this.maxBatchWeight = settings.maxBatchWeight();
        this.weighs = settings.weigher() != null;
        this.cycleNanos = settings.cycleNanos();
        this.policy = settings.policy();
    }

    void pressed(boolean pressed) {
        this.pressed = pressed;
    }

    void closing() {
        closing = true;
    }

    /** How many batches are due now. With weights possibly too few, never none when there is one. */
    <J, R extends @Nullable Object> int ripeBatches(Lane<J, R> lane, long nowNanos) {
        int size = lane.size();
        if (size == 0) {
            return 0;
        }
        int full = size / batchSize;
        if (weighs) {
            full = Math.max(full, (int) Math.min(lane.weight() / maxBatchWeight, size));
        }
        boolean rest = (long) full * batchSize < size;
        return rest && isDue(lane, nowNanos) ? full + 1 : full;
    }

    private <J, R extends @Nullable Object> boolean isDue(Lane<J, R> lane, long nowNanos) {
        return closing || pressed || lane.isFlushing() || dueNanos(lane) <= nowNanos;
    }

    /** When what waits is due if nothing else happens. Not for an empty lane. */
    <J, R extends @Nullable Object> long dueNanos(Lane<J, R> lane) {
        return policy.dueNanos(lane.oldestNanos(), cycleNanos);
    }

    /** Whether one job more can make a batch due, so that each has to be looked at. */
    boolean looksAtEachJob() {
        return weighs || closing || pressed || policy.dueNanos(0, cycleNanos) == 0;
    }

    /** When a job that is accepted now will be due. */
    long dueNanosOfNext(long nowNanos) {
        return policy.dueNanos(nowNanos, cycleNanos);
    }

    /** Why a batch leaves that was taken with {@code flushing} jobs at its head. */
    DispatchReason reason(Batch<?, ?> batch, boolean flushing) {
        if (batch.size() == batchSize) {
            return DispatchReason.SIZE;
        }
        if (batch.isFullByWeight()) {
            return DispatchReason.WEIGHT;
        }
        if (closing) {
            return DispatchReason.CLOSE;
        }
        if (flushing) {
            return DispatchReason.FLUSH;
        }
        return pressed ? DispatchReason.PRESSURE : policy.reason();
    }
}
