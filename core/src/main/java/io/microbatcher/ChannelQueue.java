package io.microbatcher;

import io.microbatcher.ResultChannel.Result;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What is inside a channel: jobs that have not ended, and results that nobody has taken. Together they never exceed the
 * capacity. Its lock is a leaf: nothing else is called under it.
 *
 * <p>I1: a job is open from the moment that it has a place until it leaves the list of the open, once: it arrives, is
 * withdrawn, or is discarded. Whoever comes second finds it gone, and counts nothing.
 */
final class ChannelQueue<J, R extends @Nullable Object> {
    private final Dispatcher<J, R> dispatcher;
    private final int capacity;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrival = lock.newCondition();
    private final Condition room = lock.newCondition();

    // Guarded by the lock.
    private final Queue<Result<J, R>> arrived = new ArrayDeque<>();
    private @Nullable RoutedJob<J, R> firstOpen;
    private int inside;
    private boolean halfClosed;
    private boolean cutShort;

    ChannelQueue(Dispatcher<J, R> dispatcher, int capacity) {
        this.dispatcher = dispatcher;
        this.capacity = capacity;
    }

    Dispatcher<J, R> dispatcher() {
        return dispatcher;
    }

    /** Takes a place, waiting for it unless this thread may not. */
    void reserve(RoutedJob<J, R> job, boolean mayWait) throws InterruptedException {
        lock.lock();
        try {
            while (isFull()) {
                if (!mayWait || Frame.isInside(dispatcher)) {
                    throw new BatcherFullException(
                            "job was not accepted: the channel is full, its capacity is " + capacity
                                    + ", and a processor, a callback or the channel's own subscriber may not "
                                    + "wait for room",
                            null);
                }
                await(room, Nanos.FOREVER);
            }
            enter(job);
        } finally {
            lock.unlock();
        }
    }

    /** Takes a place if there is one. */
    boolean tryReserve(RoutedJob<J, R> job) {
        lock.lock();
        try {
            if (isFull()) {
                return false;
            }
            enter(job);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** A job that had a place was not submitted after all. */
    void withdraw(RoutedJob<J, R> job) {
        lock.lock();
        try {
            if (isTakenOut(job)) {
                left();
            }
        } finally {
            lock.unlock();
        }
    }

    /** A job has ended. */
    void arrive(RoutedJob<J, R> job, Result<J, R> result) {
        lock.lock();
        try {
            if (isTakenOut(job)) {
                arrived.add(result);
                arrival.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    @Nullable
    Result<J, R> poll() {
        lock.lock();
        try {
            return taken();
        } finally {
            lock.unlock();
        }
    }

    /** The next result; null if none arrives in time, or none will arrive any more. */
    @Nullable
    Result<J, R> next(long nanos) throws InterruptedException {
        long deadline = Patience.deadline(nanos);
        lock.lock();
        try {
            while (isDry() && Patience.remaining(deadline) > 0) {
                if (Frame.isInside(dispatcher)) {
                    throw new IllegalStateException("a processor or callback of " + dispatcher.name()
                            + " would wait for results that its own thread may have to bring; use poll(), or take them "
                            + "on another thread");
                }
                await(arrival, Patience.remaining(deadline));
            }
            return taken();
        } finally {
            lock.unlock();
        }
    }

    void halfClose() {
        lock.lock();
        try {
            endSubmitting();
        } finally {
            lock.unlock();
        }
    }

    /** Half-closes and empties: returns the jobs that have not ended. */
    List<RoutedJob<J, R>> discard() {
        lock.lock();
        try {
            cutShort |= !finished();
            List<RoutedJob<J, R>> orphans = new ArrayList<>();
            for (RoutedJob<J, R> job = firstOpen; job != null; job = firstOpen) {
                orphans.add(job);
                isTakenOut(job);
            }
            arrived.clear();
            inside = 0;
            endSubmitting();
            return orphans;
        } finally {
            lock.unlock();
        }
    }

    boolean isFinished() {
        lock.lock();
        try {
            return finished();
        } finally {
            lock.unlock();
        }
    }

    /** Whether it was closed before it had finished. */
    boolean isCutShort() {
        lock.lock();
        try {
            return cutShort;
        } finally {
            lock.unlock();
        }
    }

    private boolean finished() {
        return halfClosed && inside == 0;
    }

    private boolean isFull() {
        return !halfClosed && inside >= capacity;
    }

    private boolean isDry() {
        return arrived.isEmpty() && !finished();
    }

    private void endSubmitting() {
        halfClosed = true;
        room.signalAll();
        arrival.signalAll();
    }

    private void enter(RoutedJob<J, R> job) {
        if (halfClosed) {
            throw new IllegalStateException("the channel is half-closed and takes no more jobs");
        }
        job.isOpen = true;
        job.openAfter = firstOpen;
        if (firstOpen != null) {
            firstOpen.openBefore = job;
        }
        firstOpen = job;
        inside++;
    }

    /** Takes a job out of the list of the open: whether it was still there (I1). */
    private boolean isTakenOut(RoutedJob<J, R> job) {
        if (!job.isOpen) {
            return false;
        }
        RoutedJob<J, R> before = job.openBefore;
        RoutedJob<J, R> after = job.openAfter;
        if (before == null) {
            firstOpen = after;
        } else {
            before.openAfter = after;
        }
        if (after != null) {
            after.openBefore = before;
        }
        job.isOpen = false;
        job.openBefore = null;
        job.openAfter = null;
        return true;
    }

    private @Nullable Result<J, R> taken() {
        Result<J, R> result = arrived.poll();
        if (result != null) {
            left();
        }
        return result;
    }

    private void left() {
        inside--;
        room.signal();
        if (finished()) {
            arrival.signalAll();
        }
    }

    /** Waits a while, or works if the batcher needs this very thread for it (R4.4). */
    @SuppressWarnings("WaitNotInLoop") // the loop is the caller's
    private void await(Condition condition, long nanos) throws InterruptedException {
        if (!dispatcher.starter.dependsOnThisThread()) {
            condition.await(nanos, TimeUnit.NANOSECONDS); // the caller looks at the time
            return;
        }
        boolean helped = false;
        lock.unlock(); // a worker takes every lock there is
        try {
            helped = dispatcher.starter.help();
        } finally {
            lock.lock();
        }
        if (!helped && (condition == room ? isFull() : isDry())) {
            condition.await(Math.min(nanos, Patience.LOOK_NANOS), TimeUnit.NANOSECONDS);
        }
    }
}
