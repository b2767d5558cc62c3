package io.microbatcher;

/**
 * What happens to a caller that finds as much pending already as {@link MicroBatcher.Builder#maxPending maxPending} or
 * {@link MicroBatcher.Builder#maxPendingWeight maxPendingWeight} allows.
 */
public enum OverflowPolicy {
    /** The caller waits for room, first come, first served. */
    BLOCK,
    /**
     * The job's future fails at once with {@link BatcherFullException}. Nobody waits for room then, so what is accepted
     * leaves when it would have left anyway: with a limit below {@code batchSize}, by its age or a flush.
     */
    REJECT
}
