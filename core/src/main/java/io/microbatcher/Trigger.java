package io.microbatcher;

import org.jspecify.annotations.Nullable;

/**
 * Watches count, weight and time: says whether the jobs of a lane ought to leave now, when they will, and why. Knows
 * nothing of slots and turns. Its answers are functions of what it is shown; guarded by the board's lock.
 */
final class Trigger {
    private final int batchSize;
    private final long maxBatchWeight;
    private final boolean weighs;
    private final long cycleNanos;
    private final DispatchPolicy policy;
    final Observed observed = new Observed();

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

    boolean isPressed() {
        return pressed;
    }

    void closing() {
        closing = true;
    }

    /** Whether a lane has to give a batch whatever the time. */
    boolean isRipe(Lane<?, ?> lane) {
        return lane.size() >= batchSize || (weighs && lane.weight() >= maxBatchWeight) || lane.isFlushing();
    }

    /** How many batches a lane that is ready has to give. With weights possibly too few, never none. */
    int batches(Lane<?, ?> lane) {
        int size = lane.size();
        int full = size / batchSize;
        if (weighs) {
            full = (int) Math.max(full, Math.min(lane.weight() / maxBatchWeight, size));
        }
        boolean restLeavesToo = (long) full * batchSize < size && (closing || pressed || lane.isFlushing());
        return Math.max(1, restLeavesToo ? full + 1 : full);
    }

    /**
     * Why the jobs of a lane that is not ripe are to leave now, or null if they are not.
     *
     * @param slotIsFree whether one could take them
     * @param lanesCompete whether other lanes have jobs that wait
     */
    @Nullable
    DispatchReason dueBecause(Lane<?, ?> lane, long nowNanos, boolean slotIsFree, boolean lanesCompete) {
        if (closing) {
            return DispatchReason.CLOSE;
        }
        if (pressed) {
            return DispatchReason.PRESSURE;
        }
        if (slotIsFree ? policy.dueNanos(lane, observed) <= nowNanos : lanesCompete && policy.isEager()) {
            return policy.reason(lane, observed);
        }
        return ageDueNanos(lane.oldestNanos()) <= nowNanos ? DispatchReason.AGE : null;
    }

    /** When the jobs of a lane that is not ripe are due if nothing else happens and a slot is free. */
    long dueNanos(Lane<?, ?> lane) {
        return Math.min(ageDueNanos(lane.oldestNanos()), policy.dueNanos(lane, observed));
    }

    /** When a job that was accepted then has waited as long as one may. */
    long ageDueNanos(long acceptedNanos) {
        return Nanos.after(acceptedNanos, cycleNanos);
    }

    /** Whether one job more can make a batch due, however many wait. */
    boolean looksAtEachJob() {
        return weighs || closing || pressed || !(policy instanceof SizeOrAge);
    }

    /** From how many waiting jobs on a lane, the only one, may be due for more batches than workers are coming for. */
    int lookAgainAt(Lane<?, ?> lane, int coming) {
        if (weighs) {
            return 1;
        }
        long covered = (long) coming * batchSize;
        long full = covered + batchSize + (lane.callers() - lane.size()); // who joins a job fills nothing
        long hurried = covered + (closing || pressed ? 1 : policy.lookAgainAt(lane, observed));
        return (int) Math.min(Integer.MAX_VALUE, Math.min(full, hurried));
    }

    /** How many jobs a lane with that many lacks to be full. */
    int missing(int jobs) {
        return batchSize - jobs;
    }

    /**
     * Why a batch leaves.
     *
     * @param flushing whether a flush had found jobs of its lane
     * @param due why they would have left otherwise, if they would have
     */
    DispatchReason reason(Batch<?, ?> batch, boolean flushing, @Nullable DispatchReason due) {
        if (batch.size() == batchSize) {
            return DispatchReason.SIZE;
        }
        if (batch.isFullByWeight()) {
            return DispatchReason.WEIGHT;
        }
        if (closing) {
            return DispatchReason.CLOSE;
        }
        return flushing || due == null ? DispatchReason.FLUSH : due;
    }
}
