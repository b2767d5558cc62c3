package io.microbatcher;

import io.microbatcher.BatchListener.BatchInfo;
import io.microbatcher.ContextCarrier.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells the listeners, if there are any, and survives them: what one throws goes to the log, once, and the others are told
 * all the same (R5.4). So does what callers cannot see and would want to know.
 */
final class Watch {
    private final String batcher;
    private final BatchListener[] listeners;

    /** Those of them that watch single jobs. */
    private final BatchListener[] ofJobs;

    private final AtomicBoolean throwsSaid = new AtomicBoolean();
    private final AtomicBoolean policySaid = new AtomicBoolean();
    private final AtomicBoolean surplusSaid = new AtomicBoolean();

    Watch(String batcher, List<BatchListener> listeners) {
        this.batcher = batcher;
        this.listeners = listeners.toArray(new BatchListener[0]);
        this.ofJobs = listeners.stream().filter(this::watchesEachJob).toArray(BatchListener[]::new);
    }

    private boolean watchesEachJob(BatchListener listener) {
        try {
            return listener.watchesEachJob();
        } catch (Throwable thrown) {
            threw(listener, thrown);
            return true;
        }
    }

    /** Whether anybody looks: where telling needs work, callers ask first. */
    boolean on() {
        return listeners.length > 0;
    }

    /** Whether anybody looks at single jobs, which costs each of them the reading of a clock. */
    boolean onJobs() {
        return ofJobs.length > 0;
    }

    void built(MicroBatcher<?, ?> built) {
        if (on()) {
            tell(to -> to.built(built));
        }
    }

    void closed() {
        if (on()) {
            tell(BatchListener::closed);
        }
    }

    void accepted(Object job) {
        if (onJobs()) {
            tell(ofJobs, to -> to.accepted(job));
        }
    }

    void rejected(Object job, RuntimeException why) {
        if (on()) {
            tell(to -> to.rejected(job, why));
        }
    }

    void dispatched(BatchInfo batch) {
        if (on()) {
            tell(to -> to.dispatched(batch));
        }
    }

    /** Opens what listeners put around a call of the processor, the last of them innermost; closing it never throws. */
    Scope processing(BatchInfo batch) {
        List<Scope> opened = new ArrayList<>(listeners.length);
        tell(to -> {
            Scope scope = to.processing(batch);
            if (scope != null) {
                opened.add(scope);
            }
        });
        return () -> {
            for (int i = opened.size() - 1; i >= 0; i--) {
                try {
                    opened.get(i).close();
                } catch (Throwable thrown) {
                    threw(opened.get(i), thrown);
                }
            }
        };
    }

    void completed(BatchInfo batch, long nanos, int failedJobs) {
        if (on()) {
            tell(to -> to.completed(batch, nanos, failedJobs));
        }
    }

    void failed(BatchInfo batch, long nanos, Throwable cause) {
        if (on()) {
            tell(to -> to.failed(batch, nanos, cause));
        }
    }

    void ended(Object job, JobOutcome outcome, long waitNanos, long totalNanos) {
        if (onJobs()) {
            tell(ofJobs, to -> to.ended(job, outcome, waitNanos, totalNanos));
        }
    }

    void ended(JobOutcome outcome, int jobs, long waitNanos, long totalNanos) {
        if (on()) {
            tell(to -> to.ended(outcome, jobs, waitNanos, totalNanos));
        }
    }

    /** A job has ended that is not one of many. */
    void endedAlone(Object job, JobOutcome outcome, long waitNanos, long totalNanos) {
        ended(outcome, 1, waitNanos, totalNanos);
        ended(job, outcome, waitNanos, totalNanos);
    }

    void unmatched(BatchInfo batch, @Nullable Object result) {
        if (on()) {
            tell(to -> to.unmatched(batch, result));
        }
    }

    void retried(BatchInfo batch, int jobs, Throwable cause) {
        if (on()) {
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
        tell(listeners, event);
    }

    private void tell(BatchListener[] whom, Consumer<BatchListener> event) {
        for (BatchListener listener : whom) {
            try {
                event.accept(listener);
            } catch (Throwable thrown) {
                threw(listener, thrown);
            }
        }
    }

    private void threw(Object what, Throwable thrown) {
        if (throwsSaid.compareAndSet(false, true)) {
            Log.warn(
                    "a listener of " + batcher + " threw, which is said once for each batcher: "
                            + what.getClass().getName(),
                    thrown);
        }
    }
}
