package io.microbatcher;

import java.time.Duration;

/**
 * The fewest batches within a target: the jobs leave when the oldest has just as much time left as the 99th percentile
 * of batches with one job more would take. How long a batch takes is a line over its size, fitted to what was observed.
 */
final class LatencyTarget extends DispatchPolicy {
    private static final double WORTH_WAITING = 0.5;
    private static final int STEPS = 64;

    private final double targetNanos;

    LatencyTarget(Duration target) {
        super("latencyTarget " + target);
        this.targetNanos = Nanos.of(target);
    }

    @Override
    long dueNanos(Waiting waiting, Observed observed) {
        if (observed.durationNanos() == 0) {
            return waiting.oldestNanos();
        }
        double due =
                waiting.oldestNanos() + targetNanos - observed.tail() * observed.predictedNanos(waiting.size() + 1);
        due -= due % (targetNanos / STEPS); // each job makes it due earlier: not an alarm for each
        double left = due - Math.max(waiting.oldestNanos(), observed.lastArrivalNanos());
        boolean nobodyComes = left < WORTH_WAITING * observed.arrivalGapNanos() || !observed.holdingBringsCompany();
        return nobodyComes ? waiting.oldestNanos() : (long) due;
    }

    @Override
    DispatchReason reason(Waiting waiting, Observed observed) {
        return DispatchReason.TARGET;
    }

    @Override
    int lookAgainAt(Waiting waiting, Observed observed) {
        int size = waiting.callers();
        return size + Math.max(1, size / 4); // each job makes it due a little earlier; the alarm is set for now
    }

    @Override
    boolean isEager() {
        return false;
    }
}
