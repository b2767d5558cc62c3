package io.microbatcher.jdbc;

import io.microbatcher.BatchProcessor.Answers;
import java.util.BitSet;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What has become of the jobs of a batch, by position. An outcome may be overwritten until it is settled, that is, until
 * the transaction it belongs to has been committed; only then is the caller told. Used by one thread.
 */
final class Outcomes<R extends @Nullable Object> {
    private final @Nullable Object[] values;
    private final @Nullable Throwable[] failures;
    private final BitSet known = new BitSet();
    private final BitSet settled = new BitSet();

    Outcomes(int jobs) {
        values = new @Nullable Object[jobs];
        failures = new @Nullable Throwable[jobs];
    }

    void complete(int position, @Nullable R value) {
        values[position] = value;
        failures[position] = null;
        known.set(position);
    }

    void fail(int position, Throwable why) {
        failures[position] = why;
        known.set(position);
    }

    /** What was noted of an attempt that was undone must not be taken for what the next one brings. */
    void forget(List<? extends Placed<?>> rows) {
        rows.forEach(row -> {
            known.clear(row.position());
            failures[row.position()] = null;
        });
    }

    void settle(List<? extends Placed<?>> rows) {
        rows.forEach(row -> settled.set(row.position()));
    }

    boolean isSettled(int position) {
        return settled.get(position);
    }

    boolean hasFailure(Predicate<? super Throwable> kind) {
        for (Throwable failure : failures) {
            if (failure != null && kind.test(failure)) {
                return true;
            }
        }
        return false;
    }

    /** Tells the callers what is settled. A job for which there is nothing to tell has no result. */
    void deliver(Answers<? super R> answers) {
        for (int i = settled.nextSetBit(0); i >= 0; i = settled.nextSetBit(i + 1)) {
            Throwable failure = failures[i];
            if (failure != null) {
                answers.fail(i, failure);
            } else if (known.get(i)) {
                answers.complete(i, value(i));
            }
        }
    }

    @SuppressWarnings({"unchecked", "NullAway"}) // complete() has put it there, null if R allows that
    private R value(int position) {
        return (R) values[position];
    }
}
