package io.microbatcher;

/**
 * Finds how many batches the backend serves at a time, by trying: a window with the current number of slots, one with
 * more or fewer, and the better of the two stays. Ties go to the smaller. Guarded by the board's lock.
 *
 * <pre>
 * BASE --window--> PROBE up or down --better--> BASE at the new number, next step twice as large in that direction
 *   ^                    |
 *   +----HOLD <--both directions rejected, twice as long each time, until the backend is seen to have changed
 * </pre>
 *
 * <p>What is better: while jobs wait for slots, the throughput; otherwise the time that a job takes from its submission
 * to its result. Fixed limits that are too high cost a backend more than any other mistake of configuration, and limits
 * that follow the latency alone take a full batch for a slow one; so it compares, and believes nothing but the
 * comparison.
 */
final class SlotLimit {
    private static final int START = 4;
    private static final int SHORTEST_WINDOW = 24;
    private static final int BATCHES_PER_SLOT = 4;
    private static final double BUSY = 0.7;
    private static final double TIE = 0.03;
    private static final double SHIFT = 0.3;
    private static final int LONGEST_HOLD = 16;

    private final int max;
    private final int backlog;

    /** The number of slots that is the best so far, and the one that is tried. */
    private int base;

    private int slots;

    private boolean probing;
    private int direction = 1;
    private int step = 1;
    private boolean otherDirectionRejected;
    private int holdLength = 1;
    private int hold;

    private Window window = new Window(0);
    private Window baseWindow = new Window(0);
    private long countsFromNanos;

    /** Starts with a few slots; as many waiting jobs as fill a batch are a backlog. */
    SlotLimit(int max, int batchSize) {
        this.max = max;
        this.backlog = batchSize;
        this.base = Math.min(START, max);
        this.slots = base;
    }

    int slots() {
        return slots;
    }

    /**
     * A batch has left its slot.
     *
     * @param dispatchedNanos when a slot took it
     * @param jobs how many it held
     * @param sojournNanos how long they were pending, together
     * @param inFlight how many batches are in flight, this one included
     * @param waiting how many jobs wait
     */
    void processed(long nowNanos, long dispatchedNanos, int jobs, double sojournNanos, int inFlight, int waiting) {
        if (dispatchedNanos < countsFromNanos) {
            return; // it was in flight with batches of another time
        }
        window.add(nowNanos, jobs, sojournNanos, inFlight, waiting >= backlog);
        if (window.batches >= Math.max(SHORTEST_WINDOW, BATCHES_PER_SLOT * slots)) {
            Window done = window;
            if (done.meanInFlight() < BUSY * slots) {
                begin(nowNanos, slots); // too little to do to learn anything
            } else if (probing) {
                judge(done, nowNanos);
            } else {
                afterBase(done, nowNanos);
            }
        }
    }

    /** The backend has said that it is too much: a time-out, or a refusal. */
    void overloaded(long nowNanos, long dispatchedNanos) {
        if (dispatchedNanos >= countsFromNanos) {
            base = Math.max(1, slots / 2);
            probing = false;
            hold = 1;
            begin(nowNanos, base);
        }
    }

    private void afterBase(Window done, long nowNanos) {
        boolean shifted = baseWindow.batches > 0
                && Math.abs(done.nanosPerJob() - baseWindow.nanosPerJob()) > SHIFT * baseWindow.nanosPerJob();
        if (shifted) {
            direction = done.nanosPerJob() > baseWindow.nanosPerJob() ? -1 : 1;
            holdLength = 1;
            hold = 0;
            step = 1;
        }
        baseWindow = done;
        if (hold > 0) {
            hold--;
            begin(nowNanos, base);
        } else {
            probe(nowNanos);
        }
    }

    private void probe(long nowNanos) {
        int next = Math.max(1, Math.min(max, base + direction * step));
        if (next == base) {
            rejected(nowNanos);
        } else {
            probing = true;
            begin(nowNanos, next);
        }
    }

    private void judge(Window done, long nowNanos) {
        probing = false;
        double change = (double) (slots - base) / base;
        double gain = done.isBacklogged() && baseWindow.isBacklogged()
                ? baseWindow.nanosPerJob() / done.nanosPerJob() - 1
                : baseWindow.meanSojourn() / done.meanSojourn() - 1;
        if (change > 0 ? gain > Math.max(TIE, Math.min(0.5, change / 2)) : gain >= -TIE) {
            base = slots;
            baseWindow = done;
            otherDirectionRejected = false;
            step *= 2;
            holdLength = 1;
            probe(nowNanos);
        } else {
            rejected(nowNanos);
        }
    }

    private void rejected(long nowNanos) {
        if (step > 1) {
            step = 1; // too far; perhaps a smaller step is right
        } else {
            direction = -direction;
            if (otherDirectionRejected) {
                hold = holdLength;
                holdLength = Math.min(LONGEST_HOLD, holdLength * 2);
            }
            otherDirectionRejected = !otherDirectionRejected;
        }
        begin(nowNanos, base);
    }

    private void begin(long nowNanos, int withSlots) {
        if (withSlots != slots) {
            countsFromNanos = nowNanos;
        }
        slots = withSlots;
        window = new Window(nowNanos);
    }

    /** What was measured while the number of slots stayed the same. */
    private static final class Window {
        private long firstNanos;
        private long lastNanos;
        private int batches;
        private int firstJobs;
        private long jobs;
        private double sojourn;
        private long inFlight;
        private int backlogged;

        Window(long startNanos) {
            this.firstNanos = startNanos;
        }

        void add(long nowNanos, int size, double sojournNanos, int running, boolean isBacklog) {
            if (batches == 0) { // time counts from the first batch, whose own start lies before the window
                firstNanos = nowNanos;
                firstJobs = size;
            }
            lastNanos = nowNanos;
            batches++;
            jobs += size;
            sojourn += sojournNanos;
            inFlight += running;
            backlogged += isBacklog ? 1 : 0;
        }

        double nanosPerJob() {
            return Math.max(1, lastNanos - firstNanos) / (double) Math.max(1, jobs - firstJobs);
        }

        double meanSojourn() {
            return Math.max(1, sojourn / jobs);
        }

        double meanInFlight() {
            return (double) inFlight / batches;
        }

        boolean isBacklogged() {
            return backlogged * 4 >= batches * 3;
        }
    }
}
