package io.microbatcher;

/** What happens to a caller that finds {@link MicroBatcher.Builder#maxPending maxPending} jobs pending already. */
public enum OverflowPolicy {
    /** The caller waits for room, first come, first served. */
    BLOCK,
    /** The job's future fails at once with {@link BatcherFullException}. */
    REJECT
}
