package io.microbatcher;

import io.microbatcher.BatchListener.BatchInfo;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells the listener, if there is one, and survives it: what it throws goes to the log, once (R5.4). So does what callers
 * cannot see and would want to know.
 */
final class Watch {
    private final String batcher;
    private final @Nullable BatchListener listener;
    private final AtomicBoolean throwsSaid = new AtomicBoolean();
    private final AtomicBoolean policySaid = new AtomicBoolean();
    private final AtomicBoolean surplusSaid = new AtomicBoolean();

    Watch(String batcher, @Nullable BatchListener listener) {
        this.batcher = batcher;
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

    void retried(BatchInfo batch, int jobs, Throwable cause) {
        if (listener != null) {
            tell(to -> to.retried(batch, jobs, cause));
        }
    }

    /** A predicate of the retry policy has thrown, which means no. */
    void policyThrew(Throwable thrown) {
        if (policySaid.compareAndSet(false, true)) {
            Log.warn(
                    "a predicate of the retry policy of " + batcher
                            + " threw, and so jobs are not tried again; this is " + "said once for each batcher",
                    thrown);
        }
    }

    /** A processor by position returned more results than there were jobs: any of them may have gone to the wrong one. */
    void surplus(int results, int jobs) {
        if (surplusSaid.compareAndSet(false, true)) {
            Log.warn(
                    "the processor of " + batcher + " returned " + Failures.count(results, "result") + " for "
                            + Failures.count(jobs, "job")
                            + ": by position nobody can tell which of them are too many, and callers may have results of "
                            + "others. Those beyond the last job were dropped. Return one result per job, in the order of "
                            + "the jobs, or declare the processor with byId. This is said once for each batcher; "
                            + "stats().unmatched() goes on counting",
                    null);
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
            if (throwsSaid.compareAndSet(false, true)) {
                Log.warn(
                        "the listener of " + batcher + " threw, which is said once for each batcher: "
                                + to.getClass().getName(),
                        thrown);
            }
        }
    }
}
