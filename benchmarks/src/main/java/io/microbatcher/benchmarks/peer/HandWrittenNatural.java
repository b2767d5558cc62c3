package io.microbatcher.benchmarks.peer;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;

/** A queue and a loop: take one job, drain what else is there, process. What many teams write first. */
final class HandWrittenNatural implements Peer {
    private final BlockingQueue<Waiting> queue = new LinkedBlockingQueue<>();
    private final ExecutorService threads;
    private final int size;
    private final Backend backend;

    HandWrittenNatural(Setting setting, Backend backend) {
        this.size = setting.size();
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
                queue.drainTo(batch, size - 1);
                Waiting.answer(batch, backend);
                batch.clear();
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
