package io.microbatcher.benchmarks.workload;

import io.microbatcher.benchmarks.peer.Backend;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A backend that serves a number of batches at a time, first come first served, and takes {@code fixed + perJob · n} for a
 * batch of n jobs. Batches beyond that number queue. Its work is a wait: it takes no processor from the callers, except
 * for the last microseconds, which it spins so that the time is met.
 */
final class QueueingBackend implements Backend {
    private static final long SPIN_NANOS = 70_000;
    private static final int MAX_SERVERS = 64;

    private final long fixedNanos;
    private final long perJobNanos;
    private final long[] freeAtNanos = new long[MAX_SERVERS];
    private final ReentrantLock lock = new ReentrantLock();
    private final LongAdder batches = new LongAdder();
    private int servers;

    QueueingBackend(int servers, double fixedMicros, double perJobMicros) {
        this.servers = servers;
        this.fixedNanos = Math.round(fixedMicros * 1_000);
        this.perJobNanos = Math.round(perJobMicros * 1_000);
        java.util.Arrays.fill(freeAtNanos, System.nanoTime());
    }

    void servers(int count) {
        lock.lock();
        try {
            servers = count;
        } finally {
            lock.unlock();
        }
    }

    long batches() {
        return batches.sum();
    }

    @Override
    public List<Long> process(List<Long> jobs) {
        batches.increment();
        waitUntil(book(fixedNanos + perJobNanos * jobs.size()));
        return jobs;
    }

    /** Reserves the server that is free first: when it will be done. */
    private long book(long costNanos) {
        lock.lock();
        try {
            int first = 0;
            for (int i = 1; i < servers; i++) {
                if (freeAtNanos[i] - freeAtNanos[first] < 0) {
                    first = i;
                }
            }
            long now = System.nanoTime();
            long begin = freeAtNanos[first] - now > 0 ? freeAtNanos[first] : now;
            freeAtNanos[first] = begin + costNanos;
            return begin + costNanos;
        } finally {
            lock.unlock();
        }
    }

    static void waitUntil(long atNanos) {
        for (long left = atNanos - System.nanoTime(); left > 0; left = atNanos - System.nanoTime()) {
            if (left > SPIN_NANOS) {
                LockSupport.parkNanos(left - SPIN_NANOS);
            } else {
                Thread.onSpinWait();
            }
        }
    }
}
