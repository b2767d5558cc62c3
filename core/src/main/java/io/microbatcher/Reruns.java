package io.microbatcher;

import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What of a lane is to be run again. Guarded by the board's lock. A lane has it from its first failure on.
 *
 * <p>I1: what is due leaves in order of acceptance, and before new jobs; but where a lane need not keep its order
 * strictly, a batch without new jobs gives the next turn to them, if they are ripe. So neither starves the other.
 */
final class Reruns<J, R extends @Nullable Object> {
    private final NavigableSet<Rerun<J, R>> due = new TreeSet<>();

    /** How many wait for their time. */
    private int backingOff;

    private boolean isTurnOfNewJobs;

    void backsOff() {
        backingOff++;
    }

    void backedOff() {
        backingOff--;
    }

    boolean isBackingOff() {
        return backingOff > 0;
    }

    void add(Rerun<J, R> rerun) {
        due.add(rerun);
    }

    void remove(Rerun<J, R> rerun) {
        due.remove(rerun);
    }

    /** How many batches they are at most. */
    int due() {
        return due.size();
    }

    /** The one that was accepted first, if it may leave now. */
    @Nullable
    Rerun<J, R> first() {
        return due.isEmpty() ? null : due.first();
    }

    /** Whether new jobs that are ripe go first this time (I1). */
    boolean yieldsToNewJobs() {
        return isTurnOfNewJobs;
    }

    /** The lane has given a batch, with new jobs or without. */
    void served(boolean hasNewJobs) {
        isTurnOfNewJobs = !hasNewJobs;
    }
}
