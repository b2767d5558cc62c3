package io.microbatcher.test;

import io.microbatcher.Timer;
import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A clock that stands still until the test moves it, and the alarms that go with it. Give it to
 * {@code MicroBatcher.Builder.timer}.
 *
 * <pre>{@code
 * VirtualTime time = new VirtualTime();
 * try (MicroBatcher<String, String> batcher = MicroBatcher.builder(processor)
 *         .batchCycle(Duration.ofMillis(10)).timer(time).executor(Runnable::run).build()) {
 *     batcher.submit("a");
 *     time.advance(Duration.ofMillis(10)); // the batch is due, and leaves inside of this call
 * }
 * }</pre>
 *
 * <p>With {@code executor(Runnable::run)}, as here, a batch has run when {@link #advance} returns; with a
 * {@link ManualExecutor} it runs when the test says so. Without either it is handed to another thread, and the test has to
 * wait for its result.
 *
 * <p>A call that blocks, {@code run(job)}, needs a thread of its own, since this one has to move the clock: wait until
 * {@code stats().waiting()} counts its job, then advance. The limit of {@code run(job, timeout)} is real time: a clock that
 * stands still would never end the wait.
 *
 * <p><b>Thread safety.</b> Any thread may read the time and schedule; alarms ring on the thread that calls
 * {@link #advance}, one at a time, and outside of any lock. Two threads that advance share the alarms between them.
 */
public final class VirtualTime implements Timer {
    private final ReentrantLock lock = new ReentrantLock();

    // Guarded by the lock.
    private final Queue<Alarm> alarms =
            new PriorityQueue<>(Comparator.comparingLong(Alarm::atNanos).thenComparingLong(Alarm::order));
    private long now;
    private long scheduled;

    private record Alarm(long atNanos, long order, Runnable task) {}

    /** Starts at zero. */
    public VirtualTime() {
        this(0);
    }

    /**
     * Starts at any time.
     *
     * @param startNanos what {@link #nanos()} says first, 0 or more
     * @throws IllegalArgumentException if negative
     */
    public VirtualTime(long startNanos) {
        if (startNanos < 0) {
            throw new IllegalArgumentException("startNanos must not be negative, but was " + startNanos);
        }
        this.now = startNanos;
    }

    @Override
    public long nanos() {
        lock.lock();
        try {
            return now;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void schedule(long atNanos, Runnable task) {
        lock.lock();
        try {
            alarms.add(new Alarm(atNanos, scheduled++, task));
        } finally {
            lock.unlock();
        }
    }

    /**
     * Moves the clock forward. It stops at each alarm on the way, which sees its own time, and whatever that alarm
     * schedules within the span rings in the same call. Alarms of the same time ring in the order in which they were
     * scheduled.
     *
     * @param span how far; zero rings what is due now, more than 292 years goes to the end of time
     * @throws IllegalArgumentException if negative
     */
    public void advance(Duration span) {
        if (span.isNegative()) {
            throw new IllegalArgumentException("time does not go back, but span was " + span);
        }
        long target = after(nanos(), span);
        for (Alarm alarm = next(target); alarm != null; alarm = next(target)) {
            alarm.task().run();
        }
        lock.lock();
        try {
            now = Math.max(now, target);
        } finally {
            lock.unlock();
        }
    }

    private static long after(long nanos, Duration span) {
        try {
            return Math.addExact(nanos, span.toNanos());
        } catch (ArithmeticException tooFar) {
            return Long.MAX_VALUE;
        }
    }

    /**
     * Counts the alarms that have not rung: 0 says that nobody will be woken, however long it lasts.
     *
     * @return how many
     */
    public int alarms() {
        lock.lock();
        try {
            return alarms.size();
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Alarm next(long target) {
        lock.lock();
        try {
            Alarm first = alarms.peek();
            if (first == null || first.atNanos() > target) {
                return null;
            }
            now = Math.max(now, first.atNanos());
            return alarms.poll();
        } finally {
            lock.unlock();
        }
    }
}
