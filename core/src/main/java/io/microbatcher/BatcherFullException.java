package io.microbatcher;

import java.io.Serial;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The batcher did not accept a job because as many are pending as {@link MicroBatcher.Builder#maxPending maxPending} or
 * {@link MicroBatcher.Builder#maxPendingWeight maxPendingWeight} allow, and the caller cannot or will not wait.
 */
public final class BatcherFullException extends RejectedExecutionException {
    @Serial
    private static final long serialVersionUID = 1L;

    BatcherFullException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
