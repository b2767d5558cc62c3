package io.microbatcher;

import org.jspecify.annotations.Nullable;

/**
 * A pending job that carries more than most: a weight or a lane of its own, or the channel that its result goes to.
 *
 * <p>I1: a job that its channel has discarded while its submitter was still on its way cannot be taken back yet. Who
 * discards writes {@code unwanted} and then tries; the submitter brings the job in and then reads {@code unwanted}: at
 * least one of them succeeds, and taking back twice does nothing.
 */
class RoutedJob<J, R extends @Nullable Object> extends PendingJob<J, R> {
    private final long weight;
    private final @Nullable ResultChannel<J, R> channel;
    private final @Nullable RuntimeException refusal;

    /** The lane that was claimed for it; written by its submitter before it is accepted. */
    private @Nullable Lane<J, R> lane;

    /** Whether the channel waits for it, and its neighbours there. Guarded by the channel's lock. */
    boolean isOpen;

    @Nullable
    RoutedJob<J, R> openBefore;

    @Nullable
    RoutedJob<J, R> openAfter;

    private volatile boolean unwanted;

    RoutedJob(J job, long weight, @Nullable ResultChannel<J, R> channel, @Nullable RuntimeException refusal) {
        super(job);
        this.weight = weight;
        this.channel = channel;
        this.refusal = refusal;
    }

    @Override
    long weight() {
        return weight;
    }

    @Override
    Lane<J, R> lane(Lane<J, R> only) {
        return lane == null ? only : lane;
    }

    @Override
    void claimed(Lane<J, R> lane) {
        this.lane = lane;
    }

    @Override
    @Nullable
    RuntimeException refusal() {
        return refusal;
    }

    /** The batcher has accepted the job, or refused it. */
    void submitted(@Nullable RuntimeException refused) {
        if (refused != null) {
            fail(refused);
            return;
        }
        if (unwanted) {
            cancel(false); // I1
        }
    }

    /** The channel is closed, and has forgotten the job. */
    void discard() {
        unwanted = true;
        cancel(false); // I1
    }

    /*
     * The channel has the result before the future tells a drain() that the job has ended (R2.6); the subscriber, who is
     * a stranger, comes after both.
     */

    @Override
    void succeed(R result) {
        if (channel == null) {
            super.succeed(result);
            return;
        }
        channel.arrive(this, result, null);
        super.succeed(result);
        channel.emit();
    }

    @Override
    void fail(Throwable failure) {
        if (channel == null) {
            super.fail(failure);
            return;
        }
        channel.arrive(this, null, failure);
        super.fail(failure);
        channel.emit();
    }
}
