package io.microbatcher;

import org.jspecify.annotations.Nullable;

/** A pending job that carries more than most: a weight or a lane of its own, or the channel that its result goes to. */
final class RoutedJob<J, R extends @Nullable Object> extends PendingJob<J, R> {
    private final @Nullable ResultChannel<J, R> channel;
    private final @Nullable Lane<J, R> lane;
    private final long weight;
    private final @Nullable RuntimeException refusal;

    RoutedJob(
            J job,
            @Nullable ResultChannel<J, R> channel,
            @Nullable Lane<J, R> lane,
            long weight,
            @Nullable RuntimeException refusal) {
        super(job);
        this.channel = channel;
        this.lane = lane;
        this.weight = weight;
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
    @Nullable
    RuntimeException refusal() {
        return refusal;
    }

    @Override
    void succeed(R result) {
        super.succeed(result);
        if (channel != null) {
            channel.arrived(this, result, null);
        }
    }

    @Override
    void fail(Throwable failure) {
        super.fail(failure);
        if (channel != null) {
            channel.arrived(this, null, failure);
        }
    }
}
