package io.microbatcher;

import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The alarm clock of the process: one daemon thread, made for the first alarm, that sleeps until the next one is due.
 *
 * <p>Its thread serves every batcher, so no user code may run on it: {@link Dispatcher} hands such work to
 * {@link Threads#platform()} when {@link #isCurrentThread()}.
 */
final class SharedTimer implements Timer {
    static final SharedTimer INSTANCE = new SharedTimer();

    private final long origin = System.nanoTime();
    private final ScheduledThreadPoolExecutor alarms = new ScheduledThreadPoolExecutor(1, AlarmThread::new);

    private SharedTimer() {}

    static boolean isCurrentThread() {
        return Thread.currentThread() instanceof AlarmThread;
    }

    @Override
    public long nanos() {
        return System.nanoTime() - origin;
    }

    @Override
    public void schedule(long atNanos, Runnable task) {
        alarms.schedule(task, atNanos - nanos(), TimeUnit.NANOSECONDS);
    }

    private static final class AlarmThread extends Thread {
        AlarmThread(Runnable alarms) {
            super(null, alarms, "microbatcher-timer", 0, false);
            setDaemon(true);
        }
    }
}
