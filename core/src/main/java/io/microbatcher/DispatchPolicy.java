package io.microbatcher;

import java.time.Duration;
import java.util.Objects;

/**
 * Decides when a batch that is not full leaves while a slot is free. What fills a batch, a flush, a close and blocked
 * callers make it leave whatever the policy says, and so does {@link MicroBatcher.Builder#batchCycle batchCycle}, where
 * one is set.
 *
 * <p><b>Thread safety.</b> Immutable: one policy may serve any number of batchers.
 */
public abstract sealed class DispatchPolicy permits SizeOrAge, Natural, Adaptive, LatencyTarget {
    private final String name;

    DispatchPolicy(String name) {
        this.name = name;
    }

    /**
     * Leaves when it is full or when the oldest waiting job has waited {@link MicroBatcher.Builder#batchCycle batchCycle}.
     * The default where a {@code batchCycle} is set; without one it is 5 ms.
     *
     * @return the policy
     */
    public static DispatchPolicy sizeOrAge() {
        return SizeOrAge.INSTANCE;
    }

    /**
     * Leaves at once when a slot is free, and collects jobs only while all are busy: the lowest latency for a lone
     * caller, with more and smaller batches.
     *
     * @return the policy
     */
    public static DispatchPolicy natural() {
        return Natural.INSTANCE;
    }

    /**
     * Leaves when waiting longer would gain nothing, which it learns from how long batches take and when callers come
     * back. The default where no {@link MicroBatcher.Builder#batchCycle batchCycle} is set.
     *
     * <p>With no batch in flight it leaves at once, as {@link #natural()} does, unless the callers of the last batch are
     * known to be on their way back: then it waits for them, a little longer than they have taken so far and less than a
     * batch takes. With batches in flight it weighs what its jobs have waited together against a quarter of a batch's
     * duration, and keeps a distance from the batch before. So a lone caller pays nothing, and under load batches fill.
     *
     * @return the policy
     */
    public static DispatchPolicy adaptive() {
        return Adaptive.INSTANCE;
    }

    /**
     * Leaves as late as 99 of 100 jobs can bear: makes the fewest batches with which a job, from its submission to its
     * result, takes no longer than the target. It learns how long batches of a size take. Where no other job is expected
     * before then it leaves at once.
     *
     * @param target how long a job may take, more than zero
     * @return the policy
     * @throws IllegalArgumentException if the target is not more than zero
     */
    public static DispatchPolicy latencyTarget(Duration target) {
        Objects.requireNonNull(target, "latencyTarget must not be null");
        if (target.isNegative() || target.isZero()) {
            throw new IllegalArgumentException("latencyTarget must be more than zero, but was " + target);
        }
        return new LatencyTarget(target);
    }

    /**
     * Tells when the jobs that wait are due, on the timer's scale, if a slot is free: a pure function of what was
     * observed.
     *
     * @return {@link Nanos#FOREVER} for: not before the batch cycle
     */
    abstract long dueNanos(Waiting waiting, Observed observed);

    /** Names the rule by which the jobs that wait are due. */
    abstract DispatchReason reason(Waiting waiting, Observed observed);

    /** From how many waiting jobs on {@link #dueNanos} may say something earlier than now. */
    abstract int lookAgainAt(Waiting waiting, Observed observed);

    /** Whether what waits would have left already if there had been a slot, so that lanes that compete take turns. */
    abstract boolean isEager();

    @Override
    public String toString() {
        return name;
    }
}
