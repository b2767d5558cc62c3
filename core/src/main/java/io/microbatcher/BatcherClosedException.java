package io.microbatcher;

import java.io.Serial;
import java.util.concurrent.RejectedExecutionException;

/** The batcher was closed before it accepted this job, or was told to {@linkplain MicroBatcher#shutdownNow stop now}. */
public final class BatcherClosedException extends RejectedExecutionException {
    @Serial
    private static final long serialVersionUID = 1L;

    BatcherClosedException(String message) {
        super(message);
    }
}
