package io.microbatcher.benchmarks.workload;

import io.microbatcher.benchmarks.peer.Peer;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** Threads that each call, wait for the result and call again: a closed loop. */
public final class BlockedCallers implements AutoCloseable {
    private static final VarHandle COUNTS = MethodHandles.arrayElementVarHandle(long[].class);
    private static final long END_SECONDS = 20;

    /** Keeps the counters of different callers on different cache lines. */
    private static final int STRIDE = 8;

    private final long[] calls;
    private final Peer peer;
    private final CountDownLatch begin = new CountDownLatch(1);
    private final CountDownLatch ended;
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private volatile boolean stopped;

    /** Starts the callers; {@code threads} starts one thread for a task. */
    public BlockedCallers(Peer peer, int callers, Consumer<Runnable> threads) {
        this.peer = peer;
        this.calls = new long[callers * STRIDE];
        this.ended = new CountDownLatch(callers);
        for (int i = 0; i < callers; i++) {
            int caller = i;
            threads.accept(() -> loop(caller));
        }
        begin.countDown(); // a thread takes long to start while hundreds are at work
    }

    public static void platform(Runnable task) {
        Thread thread = new Thread(task, "caller");
        thread.setDaemon(true);
        thread.start();
    }

    private void loop(int caller) {
        long job = caller;
        int callers = calls.length / STRIDE;
        try {
            begin.await();
            while (!stopped) {
                job += callers; // no two jobs in flight are equal
                long result = peer.call(job);
                if (result != job) {
                    throw new AssertionError("job " + job + " got " + result);
                }
                COUNTS.setOpaque(calls, caller * STRIDE, (long) COUNTS.getOpaque(calls, caller * STRIDE) + 1);
            }
        } catch (Throwable failed) {
            failure.compareAndSet(null, failed);
        } finally {
            ended.countDown();
        }
    }

    /** How many calls have returned so far. */
    public long returned() {
        long sum = 0;
        for (int i = 0; i < calls.length; i += STRIDE) {
            sum += (long) COUNTS.getOpaque(calls, i);
        }
        return sum;
    }

    /** Lets time pass and counts the calls that return in each window of it. */
    List<Double> ratesPerSecond(int windows, long windowMillis) {
        List<Double> rates = new ArrayList<>();
        long at = System.nanoTime();
        long before = returned();
        for (int i = 0; i < windows; i++) {
            long until = at + TimeUnit.MILLISECONDS.toNanos(windowMillis);
            pauseUntil(until);
            long now = System.nanoTime();
            long count = returned();
            rates.add((count - before) * 1e9 / (now - at));
            before = count;
            at = now;
        }
        return rates;
    }

    static void pauseUntil(long atNanos) {
        for (long left = atNanos - System.nanoTime(); left > 0; left = atNanos - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    public static void pauseMillis(long millis) {
        pauseUntil(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis));
    }

    /** Has each caller finish its call. */
    @Override
    public void close() {
        stopped = true;
        try {
            if (!ended.await(END_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException(ended.getCount() + " callers never got their result");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        if (failure.get() != null) {
            throw new IllegalStateException("a caller failed", failure.get());
        }
    }
}
