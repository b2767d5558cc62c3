package io.microbatcher.spring;

import io.microbatcher.BatchListener;
import io.microbatcher.BatcherStats;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether batches get through. A batcher is down when its last three batches or more have failed as a whole and the last of
 * them did so within the last minute: without that limit an application that gets no more requests because it is down would
 * be down for ever.
 */
final class HealthWatch implements ListenerForEach {
    static final int IN_A_ROW = 3;
    static final Duration RECENT = Duration.ofMinutes(1);

    private final Batchers batchers;
    private final LongSupplier nanoTime;
    private final Map<String, Streak> streaks = new ConcurrentHashMap<>();

    HealthWatch(Batchers batchers, LongSupplier nanoTime) {
        this.batchers = batchers;
        this.nanoTime = nanoTime;
    }

    @Override
    public BatchListener of(String name) {
        Streak streak = new Streak(nanoTime);
        streaks.put(name, streak);
        return streak;
    }

    boolean isDown() {
        return batchers.all().keySet().stream().anyMatch(this::isDown);
    }

    private boolean isDown(String name) {
        Streak streak = streaks.get(name);
        return streak != null && streak.isDown();
    }

    /** What there is to know of each batcher. */
    Map<String, Object> details() {
        Map<String, Object> details = new LinkedHashMap<>();
        batchers.all().forEach((name, batcher) -> {
            BatcherStats stats = batcher.stats();
            Map<String, Object> detail = new LinkedHashMap<>();
            detail.put("status", isDown(name) ? "DOWN" : "UP");
            detail.put("pending", stats.pending());
            detail.put("blocked", stats.blocked());
            Streak streak = streaks.get(name);
            Failures failures = streak == null ? null : streak.failures;
            if (failures != null) {
                detail.put("failedInARow", failures.inARow);
                detail.put("lastFailure", failures.last);
            }
            details.put(name, detail);
        });
        return details;
    }

    private record Failures(int inARow, long lastNanos, String last) {}

    private static final class Streak implements BatchListener {
        private final LongSupplier nanoTime;
        private volatile @Nullable Failures failures;

        Streak(LongSupplier nanoTime) {
            this.nanoTime = nanoTime;
        }

        boolean isDown() {
            Failures now = failures;
            return now != null && now.inARow >= IN_A_ROW && nanoTime.getAsLong() - now.lastNanos < RECENT.toNanos();
        }

        @Override
        public boolean watchesEachJob() {
            return false;
        }

        @Override
        public void completed(BatchInfo batch, long nanos, int failedJobs) {
            if (failures != null) {
                failures = null;
            }
        }

        /** Batches that fail at the same moment may count as one: the race is harmless. */
        @Override
        public void failed(BatchInfo batch, long nanos, Throwable cause) {
            Failures before = failures;
            failures = new Failures(
                    before == null ? 1 : before.inARow + 1,
                    nanoTime.getAsLong(),
                    cause.getClass().getName());
        }
    }
}
