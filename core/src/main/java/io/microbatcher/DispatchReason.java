package io.microbatcher;

/** Why a batch left when it did. */
public enum DispatchReason {
    /** It holds {@link MicroBatcher.Builder#batchSize batchSize} jobs. */
    SIZE,
    /** The next job would have exceeded {@link MicroBatcher.Builder#maxBatchWeight maxBatchWeight}. */
    WEIGHT,
    /** Its oldest job has waited {@link MicroBatcher.Builder#batchCycle batchCycle}. */
    AGE,
    /** A slot was free, and waiting for company had nothing to gain: with the adaptive policy, nothing was in flight. */
    IDLE,
    /** The adaptive policy: with others in flight, its jobs had waited long enough together to be worth a batch. */
    BALANCE,
    /** The adaptive policy: with most slots taken, it had kept its distance from the batch before. */
    PACE,
    /** The latency target would have been missed by waiting longer, or no other job was expected before. */
    TARGET,
    /** {@link MicroBatcher#flush()} or {@link MicroBatcher#drain()} was called. */
    FLUSH,
    /**
     * Callers are blocked by {@link MicroBatcher.Builder#maxPending maxPending} or
     * {@link MicroBatcher.Builder#maxPendingWeight maxPendingWeight}.
     */
    PRESSURE,
    /** It holds jobs that are tried again, and their backoff has ended. */
    RETRY,
    /** The batcher is closing. */
    CLOSE
}
