package io.microbatcher;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The jobs that have left the lane and whose callers do not know their end yet: batches from their dispatch until their
 * results are delivered, jobs that were answered while theirs runs, and jobs that departed without one. Guarded by the
 * board's lock.
 */
final class Flight<J, R extends @Nullable Object> {
    private @Nullable Batch<J, R> first;
    private @Nullable Batch<J, R> last;
    private final List<Aftermath<J, R>> departing = new ArrayList<>();
    private final Set<PendingJob<J, R>> answering = new HashSet<>();

    @Nullable
    Batch<J, R> first() {
        return first;
    }

    void add(Batch<J, R> batch) {
        batch.before = last;
        if (last == null) {
            first = batch;
        } else {
            last.after = batch;
        }
        last = batch;
    }

    void remove(Batch<J, R> batch) {
        Batch<J, R> before = batch.before;
        Batch<J, R> after = batch.after;
        if (before == null) {
            first = after;
        } else {
            before.after = after;
        }
        if (after == null) {
            last = before;
        } else {
            after.before = before;
        }
        batch.before = null;
        batch.after = null;
    }

    /** A job was answered while its batch runs, and its caller is about to know. */
    void answering(PendingJob<J, R> job) {
        answering.add(job);
    }

    void answered(PendingJob<J, R> job) {
        answering.remove(job);
    }

    void departing(Aftermath<J, R> aftermath) {
        departing.add(aftermath);
    }

    void departed(Aftermath<J, R> aftermath) {
        departing.remove(aftermath);
    }

    /** How many batches were dispatched at that time or before, and are still with the processor. */
    int countUntil(long nanos) {
        int count = 0;
        for (Batch<J, R> batch = first; batch != null && batch.dispatchedNanos <= nanos; batch = batch.after) {
            count += batch.finished ? 0 : 1;
        }
        return count;
    }

    /** The first batch that was dispatched after that time. */
    @Nullable
    Batch<J, R> firstAfter(long nanos) {
        Batch<J, R> batch = first;
        while (batch != null && batch.dispatchedNanos <= nanos) {
            batch = batch.after;
        }
        return batch;
    }

    /** Adds what has to complete before everything here has ended and every caller knows. */
    void collect(List<CompletableFuture<?>> pending) {
        for (Batch<J, R> batch = first; batch != null; batch = batch.after) {
            if (batch.finished) {
                pending.add(batch.landing()); // its jobs are being taken apart
            } else {
                for (PendingJob<J, R> job = batch.first(); job != null; job = job.next) {
                    job.addTo(pending);
                }
            }
        }
        departing.forEach(aftermath -> aftermath.collect(pending));
        pending.addAll(answering);
    }
}
