package io.microbatcher;

/** Why a batch left when it did. */
public enum DispatchReason {
    /** It holds {@link MicroBatcher.Builder#batchSize batchSize} jobs. */
    SIZE,
    /** The next job would have exceeded {@link MicroBatcher.Builder#maxBatchWeight maxBatchWeight}. */
    WEIGHT,
    /** Its oldest job has waited {@link MicroBatcher.Builder#batchCycle batchCycle}. */
    AGE,
    /** A slot was free and the {@link DispatchPolicy} saw no gain in waiting. */
    IDLE,
    /** {@link MicroBatcher#flush()} or {@link MicroBatcher#drain()} was called. */
    FLUSH,
    /** Callers are blocked by {@link MicroBatcher.Builder#maxPending maxPending}. */
    PRESSURE,
    /** The batcher is closing. */
    CLOSE
}
