package io.microbatcher;

import java.time.Duration;

/**
 * Notices a batcher that is slower than it needs to be: batches leave by age, far from full, while every pending caller
 * is already in the batch, so that the wait was for nobody. Says so once. Guarded by the board's lock.
 */
final class LingerCheck {
    private static final int STREAK = 100;

    private final int batchSize;
    private final boolean lingers;
    private int streak;

    LingerCheck(Settings<?, ?> settings) {
        this.batchSize = settings.batchSize();
        this.lingers = settings.cycleNanos() > 0;
    }

    /** Looks at a batch that leaves: whether to warn now, which is true once at most. */
    boolean isWorthAWarning(DispatchReason reason, int size, int pending) {
        if (!lingers || streak == STREAK) {
            return false;
        }
        boolean forNobody = reason == DispatchReason.AGE && size <= batchSize / 2 && pending == size;
        streak = forNobody ? streak + 1 : 0;
        return streak == STREAK;
    }

    static void warn(Settings<?, ?> settings) {
        Log.warn(
                settings.name() + " is slower than it needs to be: " + STREAK + " batches in a row waited the whole "
                        + "batchCycle of " + Duration.ofNanos(settings.cycleNanos())
                        + " and left at most half full (batchSize "
                        + settings.batchSize()
                        + "), with no other job pending. Set batchSize to no more than the number of "
                        + "callers that block, or leave batchCycle out: the adaptive policy waits for nobody. This is said once",
                null);
    }
}
