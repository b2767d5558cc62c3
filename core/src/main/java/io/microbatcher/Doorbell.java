package io.microbatcher;

import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * How producers call for whoever acts on what they brought, without the board's lock: when to ring, and whether somebody
 * has; and which of them are to look at the clock.
 *
 * <p>Each of the two has a cache line of its own, in the middle of an array: every submit reads the first, which is
 * written once for each batch, and what is beside it hardly ever; what the holder of the lock writes all the time must not
 * be beside it.
 */
final class Doorbell {
    /** How far the times of jobs may be off, where they are watched and come one shortly after the other. */
    static final double PRECISION_NANOS = 5_000;

    /** Fewer jobs than this, come together, say nothing of how close together jobs come. */
    private static final int FEW = 16;

    private static final int LINE = 32; // ints: two lines of 64 bytes, since processors fetch pairs
    private static final int FROM = LINE;
    private static final int TIMED = FROM + 1;
    private static final int RUNG = 2 * LINE;

    private final AtomicIntegerArray state = new AtomicIntegerArray(3 * LINE);

    Doorbell() {
        state.set(FROM, 1);
    }

    /** From how many waiting jobs on a producer has to ring. */
    int from() {
        return state.get(FROM);
    }

    void from(int waiting) {
        if (state.getPlain(FROM) != waiting) {
            state.set(FROM, waiting);
        }
    }

    /** Whether the job that makes this many wait is one whose time of acceptance is read: one in a power of two. */
    boolean isTimed(int waiting) {
        int mask = state.get(TIMED);
        return (waiting & mask) == (1 & mask);
    }

    /** How many jobs share a reading of the clock. */
    int shared() {
        return state.getPlain(TIMED) + 1;
    }

    /** Sets how many jobs share a reading of the clock, rounded down to a power of two. */
    void share(int jobs) {
        int mask = Integer.highestOneBit(jobs) - 1;
        if (state.getPlain(TIMED) != mask) {
            state.set(TIMED, mask);
        }
    }

    /**
     * Decides how many of the next jobs share a reading of the clock, from those that have come and how long that took. A few
     * say little of how close together jobs come when there are many, as the first after a pause: but if they go on to come
     * far apart, each reads the clock after a while.
     */
    void shareFor(int arrived, long nanos, int batchSize) {
        double together = PRECISION_NANOS * arrived / Math.max(1, nanos);
        double shared = arrived >= FEW ? together : together < 1 ? shared() / 2 : shared();
        share((int) Math.max(1, Math.min(batchSize, shared)));
    }

    void ring() {
        if (!isRung()) {
            state.set(RUNG, 1);
        }
    }

    boolean isRung() {
        return state.get(RUNG) != 0;
    }

    void answered() {
        if (isRung()) {
            state.set(RUNG, 0);
        }
    }
}
