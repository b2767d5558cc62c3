package io.microbatcher;

import org.jspecify.annotations.Nullable;

/**
 * A pending job of a batcher with a {@link RetryPolicy}: knows how often it has failed, and its place in the order of its
 * lane. Its fields are guarded by the board's lock; the thread that ends its batch reads them without, for nobody else
 * changes them meanwhile.
 *
 * <pre>
 * WAITING --slot takes--> IN FLIGHT --fails, is worth it--> RERUN: parked, backing off, or due
 * place = lane            place = batch                     place = rerun
 *                             ^                                |
 *                             +---------slot takes-------------+
 * </pre>
 */
final class RetriableJob<J, R extends @Nullable Object> extends RoutedJob<J, R> {
    /** How many of its attempts have failed, and were followed by another. */
    int failures;

    /** What the last of them failed with. */
    @Nullable
    Throwable lastFailure;

    /** The batch that took it first, and its position there: the order of its lane. 0 before it has failed. */
    private long firstBatch;

    private int firstPosition;

    RetriableJob(
            J job,
            long weight,
            @Nullable ResultChannel<J, R> channel,
            @Nullable RuntimeException refusal,
            @Nullable CallerContext context) {
        super(job, weight, channel, refusal, context);
    }

    /** A job of a batcher with a policy: all of them are. */
    static <J, R extends @Nullable Object> RetriableJob<J, R> of(PendingJob<J, R> job) {
        return (RetriableJob<J, R>) job;
    }

    /** Was in this batch: if that was its first, the order is known. */
    void wasAt(long batch, int position) {
        if (firstBatch == 0) {
            firstBatch = batch;
            firstPosition = position;
        }
    }

    boolean isBefore(RetriableJob<?, ?> other) {
        return firstBatch < other.firstBatch || (firstBatch == other.firstBatch && firstPosition < other.firstPosition);
    }

    @Override
    String tried() {
        return failures == 0 ? "" : "; it was tried " + (failures + 1) + " times";
    }

    /** The failure of an earlier attempt comes along: it may say more than the last, or than a time-out. */
    @Override
    void fail(Throwable failure) {
        Throwable earlier = lastFailure;
        if (earlier != null && earlier != failure && earlier != failure.getCause()) {
            failure.addSuppressed(earlier);
        }
        super.fail(failure);
    }
}
