package io.microbatcher;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The jobs that have left the lane and whose callers do not know their end yet: batches from their dispatch until their
 * results are delivered, and jobs that departed without one. Guarded by the board's lock.
 */
final class Flight<J, R extends @Nullable Object> {
    private @Nullable Batch<J, R> first;
    private @Nullable Batch<J, R> last;
    private final List<Aftermath<J, R>> departing = new ArrayList<>();

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

    void departing(Aftermath<J, R> aftermath) {
        departing.add(aftermath);
    }

    void departed(Aftermath<J, R> aftermath) {
        departing.remove(aftermath);
    }

    /** Adds what has to complete before everything here has ended and every caller knows. */
    void collect(List<CompletableFuture<?>> pending) {
        for (Batch<J, R> batch = first; batch != null; batch = batch.after) {
            if (batch.finished) {
                pending.add(batch.landing()); // its jobs are being taken apart
            } else {
                for (PendingJob<J, R> job = batch.first(); job != null; job = job.next) {
                    pending.add(job);
                }
            }
        }
        departing.forEach(aftermath -> aftermath.collect(pending));
    }
}
