package io.microbatcher;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Decides, in one atomic word, whether a job is accepted: whether the batcher is open, whether somebody waits for room
 * already, and how many jobs wait and are pending.
 *
 * <pre>
 *   63      62        61 ......... 31   30 ......... 0
 *   closed  blocked   waiting           pending
 * </pre>
 *
 * <p>I1: a job is accepted by the compare-and-set that counts it, which fails once the closed bit is set: every job is
 * either counted before the close and waited for, or refused (R4.2). I2: nobody overtakes a blocked caller: while the
 * blocked bit is set only {@link #grant()} accepts, which the holder of the board's lock calls in FIFO order.
 *
 * <p>The word has a cache line of its own, in the middle of an array: nobody's writing to what happens to lie beside it
 * slows producers down.
 */
final class Admission {
    static final int CLOSED = -1;
    static final int FULL = -2;

    private static final long CLOSED_BIT = 1L << 63;
    private static final long BLOCKED_BIT = 1L << 62;
    private static final int WAITING_SHIFT = 31;
    private static final long COUNT_MASK = (1L << 31) - 1;
    private static final long ONE_WAITING_AND_PENDING = (1L << WAITING_SHIFT) + 1;

    private static final int WORD = 16; // longs in two lines of 64 bytes, since processors fetch pairs

    private final AtomicLongArray word = new AtomicLongArray(2 * WORD);
    private final int maxPending;

    /** The blocked bit. Guarded by the board's lock. */
    private boolean blocked;

    Admission(int maxPending) {
        this.maxPending = maxPending;
    }

    /** Accepts a job: returns how many jobs wait with it, or why not. */
    int admit() {
        return admit(CLOSED_BIT | BLOCKED_BIT);
    }

    /** Accepts the job of the caller that has waited longest: returns how many jobs wait with it, or why not. */
    int grant() {
        return admit(CLOSED_BIT);
    }

    private int admit(long refusing) {
        for (; ; ) {
            long seen = counts();
            if ((seen & refusing) != 0) {
                return seen < 0 ? CLOSED : FULL;
            }
            if ((seen & COUNT_MASK) >= maxPending) {
                return FULL;
            }
            if (word.compareAndSet(WORD, seen, seen + ONE_WAITING_AND_PENDING)) {
                return waiting(seen) + 1; // I1
            }
        }
    }

    /** Waiting jobs have become jobs in flight. */
    void taken(int jobs) {
        word.addAndGet(WORD, -((long) jobs << WAITING_SHIFT));
    }

    /** Jobs have ended while they waited. */
    void endedWaiting(int jobs) {
        word.addAndGet(WORD, -(jobs * ONE_WAITING_AND_PENDING));
    }

    /** Jobs have ended in flight. */
    void endedInFlight(int jobs) {
        word.addAndGet(WORD, -jobs);
    }

    void close() {
        word.updateAndGet(WORD, seen -> seen | CLOSED_BIT);
    }

    void blocked(boolean now) {
        if (blocked != now) {
            blocked = now;
            word.updateAndGet(WORD, seen -> now ? seen | BLOCKED_BIT : seen & ~BLOCKED_BIT); // I2
        }
    }

    boolean isClosed() {
        return counts() < 0;
    }

    int waiting() {
        return waiting(counts());
    }

    int pending() {
        return pending(counts());
    }

    /** Both counts of one moment, for {@link #waiting(long)} and {@link #pending(long)}. */
    long counts() {
        return word.get(WORD);
    }

    static int waiting(long counts) {
        return (int) (counts >>> WAITING_SHIFT & COUNT_MASK);
    }

    static int pending(long counts) {
        return (int) (counts & COUNT_MASK);
    }
}
