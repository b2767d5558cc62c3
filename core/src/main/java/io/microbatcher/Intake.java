package io.microbatcher;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The way in: where producers leave accepted jobs without a lock: a stack of the jobs themselves, which the holder of the
 * board's lock takes as a whole and turns round into order of arrival (Treiber, 1986).
 *
 * <p>Visibility: the compare-and-set in {@link #push} pairs with the exchange in {@link #takeAll}: what happened before
 * {@code submit} happens-before the processor sees the job (R5.3). Taking all at once leaves no ABA.
 */
final class Intake<J, R extends @Nullable Object> extends Place<J, R> {
    private static final int TOP = 32; // references in two lines of 64 bytes, since processors fetch pairs

    /** The stack, in a cache line of its own. */
    private final AtomicReferenceArray<@Nullable PendingJob<J, R>> top = new AtomicReferenceArray<>(2 * TOP);

    Intake(Dispatcher<J, R> dispatcher) {
        super(dispatcher);
    }

    void push(PendingJob<J, R> job) {
        PendingJob<J, R> seen;
        do {
            seen = top.get(TOP);
            job.next = seen;
        } while (!top.weakCompareAndSetVolatile(TOP, seen, job));
    }

    boolean isEmpty() {
        return top.get(TOP) == null;
    }

    /** Takes all jobs, the oldest first, linked by {@code next}. */
    @Nullable
    PendingJob<J, R> takeAll() {
        PendingJob<J, R> newest = top.get(TOP) == null ? null : top.getAndSet(TOP, null);
        PendingJob<J, R> oldest = null;
        while (newest != null) {
            PendingJob<J, R> older = newest.next;
            newest.next = oldest;
            oldest = newest;
            newest = older;
        }
        return oldest;
    }
}
