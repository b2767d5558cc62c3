package io.microbatcher.cli.pipe;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Bounds what is inside: jobs, and bytes of jobs and results, from the moment a line is taken until its result has been
 * written. It is what makes a reader of the output that stops reading stop the intake.
 *
 * <p>A single job that is larger than the limit may enter when it is alone.
 */
final class Window {
    private final int maxJobs;
    private final long maxBytes;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // Guarded by the lock.
    private int jobs;
    private long bytes;
    private boolean closed;

    Window(int maxJobs, long maxBytes) {
        this.maxJobs = maxJobs;
        this.maxBytes = maxBytes;
    }

    boolean tryEnter(int size) {
        lock.lock();
        try {
            if (closed || !hasRoom(size)) {
                return false;
            }
            enter(size);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Waits for room; false if the window was closed instead. */
    boolean enter(long size) {
        lock.lock();
        try {
            while (!closed && !hasRoom(size)) {
                changed.awaitUninterruptibly();
            }
            if (!closed) {
                jobs++;
                bytes += size;
            }
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    /** Counts bytes that are there already, whatever the limit: results. */
    void charge(long size) {
        lock.lock();
        try {
            bytes += size;
        } finally {
            lock.unlock();
        }
    }

    void leave(int count, long size) {
        lock.lock();
        try {
            jobs -= count;
            bytes -= size;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Lets nobody in any more. */
    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** How many jobs are inside. */
    int jobs() {
        lock.lock();
        try {
            return jobs;
        } finally {
            lock.unlock();
        }
    }

    private boolean hasRoom(long size) {
        return jobs < maxJobs && (jobs == 0 || bytes + size <= maxBytes);
    }
}
