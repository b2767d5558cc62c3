package io.microbatcher;

import io.microbatcher.ContextCarrier.Scope;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The contexts of the jobs of one batch, for a processor that wants to link its own work to each of its callers:
 *
 * <pre>{@code
 * JobContexts contexts = JobContexts.current();
 * for (int i = 0; i < jobs.size(); i++) {
 *     try (ContextCarrier.Scope scope = contexts.restore(i)) {
 *         span.addLink(Span.current().getSpanContext());
 *     }
 * }
 * }</pre>
 *
 * <p>Positions are those of the jobs in the list that the processor is given. Of callers whose jobs are
 * {@linkplain MicroBatcher.Builder#coalesceBy one} it is the context of the one whose job is in that list. Where no
 * {@linkplain MicroBatcher.Builder#context context} is configured, and outside of a processor, there are none: every
 * {@link #get} is null and every {@link #restore} does nothing, so that a processor need not know how it was configured.
 *
 * <p><b>Thread safety.</b> Immutable: a processor may keep it and use it on other threads.
 */
public final class JobContexts {
    private static final Scope NOTHING = () -> {};
    private static final @Nullable Object[] NOBODY = {};
    private static final JobContexts NONE = new JobContexts(null, NOBODY, NOBODY);

    private final @Nullable Contexts contexts;
    private final @Nullable Object[] captured;
    private final @Nullable Object[] ofCallers;

    private JobContexts(@Nullable Contexts contexts, @Nullable Object[] captured, @Nullable Object[] ofCallers) {
        this.contexts = contexts;
        this.captured = captured;
        this.ofCallers = ofCallers;
    }

    /** Those of a batch whose chain of jobs nobody changes meanwhile; null if nobody carries any. */
    static @Nullable JobContexts of(Batch<?, ?> batch) {
        Contexts contexts = batch.dispatcher.settings.contexts();
        if (contexts == null) {
            return null;
        }
        @Nullable Object[] captured = new Object[batch.size()];
        int position = 0;
        for (PendingJob<?, ?> job = batch.first(); job != null; job = job.next) {
            captured[position++] = job.context();
        }
        if (!batch.dispatcher.settings.coalesces()) {
            return new JobContexts(contexts, captured, captured);
        }
        List<@Nullable Object> callers = new ArrayList<>(captured.length);
        for (PendingJob<?, ?> job = batch.first(); job != null; job = job.next) {
            job.addContexts(callers);
        }
        return new JobContexts(contexts, captured, callers.toArray());
    }

    /**
     * Finds the contexts of the batch that this thread processes. To be called by the processor, on the thread on which it
     * was called.
     *
     * @return the contexts of its jobs, never null
     */
    public static JobContexts current() {
        JobContexts inside = Frame.contextsHere();
        return inside == null ? NONE : inside;
    }

    /**
     * Counts the positions.
     *
     * @return the number of jobs in the batch; 0 where there are no contexts
     */
    public int size() {
        return captured.length;
    }

    /**
     * Finds the contexts of all callers, also of those whose jobs are {@linkplain MicroBatcher.Builder#coalesceBy one}: to
     * link each of them to the work that is done for it. Without coalescing these are the same contexts.
     *
     * @return the contexts of those who waited for a result when the batch left, each at a position of its own
     */
    public JobContexts ofCallers() {
        return ofCallers == captured ? this : new JobContexts(contexts, ofCallers, ofCallers);
    }

    /**
     * Gives what was captured for a job.
     *
     * @param position the index of the job in the batch
     * @return what {@link ContextCarrier#capture} returned, or {@code null} if that was null or failed, or there is no such
     *     job
     */
    public @Nullable Object get(int position) {
        return position < 0 || position >= captured.length ? null : captured[position];
    }

    /**
     * Makes this thread carry the context of a job, until the scope is closed; scopes nest. Does nothing if the job has none.
     *
     * @param position the index of the job in the batch
     * @return ends it; to be closed on this thread. Never throws
     */
    public Scope restore(int position) {
        Object context = get(position);
        return contexts == null || context == null ? NOTHING : contexts.restored(context);
    }
}
