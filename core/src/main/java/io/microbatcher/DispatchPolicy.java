package io.microbatcher;

/**
 * Decides when a batch that is not full leaves while a slot is free. What fills a batch, a flush, a close and blocked
 * callers make it leave whatever the policy says.
 *
 * <p><b>Thread safety.</b> Immutable: one policy may serve any number of batchers.
 */
public abstract sealed class DispatchPolicy {
    private final String name;

    private DispatchPolicy(String name) {
        this.name = name;
    }

    /**
     * Leaves when the oldest waiting job has waited {@link MicroBatcher.Builder#batchCycle batchCycle}. The default.
     *
     * @return the policy
     */
    public static DispatchPolicy sizeOrAge() {
        return SizeOrAge.INSTANCE;
    }

    /**
     * Leaves at once when a slot is free, and collects jobs only while all are busy: the lowest latency for a lone
     * caller, with more and smaller batches. {@link MicroBatcher.Builder#batchCycle batchCycle} has no effect.
     *
     * @return the policy
     */
    public static DispatchPolicy natural() {
        return Natural.INSTANCE;
    }

    /**
     * Tells when the jobs that wait are due, on the timer's scale. A pure function of what was observed.
     *
     * @param oldestNanos when the oldest waiting job was accepted
     * @param cycleNanos the batch cycle, {@link Nanos#FOREVER} if there is none
     */
    abstract long dueNanos(long oldestNanos, long cycleNanos);

    /** Names the reason of a batch that left because this policy said so. */
    abstract DispatchReason reason();

    @Override
    public String toString() {
        return name;
    }

    private static final class SizeOrAge extends DispatchPolicy {
        private static final SizeOrAge INSTANCE = new SizeOrAge();

        private SizeOrAge() {
            super("sizeOrAge");
        }

        @Override
        long dueNanos(long oldestNanos, long cycleNanos) {
            return Nanos.after(oldestNanos, cycleNanos);
        }

        @Override
        DispatchReason reason() {
            return DispatchReason.AGE;
        }
    }

    private static final class Natural extends DispatchPolicy {
        private static final Natural INSTANCE = new Natural();

        private Natural() {
            super("natural");
        }

        @Override
        long dueNanos(long oldestNanos, long cycleNanos) {
            return oldestNanos;
        }

        @Override
        DispatchReason reason() {
            return DispatchReason.IDLE;
        }
    }
}
