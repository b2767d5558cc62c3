package io.microbatcher;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Finds how many batches the backend serves at a time, by trying: a window with the current number of slots, one with
 * more or fewer, and the better of the two stays. Guarded by the board's lock.
 *
 * <pre>
 * BASE --window--> PROBE up or down --better--> BASE at the new number, next step twice as large in that direction
 *   ^                    |
 *   +----HOLD <--both directions rejected, twice as long each time, until the backend is seen to have changed
 * </pre>
 *
 * <p>What is better: while jobs wait for slots, the throughput; otherwise the time that a job takes from its submission
 * to its result. A slot more has to be worth something, a seventh of what it would be if the backend served it fully, and
 * a slot less may cost that much. Fixed limits that are too high cost a backend more than any other mistake of
 * configuration, and limits that follow the latency alone take a full batch for a slow one; so it compares, and believes
 * nothing but the comparison.
 *
 * <p>Where slots are not needed, because little comes or because the policy holds batches back, it tries without those.
 *
 * <p>Windows are short, so that a backend that changes is followed, and hence noisy: what is known of each number is the
 * mean over its windows, the newest weighing most, and a probe that is clearly better or worse ends before its window
 * (as in Wald's sequential test, 1945). When the base takes a third more or less than it did, all of that is forgotten,
 * and the first step is to half or twice the number.
 */
final class SlotLimit {
    private static final int START = 4;
    private static final int SHORTEST_WINDOW = 12;
    private static final int BATCHES_PER_SLOT = 4;
    private static final int FEWEST = 4;
    private static final double BUSY = 0.7;
    private static final double WORTH = 0.15;
    private static final double SPARED = 0.05;
    private static final double DOUBT = 1;
    private static final double CLEARLY = 0.2;
    private static final int FORGETFUL = 16;
    private static final double SHIFT = Math.log(1.3);
    private static final int LONGEST_HOLD = 1_024;
    private static final long LONGEST_HOLD_NANOS = 500_000_000;

    private final int max;
    private final int backlog;

    /** The number of slots that is the best so far, and the one that is tried. */
    private int base;

    private int slots;

    /** What is known of each number of slots. */
    private final @Nullable Estimate[] known;

    private boolean probing;

    /** How much better the number that is tried has to be than the base, as a logarithm. */
    private double worth;

    private int direction = 1;
    private int step = 1;
    private boolean far = true;
    private boolean otherDirectionRejected;
    private int holdLength = 1;
    private int hold;
    private int spared;
    private long holdEndsNanos;

    private Window window = new Window();
    private long countsFromNanos;
    private int skipped;

    /** Starts with a few slots; as many waiting jobs as fill a batch are a backlog. */
    SlotLimit(int max, int batchSize) {
        this.max = max;
        this.backlog = batchSize;
        this.base = Math.min(START, max);
        this.slots = base;
        this.known = new Estimate[max + 1];
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
        if (skipped < slots) {
            skipped++; // the first round still finds the others' queue
            return;
        }
        window.add((double) nowNanos - dispatchedNanos, jobs, sojournNanos, inFlight, waiting >= backlog);
        int enough = Math.max(SHORTEST_WINDOW, BATCHES_PER_SLOT * slots);
        if (window.batches >= enough || (probing && isClear())) {
            if (probing) {
                judge(nowNanos);
            } else {
                afterBase(nowNanos);
            }
        }
    }

    /** The backend has said that it is too much: a time-out, or a refusal. */
    void overloaded(long nowNanos, long dispatchedNanos) {
        if (dispatchedNanos >= countsFromNanos) {
            base = Math.max(1, slots / 2);
            Arrays.fill(known, null);
            probing = false;
            hold = 1;
            holdEndsNanos = Nanos.after(nowNanos, LONGEST_HOLD_NANOS);
            begin(nowNanos, base);
        }
    }

    private void afterBase(long nowNanos) {
        Estimate before = known[base];
        double change = before == null ? 0 : new Estimate(window).nanosPerJob - before.nanosPerJob;
        if (Math.abs(change) > SHIFT) {
            Arrays.fill(known, null);
            direction = change > 0 ? -1 : 1;
            far = true;
            otherDirectionRejected = false;
            holdLength = 1;
            hold = 0;
        }
        learn(base);
        if (hold > 0 && nowNanos < holdEndsNanos) {
            hold--;
            begin(nowNanos, base);
        } else if (window.meanInFlight() >= BUSY * slots) {
            probe(nowNanos);
        } else {
            spare(nowNanos);
        }
    }

    /** Some slots are not needed: tries without them, so that those that remain can tell what one is worth. */
    private void spare(long nowNanos) {
        int needed = Math.max(START, (int) Math.ceil(window.meanInFlight()));
        if (needed < base) {
            probing = true;
            worth = -SPARED;
            begin(nowNanos, needed);
        } else {
            begin(nowNanos, base); // too little to do to learn anything
        }
    }

    private void learn(int number) {
        Estimate newest = new Estimate(window);
        Estimate before = known[number];
        known[number] = before == null ? newest : before.with(newest);
    }

    private void probe(long nowNanos) {
        int farthest = direction > 0 ? 2 * base : base / 2;
        int next = Math.max(1, Math.min(max, far ? farthest : base + direction * step));
        if (next == base || isKnownToBeTooFew(next)) {
            rejected(nowNanos);
        } else {
            probing = true;
            worth = WORTH * Math.log((double) next / base);
            begin(nowNanos, next);
        }
    }

    /**
     * Whether fewer slots were clearly worse: they still are while the base takes as long as it did. More slots may have
     * become better unseen. Not believed for ever, as the backend may change little by little.
     */
    private boolean isKnownToBeTooFew(int number) {
        Estimate before = known[number];
        return number < base && before != null && gain(before) < -CLEARLY && ++spared % FORGETFUL != 0;
    }

    /** Whether a number that is tried has shown already what it is worth: the earlier, the more it takes. */
    private boolean isClear() {
        return window.batches >= Math.max(FEWEST, 2 * slots)
                && Math.abs(gain(new Estimate(window)) - worth) > DOUBT / Math.sqrt(window.batches);
    }

    private void judge(long nowNanos) {
        probing = false;
        learn(slots);
        Estimate tried = known[slots];
        if (tried != null && gain(tried) > worth) {
            if (slots > base) { // perhaps more are served than when the other numbers were tried
                Arrays.fill(known, null);
                known[slots] = new Estimate(window);
            }
            base = slots;
            otherDirectionRejected = false;
            step *= 2;
            holdLength = 1;
            probe(nowNanos);
        } else {
            rejected(nowNanos);
        }
    }

    /** How much better a number is than the base, as a logarithm. */
    private double gain(Estimate tried) {
        Estimate ofBase = known[base];
        if (ofBase == null) {
            return 0;
        }
        return tried.isBacklogged && ofBase.isBacklogged
                ? ofBase.nanosPerJob - tried.nanosPerJob
                : ofBase.sojourn - tried.sojourn;
    }

    private void rejected(long nowNanos) {
        if (far || step > 1) {
            far = false;
            step = 1; // too far; perhaps a smaller step is right
        } else {
            direction = -direction;
            if (otherDirectionRejected) {
                hold = holdLength;
                holdEndsNanos = Nanos.after(nowNanos, LONGEST_HOLD_NANOS);
                holdLength = Math.min(LONGEST_HOLD, 2 * holdLength);
            }
            otherDirectionRejected = !otherDirectionRejected;
        }
        begin(nowNanos, base);
    }

    private void begin(long nowNanos, int withSlots) {
        if (withSlots != slots) {
            countsFromNanos = nowNanos;
            skipped = 0;
        }
        slots = withSlots;
        window = new Window();
    }

    /** What is known of a number of slots; the times are logarithms. */
    private static final class Estimate {
        private static final double NEWEST = 0.3;

        private final double nanosPerJob;
        private final double sojourn;
        private final boolean isBacklogged;
        private final int windows;

        Estimate(Window window) {
            this(Math.log(window.nanosPerJob()), Math.log(window.meanSojourn()), window.isBacklogged(), 1);
        }

        private Estimate(double nanosPerJob, double sojourn, boolean isBacklogged, int windows) {
            this.nanosPerJob = nanosPerJob;
            this.sojourn = sojourn;
            this.isBacklogged = isBacklogged;
            this.windows = windows;
        }

        Estimate with(Estimate newest) {
            double weight = Math.max(NEWEST, 1.0 / (windows + 1));
            return new Estimate(
                    nanosPerJob + weight * (newest.nanosPerJob - nanosPerJob),
                    sojourn + weight * (newest.sojourn - sojourn),
                    newest.isBacklogged,
                    windows + 1);
        }
    }

    /** What was measured while the number of slots stayed the same. */
    private static final class Window {
        private int batches;
        private long jobs;
        private double duration;
        private double sojourn;
        private long inFlight;
        private int backlogged;

        void add(double nanos, int size, double sojournNanos, int running, boolean isBacklog) {
            batches++;
            jobs += size;
            duration += nanos;
            sojourn += sojournNanos;
            inFlight += running;
            backlogged += isBacklog ? 1 : 0;
        }

        /** By Little's law: counting what ends in a stretch of time would depend on where between two ends it begins. */
        double nanosPerJob() {
            return Math.max(1, duration / jobs / meanInFlight());
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
