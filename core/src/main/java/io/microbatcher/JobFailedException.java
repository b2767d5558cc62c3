package io.microbatcher;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * A job has no result. The cause says why: what the processor threw, what it gave for this job alone, a
 * {@link java.util.concurrent.TimeoutException} after {@link MicroBatcher.Builder#jobTimeout jobTimeout} or
 * {@link MicroBatcher.Builder#batchTimeout batchTimeout}, or what the executor threw; or, for a job that was therefore not
 * accepted, what the weigher or a key function threw.
 *
 * <p>Each job has an exception of its own. Its stack trace is the caller's when {@link MicroBatcher#run run} throws it,
 * and empty in a future: the processor's is in the cause.
 */
public class JobFailedException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    JobFailedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** Does nothing: the stack of the thread that ends a batch says nothing to the caller, and costs microseconds. */
    @Override
    public Throwable fillInStackTrace() {
        return this;
    }
}
