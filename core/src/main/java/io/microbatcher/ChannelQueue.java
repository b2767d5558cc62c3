package io.microbatcher;

import io.microbatcher.ResultChannel.Result;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What is inside a channel: jobs that are about to be accepted, jobs that have not ended, and results that nobody has
 * taken. Those three together never exceed the capacity. Its lock is a leaf: nothing else is called under it.
 */
final class ChannelQueue<J, R extends @Nullable Object> {
    private final Dispatcher<J, R> dispatcher;
    private final int capacity;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrival = lock.newCondition();
    private final Condition room = lock.newCondition();

    // Guarded by the lock.
    private final Queue<Result<J, R>> arrived = new ArrayDeque<>();
    private final Set<PendingJob<J, R>> open = new HashSet<>();
    private int inside;
    private boolean halfClosed;
    private boolean discarded;

    ChannelQueue(Dispatcher<J, R> dispatcher, int capacity) {
        this.dispatcher = dispatcher;
        this.capacity = capacity;
    }

    /** Takes a place, waiting for it unless this thread may not. */
    void reserve(boolean mayWait) throws InterruptedException {
        lock.lock();
        try {
            while (!halfClosed && inside >= capacity) {
                if (!mayWait || Frame.isInside(dispatcher)) {
                    throw new BatcherFullException(
                            "job was not accepted: the channel holds " + inside
                                    + " jobs, its capacity, and a processor, a callback or the channel's own subscriber may not "
                                    + "wait for room",
                            null);
                }
                await(room, Nanos.FOREVER);
            }
            reserved();
        } finally {
            lock.unlock();
        }
    }

    /** Takes a place if there is one. */
    boolean tryReserve() {
        lock.lock();
        try {
            if (!halfClosed && inside >= capacity) {
                return false;
            }
            reserved();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** A job that has a place is about to be accepted: whether it still should be. */
    boolean open(PendingJob<J, R> job) {
        lock.lock();
        try {
            return !discarded && open.add(job);
        } finally {
            lock.unlock();
        }
    }

    /** A job that had a place was not submitted after all; null if it did not even become one. */
    void withdraw(@Nullable PendingJob<J, R> job) {
        lock.lock();
        try {
            if (!discarded) {
                open.remove(job);
                left();
            }
        } finally {
            lock.unlock();
        }
    }

    /** A job has ended: whether anybody still wants to know. */
    boolean arrive(PendingJob<J, R> job, Result<J, R> result) {
        lock.lock();
        try {
            boolean wanted = open.remove(job);
            if (wanted) {
                arrived.add(result);
                arrival.signal();
            }
            return wanted;
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
            while (arrived.isEmpty() && !finished() && Patience.remaining(deadline) > 0) {
                if (Frame.isInsideProcessor(dispatcher)) {
                    throw new IllegalStateException("the processor of " + dispatcher.name()
                            + " would wait for results that only it can make; use poll()");
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
    List<PendingJob<J, R>> discard() {
        lock.lock();
        try {
            endSubmitting();
            discarded = true;
            List<PendingJob<J, R>> orphans = new ArrayList<>(open);
            open.clear();
            arrived.clear();
            inside = 0;
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

    private boolean finished() {
        return halfClosed && inside == 0;
    }

    private void endSubmitting() {
        halfClosed = true;
        room.signalAll();
        arrival.signalAll();
    }

    private void reserved() {
        if (halfClosed) {
            throw new IllegalStateException("the channel is half-closed and takes no more jobs");
        }
        inside++;
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
        Frame frame = Frame.innermost(dispatcher);
        boolean needed = dispatcher.starter.dependsOnThisThread();
        if (frame == null && !needed) {
            condition.await(nanos, TimeUnit.NANOSECONDS); // the caller looks at the time
            return;
        }
        boolean helped = false;
        lock.unlock(); // what follows takes the board's lock
        try {
            if (frame != null) {
                dispatcher.stopCountingOn(frame);
            }
            helped = needed && dispatcher.starter.help();
        } finally {
            lock.lock();
        }
        if (!helped && arrived.isEmpty()) {
            condition.await(Math.min(nanos, Patience.LOOK_NANOS), TimeUnit.NANOSECONDS);
        }
    }
}
