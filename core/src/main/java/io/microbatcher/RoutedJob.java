package io.microbatcher;

import org.jspecify.annotations.Nullable;

/** A pending job that carries more than most: a weight of its own, or the channel that its result goes to. */
final class RoutedJob<J, R extends @Nullable Object> extends PendingJob<J, R> {
    private final long weight;
    private final @Nullable ResultChannel<J, R> channel;
    private final @Nullable RuntimeException refusal;

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
