package io.microbatcher.benchmarks.peer;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A queue and a loop that, after the first job, waits for company until the batch is full or the time is up. */
final class HandWrittenLinger implements Peer {
    private final BlockingQueue<Waiting> queue = new LinkedBlockingQueue<>();
    private final ExecutorService threads;
    private final int size;
    private final long lingerNanos;
    private final Backend backend;

    HandWrittenLinger(Setting setting, Backend backend) {
        this.size = setting.size();
        this.lingerNanos = TimeUnit.MICROSECONDS.toNanos(setting.cycleMicros());
        this.backend = backend;
        this.threads = Workers.pool(setting.workers());
        for (int i = 0; i < setting.workers(); i++) {
            threads.execute(this::loop);
        }
    }

    @Override
    public CompletableFuture<Long> submit(Long job) {
        Waiting waiting = new Waiting(job);
        queue.add(waiting);
        return waiting;
    }

    private void loop() {
        List<Waiting> batch = new ArrayList<>();
        try {
            while (true) {
                batch.add(queue.take());
                fill(batch, System.nanoTime() + lingerNanos);
                Waiting.answer(batch, backend);
                batch.clear();
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private void fill(List<Waiting> batch, long deadlineNanos) throws InterruptedException {
        while (true) {
            queue.drainTo(batch, size - batch.size());
            long leftNanos = deadlineNanos - System.nanoTime();
            if (batch.size() >= size || leftNanos <= 0) {
                return;
            }
            Waiting next = queue.poll(leftNanos, TimeUnit.NANOSECONDS);
            if (next == null) {
                return;
            }
            batch.add(next);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
