package io.microbatcher;

import io.microbatcher.BatchListener.BatchInfo;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Tells the listener, if there is one, and survives it: what it throws goes to the log, once (R5.4). */
final class Watch {
    private final @Nullable BatchListener listener;
    private final AtomicBoolean reported = new AtomicBoolean();

    Watch(@Nullable BatchListener listener) {
        this.listener = listener;
    }

    /** Whether anybody looks: where telling needs work, callers ask first. */
    boolean on() {
        return listener != null;
    }

    void accepted(Object job) {
        if (listener != null) {
            tell(to -> to.accepted(job));
        }
    }

    void rejected(Object job, RuntimeException why) {
        if (listener != null) {
            tell(to -> to.rejected(job, why));
        }
    }

    void dispatched(BatchInfo batch) {
        if (listener != null) {
            tell(to -> to.dispatched(batch));
        }
    }

    void completed(BatchInfo batch, long nanos, int failedJobs) {
        if (listener != null) {
            tell(to -> to.completed(batch, nanos, failedJobs));
        }
    }

    void failed(BatchInfo batch, long nanos, Throwable cause) {
        if (listener != null) {
            tell(to -> to.failed(batch, nanos, cause));
        }
    }

    void ended(Object job, JobOutcome outcome, long waitNanos, long totalNanos) {
        if (listener != null) {
            tell(to -> to.ended(job, outcome, waitNanos, totalNanos));
        }
    }

    void unmatched(BatchInfo batch, @Nullable Object result) {
        if (listener != null) {
            tell(to -> to.unmatched(batch, result));
        }
    }

    private void tell(Consumer<BatchListener> event) {
        BatchListener to = listener;
        if (to == null) {
            return;
        }
        try {
            event.accept(to);
        } catch (Throwable thrown) {
            if (reported.compareAndSet(false, true)) {
                Log.warn("a batch listener threw; this is reported once for each batcher: " + to.getClass(), thrown);
            }
        }
    }
}
