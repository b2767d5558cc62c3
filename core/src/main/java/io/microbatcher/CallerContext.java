package io.microbatcher;

import org.jspecify.annotations.Nullable;

/**
 * What the caller of a job carried when it submitted it. It is restored around the completion of the job's future, in
 * whatever way that completes. In a channel it is there for the batch alone: the subscriber has one life for all jobs, and
 * its own context.
 */
record CallerContext(Contexts contexts, Object captured) {

    /** That of this thread; null if it carries nothing, or nothing is to be carried. */
    static @Nullable CallerContext captured(@Nullable Contexts contexts) {
        Object captured = contexts == null ? null : contexts.capture();
        return contexts == null || captured == null ? null : new CallerContext(contexts, captured);
    }

    void within(Runnable completion) {
        contexts.within(captured, completion);
    }
}
