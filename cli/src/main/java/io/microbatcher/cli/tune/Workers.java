package io.microbatcher.cli.tune;

import io.microbatcher.test.VirtualTime;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.LongSupplier;

/**
 * Threads on which processors block on virtual time. They take turns with the thread that advances the clock: an alarm
 * hands over to one of them and waits until that one sleeps or ends, so that only one runs at any moment, in an order
 * that the clock decides.
 *
 * <p>I1: {@link #turn} is released once for each hand-over, by the thread that got it. What one thread wrote before it
 * gave the turn away, the next one sees.
 */
final class Workers implements Executor, AutoCloseable {
    private final VirtualTime time;
    private final LongSupplier startNanos;
    private final Semaphore turn = new Semaphore(0);
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "tune-worker");
        thread.setDaemon(true);
        return thread;
    });

    /** @param startNanos how long it takes until a thread runs */
    Workers(VirtualTime time, LongSupplier startNanos) {
        this.time = time;
        this.startNanos = startNanos;
    }

    @Override
    public void execute(Runnable task) {
        time.schedule(time.nanos() + startNanos.getAsLong(), () -> {
            threads.execute(() -> {
                try {
                    task.run();
                } finally {
                    turn.release(); // I1
                }
            });
            turn.acquireUninterruptibly();
        });
    }

    /** Blocks the worker that calls this, until the clock has got there. */
    void sleepUntil(long atNanos) throws InterruptedException {
        Semaphore awake = new Semaphore(0);
        time.schedule(atNanos, () -> {
            awake.release();
            turn.acquireUninterruptibly();
        });
        turn.release(); // I1
        awake.acquire();
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
