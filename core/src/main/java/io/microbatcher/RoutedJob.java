package io.microbatcher;

import org.jspecify.annotations.Nullable;

/**
 * A pending job that carries more than most: a weight or a lane of its own, or the channel that its result goes to.
 *
 * <p>I1: a job that its channel has discarded is taken back after it was accepted, not before: its place is set by then,
 * but the books do not know it. The submitter writes {@code accepted} and then reads {@code unwanted}, who discards does
 * the reverse, so that at least one of them sees both; taking back twice does nothing.
 */
final class RoutedJob<J, R extends @Nullable Object> extends PendingJob<J, R> {
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

    private volatile boolean accepted;
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
        accepted = true;
        if (unwanted) {
            cancel(false); // I1
        }
    }

    /** The channel is closed, and has forgotten the job. */
    void discard() {
        unwanted = true;
        if (accepted) {
            cancel(false); // I1
        }
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
