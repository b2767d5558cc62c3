package io.microbatcher;

/**
 * Waits for company only where that has a measured gain. S is the duration of a batch as observed.
 *
 * <ol>
 *   <li><b>Idle:</b> with no batch in flight, at once; unless the callers come back together after they had their results,
 *       as those that block do, and some are still missing: then a little after the time in which the last of them has
 *       come so far. They are told from jobs that come by themselves by their number, which is that of the batch before,
 *       and by coming early.
 *   <li><b>Balance:</b> with batches in flight, when the waits of all waiting jobs add up to {@code S / 4}: waiting costs
 *       every waiting job, and a batch saved is worth a part of its duration.
 *   <li><b>Pace:</b> with half of the slots or more in flight, no sooner after the last dispatch than the slots can go on
 *       serving, {@code S / (0.95 · slots)}: a burst that takes every slot at once leaves none for what follows.
 * </ol>
 *
 * <p>Where nothing was observed yet, or what was observed is wrong, it is {@link Natural} or near it: no hold is longer
 * than a fraction of one batch.
 */
final class Adaptive extends DispatchPolicy {
    static final Adaptive INSTANCE = new Adaptive();

    private static final double BALANCE = 0.25;
    private static final double PACE = 0.95;
    private static final double MOST = 0.95;
    private static final double LATE = 1.25;
    private static final double STRANGERS = 0.15;
    private static final double TOGETHER = 0.8;

    private Adaptive() {
        super("adaptive");
    }

    @Override
    long dueNanos(Waiting waiting, Observed observed) {
        if (observed.durationNanos() == 0) {
            return waiting.oldestNanos();
        }
        if (observed.inFlight() == 0) {
            return isRegrouping(waiting, observed)
                    ? (long) (observed.lastDeliveryNanos() + window(observed))
                    : waiting.oldestNanos();
        }
        return (long) Math.max(balancedAt(waiting, observed), pacedAt(observed));
    }

    @Override
    DispatchReason reason(Waiting waiting, Observed observed) {
        if (observed.inFlight() == 0 || observed.durationNanos() == 0) {
            return DispatchReason.IDLE;
        }
        return balancedAt(waiting, observed) >= pacedAt(observed) ? DispatchReason.BALANCE : DispatchReason.PACE;
    }

    @Override
    int lookAgainAt(Waiting waiting, Observed observed) {
        int size = waiting.callers();
        if (size == 0) {
            return 1;
        }
        if (observed.inFlight() == 0 && isRegrouping(waiting, observed)) {
            return (int) Math.ceil(observed.waitingThen() + MOST * observed.comingBack());
        }
        return size
                + Math.max(1, size / 4); // each job makes it due a little earlier; the alarm is for those that wait now
    }

    @Override
    boolean isEager() {
        return true;
    }

    private static boolean isRegrouping(Waiting waiting, Observed observed) {
        double expected = observed.comingBack();
        int size = waiting.callers();
        return expected >= MOST
                && observed.strangeness() <= STRANGERS
                && size < observed.waitingThen() + MOST * expected
                && observed.returnNanos() <= TOGETHER * observed.durationNanos() * expected / (expected + 1)
                && expected * observed.durationNanos() >= 2 * size * observed.returnNanos();
    }

    private static double window(Observed observed) {
        return LATE * observed.returnNanos();
    }

    private static double balancedAt(Waiting waiting, Observed observed) {
        return waiting.meanNanos() + BALANCE * observed.durationNanos() / waiting.callers();
    }

    private static double pacedAt(Observed observed) {
        int slots = observed.slots();
        if (slots == 1 || observed.inFlight() * 2 < slots) {
            return Double.NEGATIVE_INFINITY;
        }
        return observed.lastDispatchNanos() + observed.durationNanos() / (PACE * slots);
    }
}
