package io.microbatcher.cli.pipe;

import io.microbatcher.BatcherStats;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** The live line: four times a second, what happens now. */
final class Progress implements AutoCloseable {
    /** When there is one. */
    enum When {
        AUTO,
        ALWAYS,
        NEVER
    }

    private static final long EVERY_MILLIS = 250;

    private final Screen screen;
    private final Supplier<BatcherStats> stats;
    private final Tally tally;
    private final Window window;
    private final Watcher watcher;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "progress");
        thread.setDaemon(true);
        return thread;
    });

    private long endedBefore;
    private long nanosBefore = System.nanoTime();

    Progress(Screen screen, Supplier<BatcherStats> stats, Tally tally, Window window, Watcher watcher) {
        this.screen = screen;
        this.stats = stats;
        this.tally = tally;
        this.window = window;
        this.watcher = watcher;
        Future<?> ticking = clock.scheduleAtFixedRate(
                () -> screen.live(line(System.nanoTime())), EVERY_MILLIS, EVERY_MILLIS, TimeUnit.MILLISECONDS);
        if (ticking.isDone()) {
            throw new IllegalStateException("the clock of the live line did not start");
        }
    }

    /** The line at a moment; the rate is that since the line before. */
    String line(long nowNanos) {
        long ended = tally.ended();
        String rate = Amounts.rate(ended - endedBefore, nowNanos - nanosBefore);
        endedBefore = ended;
        nanosBefore = nowNanos;
        return Amounts.count(ended) + " done  " + rate + "  " + Amounts.count(window.jobs()) + " pending  batches "
                + Amounts.percent(stats.get().meanBatchFill()) + " full  " + Amounts.count(tally.failed.get())
                + " failed  waited " + Amounts.time(watcher.latestNanos());
    }

    @Override
    public void close() {
        clock.shutdownNow();
        Uninterruptibly.get(() -> clock.awaitTermination(1, TimeUnit.SECONDS));
        screen.clear();
    }
}
