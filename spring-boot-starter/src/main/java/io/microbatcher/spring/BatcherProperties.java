package io.microbatcher.spring;

import io.microbatcher.DispatchPolicy;
import io.microbatcher.OverflowPolicy;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The options of a batcher that properties can say. What is null is not said.
 *
 * @param batchSize Largest number of jobs in a batch, and the number that makes it leave at once.
 * @param batchCycle Longest that a job waits for its batch to fill; not set means adaptive.
 * @param maxConcurrentBatches How many batches may be with the processor at a time.
 * @param adaptiveConcurrency Most batches at a time, where their number follows what the backend serves. In place of
 *     max-concurrent-batches.
 * @param maxConcurrentBatchesPerKey How many batches of one key may be in flight. Needs partitionBy, set by a
 *     customizer.
 * @param maxPending How many jobs may be pending, waiting and in flight together.
 * @param overflow What happens to a caller that finds the batcher full.
 * @param jobTimeout How long a job may be pending before it ends without a result.
 * @param batchTimeout How long the processor may take for a batch.
 * @param dispatchPolicy When a batch that is not full leaves.
 * @param latencyTarget Makes the fewest batches with which 99 of 100 jobs take no longer than this. In place of
 *     dispatch-policy.
 * @param retry Whether and when jobs that have failed are tried again.
 */
record BatcherProperties(
        @Nullable Integer batchSize,
        @Nullable Duration batchCycle,
        @Nullable Integer maxConcurrentBatches,
        @Nullable Integer adaptiveConcurrency,
        @Nullable Integer maxConcurrentBatchesPerKey,
        @Nullable Integer maxPending,
        @Nullable OverflowPolicy overflow,
        @Nullable Duration jobTimeout,
        @Nullable Duration batchTimeout,
        @Nullable Policy dispatchPolicy,
        @Nullable Duration latencyTarget,
        @Nullable Retry retry) {

    static final BatcherProperties NONE =
            new BatcherProperties(null, null, null, null, null, null, null, null, null, null, null, null);

    /** The policies that need no parameter. */
    enum Policy {
        SIZE_OR_AGE,
        NATURAL,
        ADAPTIVE;

        DispatchPolicy dispatchPolicy() {
            return switch (this) {
                case SIZE_OR_AGE -> DispatchPolicy.sizeOrAge();
                case NATURAL -> DispatchPolicy.natural();
                case ADAPTIVE -> DispatchPolicy.adaptive();
            };
        }
    }

    /**
     * Whether and when jobs that have failed are tried again.
     *
     * @param attempts How often a job is tried, the first time included.
     * @param firstBackoff How long a job waits after its first failure; it doubles after each further one. Needs
     *     retry.attempts.
     * @param longestBackoff Longest that a job waits between two attempts. Needs retry.attempts.
     * @param jitter Part of the backoff that is left to chance, 0 to 1. Needs retry.attempts.
     * @param bisect Whether a batch that fails as a whole is split, to find the jobs that spoil it.
     */
    record Retry(
            @Nullable Integer attempts,
            @Nullable Duration firstBackoff,
            @Nullable Duration longestBackoff,
            @Nullable Double jitter,
            @Nullable Boolean bisect) {
        static final Retry NONE = new Retry(null, null, null, null, null);
    }

    Retry retryOrNone() {
        return retry == null ? Retry.NONE : retry;
    }
}
