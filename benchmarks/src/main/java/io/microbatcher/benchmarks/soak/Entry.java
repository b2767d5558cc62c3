package io.microbatcher.benchmarks.soak;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** One job: a row to be written once, by its id; and what its caller was told. */
final class Entry {
    /** What the answer says of the row. */
    enum Outcome {
        /** It is there. */
        ACKNOWLEDGED,
        /** It is not there, and never will be. */
        NOT_WRITTEN,
        /** Only the database knows: the caller gave up, or the connection broke during the commit. */
        UNKNOWN
    }

    final long id;
    final int key;
    final int sequence;
    final long amount;
    final long bornNanos = System.nanoTime();
    private final AtomicInteger answers = new AtomicInteger();
    private volatile @Nullable Outcome outcome;

    Entry(long id, int key, int sequence, long amount) {
        this.id = id;
        this.key = key;
        this.sequence = sequence;
        this.amount = amount;
    }

    /** A row that the database refuses. */
    boolean isPoison() {
        return amount < 0;
    }

    /** Tells how many answers there were, with this one. */
    int answer(Outcome said) {
        outcome = said;
        return answers.incrementAndGet();
    }

    int answers() {
        return answers.get();
    }

    @Nullable
    Outcome outcome() {
        return outcome;
    }

    @Override
    public String toString() {
        return "job " + id + " (key " + key + ", number " + sequence + ", amount " + amount + ")";
    }
}
