package io.microbatcher;

import org.jspecify.annotations.Nullable;

/**
 * A pending job of a batcher with a {@link RetryPolicy}: knows its {@link Attempts}.
 *
 * <pre>
 * WAITING --slot takes--> IN FLIGHT --fails, is worth it--> RERUN: parked, backing off, or due
 * place = lane            place = batch                     place = rerun
 *                             ^                                |
 *                             +---------slot takes-------------+
 * </pre>
 *
 * <p>Where jobs are coalesced it is their {@link Group} that goes this way. A caller of it learns of the attempts when it
 * leaves the group, or when that has ended.
 */
class RetriableJob<J, R extends @Nullable Object> extends RoutedJob<J, R> {
    /** Null before it has failed. */
    @Nullable
    Attempts attempts;

    RetriableJob(
            J job,
            long weight,
            @Nullable ResultChannel<J, R> channel,
            @Nullable RuntimeException refusal,
            @Nullable CallerContext context) {
        super(job, weight, channel, refusal, context);
    }

    @Override
    @Nullable
    Attempts attempts() {
        return attempts;
    }

    @Override
    void hasFailed(Attempts first) {
        attempts = first;
    }

    @Override
    String tried() {
        return attempts == null ? "" : attempts.tried();
    }

    @Override
    void fail(Throwable failure) {
        if (attempts != null) {
            attempts.addTo(failure);
        }
        super.fail(failure);
    }
}
