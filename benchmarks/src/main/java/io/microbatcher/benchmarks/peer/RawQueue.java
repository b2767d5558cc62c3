package io.microbatcher.benchmarks.peer;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.locks.LockSupport;
import org.jctools.queues.MpscArrayQueue;

/**
 * A limit, not a peer: the fastest queue at hand and one thread that polls it without end. It has no wake-up, no age, no
 * bound that blocks and no close that waits.
 */
final class RawQueue implements Peer {
    private static final int QUEUE = 1 << 16;
    private static final int SPINS = 200;
    private static final long REST_NANOS = 10_000;

    private final MpscArrayQueue<Waiting> queue = new MpscArrayQueue<>(QUEUE);
    private final ExecutorService thread = Workers.pool(1);
    private volatile boolean closed;

    RawQueue(Setting setting, Backend backend) {
        thread.execute(() -> loop(setting.size(), backend));
    }

    @Override
    public CompletableFuture<Long> submit(Long job) {
        Waiting waiting = new Waiting(job);
        while (!queue.offer(waiting)) {
            Thread.onSpinWait();
        }
        return waiting;
    }

    private void loop(int size, Backend backend) {
        List<Waiting> batch = new ArrayList<>(size);
        int spins = 0;
        while (!closed) {
            Waiting next = queue.relaxedPoll();
            if (next != null) {
                batch.add(next);
            }
            if (batch.size() == size || (next == null && !batch.isEmpty())) {
                Waiting.answer(batch, backend);
                batch.clear();
                spins = 0;
            } else if (next == null) {
                rest(spins++);
            }
        }
    }

    private static void rest(int spins) {
        if (spins < SPINS) {
            Thread.onSpinWait();
        } else {
            LockSupport.parkNanos(REST_NANOS);
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.shutdown();
    }
}
