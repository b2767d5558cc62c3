package io.microbatcher.benchmarks.postgres;

import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * Batches as one would write them by hand for jobs that are a collection already: a thread for each connection, which it
 * keeps, and nothing to wait for. Nothing that turns single calls into batches can be faster.
 */
final class BatchLoops implements Load {
    private final Operation operation;
    private final int batchSize;
    private final AtomicLong nextJob = new AtomicLong();
    private final AtomicLong returned = new AtomicLong();
    private final CountDownLatch ended;
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private volatile boolean stopped;

    BatchLoops(Operation operation, List<Connection> connections, int batchSize, Consumer<Runnable> threads) {
        this.operation = operation;
        this.batchSize = batchSize;
        this.ended = new CountDownLatch(connections.size());
        connections.forEach(connection -> threads.accept(() -> loop(connection)));
    }

    private void loop(Connection connection) {
        try {
            while (!stopped) {
                long first = nextJob.getAndAdd(batchSize);
                List<Long> jobs = new ArrayList<>(batchSize);
                for (int i = 0; i < batchSize; i++) {
                    jobs.add(first + i);
                }
                if (!operation.many(connection, jobs).equals(jobs)) {
                    throw new AssertionError("wrong answers to " + jobs);
                }
                returned.addAndGet(batchSize);
            }
        } catch (Throwable failed) {
            failure.compareAndSet(null, failed);
        } finally {
            ended.countDown();
        }
    }

    @Override
    public long returned() {
        return returned.get();
    }

    @Override
    public void close() {
        stopped = true;
        Ends.await(ended, failure);
    }
}
