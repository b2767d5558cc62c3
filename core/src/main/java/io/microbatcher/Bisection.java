package io.microbatcher;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The search for the jobs that spoil a batch: its parts, in order of acceptance, of which one at a time is tried. Guarded by
 * the board's lock.
 *
 * <pre>
 * 1-8 fails; 1-4 fails; 1-2 succeeds; 3-4 fails; 3 fails alone; 4 succeeds; 5-8 succeeds
 * </pre>
 *
 * <p>I1: the first half is done with before the second is tried, down to the single job: so a search keeps the order of a
 * lane, and a backend in trouble is never asked twice at a time.
 *
 * <p>I2: a call that fails is about a single job, or leads to two calls about a half each. A job that spoils a batch of n
 * is in no more than {@code log2(n)} of the second kind, rounded up, so p of them make {@code 2p log2(n)} calls at most.
 *
 * <p>I3: so many calls in a row fail without a cause in the jobs only if the backend is down. From the top to the first
 * single job every call fails if that one is to blame; the next ones must not, unless its neighbours are, too.
 */
final class Bisection<J, R extends @Nullable Object> {
    private static final int NEIGHBOURS = 3;
    private static final int TRUST = 4;

    private final Deque<Rerun<J, R>> parts = new ArrayDeque<>();
    private int patience;
    private int failedInARow = 1;
    private boolean hasSucceeded;

    /** Starts with a batch of that many jobs, which has failed. */
    Bisection(int jobs) {
        int halvings = Integer.SIZE - Integer.numberOfLeadingZeros(jobs - 1);
        this.patience = halvings + 1 + NEIGHBOURS;
    }

    /** A part was tried. */
    void heard(boolean success) {
        failedInARow = success ? 0 : failedInARow + 1;
        if (success && !hasSucceeded) {
            hasSucceeded = true;
            patience *= TRUST;
        }
    }

    /** Whether it is not the jobs (I3). */
    boolean isHopeless() {
        return failedInARow >= patience;
    }

    /** Replaces a part that has failed, of two jobs or more, by its halves (I1). */
    List<Rerun<J, R>> split(List<PendingJob<J, R>> jobs, Lane<J, R> lane) {
        int half = (jobs.size() + 1) / 2;
        Rerun<J, R> first = new Rerun<>(new ArrayList<>(jobs.subList(0, half)), lane, this, 0);
        Rerun<J, R> second = new Rerun<>(new ArrayList<>(jobs.subList(half, jobs.size())), lane, this, 0);
        parts.push(second);
        parts.push(first);
        return List.of(first, second);
    }

    /** A part had no room in the call that it belonged to: it is tried next. */
    void putBack(Rerun<J, R> part) {
        parts.push(part);
    }

    /** The next part that still has jobs, which is taken out; null if none has. */
    @Nullable
    Rerun<J, R> next() {
        Rerun<J, R> part = parts.poll();
        while (part != null && part.living == 0) {
            part = parts.poll();
        }
        return part;
    }
}
