package io.microbatcher;

import org.jspecify.annotations.Nullable;

/**
 * A job that carries the context of its caller, which is restored around the completion of its future, in whatever way
 * that completes. In a channel it is there for the batch alone: the subscriber has one life for all jobs, and its own context.
 */
final class ContextJob<J, R extends @Nullable Object> extends RoutedJob<J, R> {
    private final Contexts contexts;
    private final Object captured;
    private final boolean hasCallbacks;

    ContextJob(
            J job,
            long weight,
            @Nullable ResultChannel<J, R> channel,
            @Nullable RuntimeException refusal,
            Contexts contexts,
            Object captured) {
        super(job, weight, channel, refusal);
        this.contexts = contexts;
        this.captured = captured;
        this.hasCallbacks = channel == null;
    }

    @Override
    Object context() {
        return captured;
    }

    @Override
    void succeed(R result) {
        within(() -> super.succeed(result));
    }

    @Override
    void fail(Throwable failure) {
        within(() -> super.fail(failure));
    }

    /** The completion runs callbacks on whatever thread has taken the job back. */
    @Override
    boolean takeBack(Runnable completion) {
        return super.takeBack(() -> within(completion));
    }

    private void within(Runnable completion) {
        contexts.within(hasCallbacks ? captured : null, completion);
    }
}
