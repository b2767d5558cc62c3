package io.microbatcher;

/**
 * What a batcher has learnt about its processor and its callers: the ground on which a {@link DispatchPolicy} decides.
 * Guarded by the board's lock. All means are exponentially weighted; durations in nanoseconds.
 */
final class Observed {
    /** The weight of the newest batch in what is learnt about durations. */
    private static final double NEWEST = 0.1;

    /** One batch that takes longer than this many times the expected counts as this much: one outlier is no trend. */
    private static final double OUTLIER = 4;

    /** The part of a batch's duration within which callers that had their results come back, if they do at all. */
    private static final double COMING_BACK = 1;

    private static final double NEWEST_RETURN = 0.2;
    private static final int TRY_AGAIN = 32;
    private static final double TAIL = 0.99;
    private static final double TAIL_STEP = 0.05;
    private static final double LONGEST_TAIL = 10;

    private int inFlight;
    private int slots = 1;
    private long lastDispatchNanos;

    private double duration;
    private double meanSize;
    private double meanSizeSquared;
    private double meanSizeTimesDuration;
    private double tail = 1.2;

    private long lastDeliveryNanos;
    private int waitingThen;
    private long windowEndsNanos = -1;
    private int arrivedInWindow;
    private long lastInWindowNanos;
    private double comingBack;
    private double returnTime;

    /** How many jobs the last batch held, and how many have come since. */
    private int lastSize;

    private int returned;
    private double strangeness = 1;

    private double company = 1;
    private int unheld;

    private long lastArrivalNanos;
    private double arrivalGap;
    private long arrivals;

    /** How many batches are in flight, of how many that may be. */
    void slots(int running, int limit) {
        inFlight = running;
        slots = limit;
    }

    void dispatched(long nowNanos) {
        lastDispatchNanos = nowNanos;
    }

    /** A batch has left its slot, and did not fail as a whole. */
    void processed(int size, long durationNanos) {
        double took = Math.max(1, durationNanos);
        if (duration == 0) {
            duration = took;
            meanSize = size;
            meanSizeSquared = (double) size * size;
            meanSizeTimesDuration = size * took;
            return;
        }
        double ratio = took / predictedNanos(size);
        tail = Math.max(1, Math.min(LONGEST_TAIL, tail + TAIL_STEP * (ratio > tail ? TAIL : TAIL - 1)));
        took = Math.min(took, OUTLIER * duration);
        duration += NEWEST * (took - duration);
        meanSize += NEWEST * (size - meanSize);
        meanSizeSquared += NEWEST * ((double) size * size - meanSizeSquared);
        meanSizeTimesDuration += NEWEST * (size * took - meanSizeTimesDuration);
    }

    /** A batch has left its slot, and its callers are about to get their results: from now on they may come back. */
    void left(int size, long nowNanos, int waiting) {
        if (windowEndsNanos >= 0) {
            double strangers = Math.abs(returned - lastSize) / (double) Math.max(returned, lastSize);
            strangeness += NEWEST_RETURN * (strangers - strangeness);
            comingBack += NEWEST_RETURN * (arrivedInWindow - comingBack);
            if (arrivedInWindow > 0) {
                returnTime += NEWEST_RETURN * (lastInWindowNanos - lastDeliveryNanos - returnTime);
            }
        }
        lastSize = size;
        returned = 0;
        delivered(nowNanos, waiting);
    }

    /** The callers of that batch have their results: those who came back meanwhile are among the waiting. */
    void delivered(long nowNanos, int waiting) {
        lastDeliveryNanos = nowNanos;
        waitingThen = waiting;
        windowEndsNanos = Nanos.after(nowNanos, (long) (COMING_BACK * duration));
        arrivedInWindow = 0;
    }

    /** A job was accepted, and has come to its lane after the last delivery. */
    void arrived(long acceptedNanos) {
        if (acceptedNanos <= windowEndsNanos) {
            returned++;
            arrivedInWindow++;
            lastInWindowNanos = Math.max(lastDeliveryNanos, acceptedNanos);
        }
    }

    /** Some jobs were accepted, the last of them at this time. */
    void arrived(int jobs, long lastNanos) {
        long since = Math.max(0, lastNanos - lastArrivalNanos);
        if (arrivals > 0) {
            double weight = Math.min(1, Math.max(0.01, 1.0 / arrivals) * jobs);
            arrivalGap += weight * ((double) since / jobs - arrivalGap);
        }
        arrivals += jobs;
        lastArrivalNanos += since;
    }

    /** A batch has left because its latency target said so, after a wait in which others may have come. */
    void targeted(int size, long waitNanos) {
        if (waitNanos < duration) {
            unheld++;
            return;
        }
        unheld = 0;
        company = size > 1 ? 1 : Math.max(0, company - NEWEST_RETURN);
    }

    /**
     * Whether jobs that were held for company lately got some; now and then it is tried again. A caller that blocks for its
     * only job brings no other, however long that is held.
     */
    boolean holdingBringsCompany() {
        return company > 0.5 || unheld >= TRY_AGAIN;
    }

    int inFlight() {
        return inFlight;
    }

    int slots() {
        return slots;
    }

    long lastDispatchNanos() {
        return lastDispatchNanos;
    }

    /** How long a batch takes; 0 as long as none has ended. */
    double durationNanos() {
        return duration;
    }

    /** How long a batch of this size takes: the least squares line through what was observed. */
    double predictedNanos(int size) {
        double spread = meanSizeSquared - meanSize * meanSize;
        if (spread <= 1e-9 * meanSizeSquared) {
            return duration;
        }
        double slope = Math.max(0, (meanSizeTimesDuration - meanSize * duration) / spread);
        return Math.max(duration / OUTLIER, duration + slope * (size - meanSize));
    }

    /** What the 99th percentile of batches takes, as a multiple of what was predicted. */
    double tail() {
        return tail;
    }

    long lastDeliveryNanos() {
        return lastDeliveryNanos;
    }

    /** How many jobs waited when the callers of the last batch got their results. */
    int waitingThen() {
        return waitingThen;
    }

    /** How many jobs come right after a delivery. */
    double comingBack() {
        return comingBack;
    }

    /**
     * How unlike the callers of a batch those are who come after it, by their number: 0 where as many come as had their
     * results, near 1 where the one has nothing to do with the other.
     */
    double strangeness() {
        return strangeness;
    }

    /** How long after a delivery the last of them comes. */
    double returnNanos() {
        return returnTime;
    }

    /** When the last job was accepted. */
    long lastArrivalNanos() {
        return lastArrivalNanos;
    }

    /** How long it takes until the next job comes. */
    double arrivalGapNanos() {
        return arrivals > 1 ? arrivalGap : Double.POSITIVE_INFINITY;
    }
}
