package io.microbatcher;

import java.util.concurrent.atomic.AtomicLong;

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
 */
final class Admission {
    static final int CLOSED = -1;
    static final int FULL = -2;

    private static final long CLOSED_BIT = 1L << 63;
    private static final long BLOCKED_BIT = 1L << 62;
    private static final int WAITING_SHIFT = 31;
    private static final long COUNT_MASK = (1L << 31) - 1;
    private static final long ONE_WAITING_AND_PENDING = (1L << WAITING_SHIFT) + 1;

    private final AtomicLong word = new AtomicLong();
    private final int maxPending;

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
            long seen = word.get();
            if ((seen & refusing) != 0) {
                return seen < 0 ? CLOSED : FULL;
            }
            if ((seen & COUNT_MASK) >= maxPending) {
                return FULL;
            }
            if (word.compareAndSet(seen, seen + ONE_WAITING_AND_PENDING)) {
                return waiting(seen) + 1; // I1
            }
        }
    }

    /** Waiting jobs have become jobs in flight. */
    void taken(int jobs) {
        word.addAndGet(-((long) jobs << WAITING_SHIFT));
    }

    /** Jobs have ended while they waited. */
    void endedWaiting(int jobs) {
        word.addAndGet(-(jobs * ONE_WAITING_AND_PENDING));
    }

    /** Jobs have ended in flight. */
    void endedInFlight(int jobs) {
        word.addAndGet(-jobs);
    }

    void close() {
        word.updateAndGet(seen -> seen | CLOSED_BIT);
    }

    void blocked(boolean blocked) {
        if (blocked != ((word.get() & BLOCKED_BIT) != 0)) {
            word.updateAndGet(seen -> blocked ? seen | BLOCKED_BIT : seen & ~BLOCKED_BIT); // I2
        }
    }

    boolean isClosed() {
        return word.get() < 0;
    }

    int waiting() {
        return waiting(word.get());
    }

    int pending() {
        return pending(word.get());
    }

    /** Both counts of one moment, for {@link #waiting(long)} and {@link #pending(long)}. */
    long counts() {
        return word.get();
    }

    static int waiting(long counts) {
        return (int) (counts >>> WAITING_SHIFT & COUNT_MASK);
    }

    static int pending(long counts) {
        return (int) (counts & COUNT_MASK);
    }
}
