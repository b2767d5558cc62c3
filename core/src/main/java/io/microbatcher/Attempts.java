package io.microbatcher;

import org.jspecify.annotations.Nullable;

/**
 * What has become of a job's attempts, or of a group's, from the first that failed on. Guarded by the board's lock; the
 * thread that ends its batch reads it without, for nobody else changes it meanwhile.
 */
final class Attempts {
    /** How many have failed, and were followed by another. */
    int failures;

    /** What the last of them failed with. */
    @Nullable
    Throwable lastFailure;

    /** The batch that took the job first, and its position there: the order of its lane. */
    private final long firstBatch;

    private final int firstPosition;

    Attempts(long firstBatch, int firstPosition) {
        this.firstBatch = firstBatch;
        this.firstPosition = firstPosition;
    }

    boolean isBefore(Attempts other) {
        return firstBatch < other.firstBatch || (firstBatch == other.firstBatch && firstPosition < other.firstPosition);
    }

    /** What they were until now, for a caller that goes while others stay. */
    Attempts untilNow() {
        Attempts copy = new Attempts(firstBatch, firstPosition);
        copy.failures = failures;
        copy.lastFailure = lastFailure;
        return copy;
    }

    /** For the message of a failure: how often it was tried, if more than once. */
    String tried() {
        return failures == 0 ? "" : "; it was tried " + (failures + 1) + " times";
    }

    /** The failure of an earlier attempt comes along: it may say more than the last, or than a time-out. */
    void addTo(Throwable failure) {
        Throwable earlier = lastFailure;
        if (earlier != null && earlier != failure && earlier != failure.getCause()) {
            failure.addSuppressed(earlier);
        }
    }
}
