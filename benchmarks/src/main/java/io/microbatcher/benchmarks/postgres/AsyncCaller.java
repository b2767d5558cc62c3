package io.microbatcher.benchmarks.postgres;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/** One thread that submits without waiting for results, with no more than so many jobs under way. */
final class AsyncCaller implements Load {
    private final BatchedCalls batcher;
    private final int most;
    private final Semaphore room;
    private final LongAdder returned = new LongAdder();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private volatile boolean stopped;

    AsyncCaller(BatchedCalls batcher, int most, Consumer<Runnable> threads) {
        this.batcher = batcher;
        this.most = most;
        this.room = new Semaphore(most);
        threads.accept(this::loop);
    }

    private void loop() {
        try {
            for (long number = 0; !stopped; number++) {
                room.acquire();
                Long job = number;
                batcher.submit(job).whenComplete((answer, failed) -> ended(job, answer, failed));
            }
            room.acquire(most);
        } catch (Throwable failed) {
            failure.compareAndSet(null, failed);
        } finally {
            ended.countDown();
        }
    }

    private void ended(Long job, Long answer, Throwable failed) {
        if (failed != null) {
            failure.compareAndSet(null, failed);
            stopped = true;
        } else if (!job.equals(answer)) {
            failure.compareAndSet(null, new AssertionError("job " + job + " got " + answer));
            stopped = true;
        }
        returned.increment();
        room.release();
    }

    @Override
    public long returned() {
        return returned.sum();
    }

    @Override
    public void close() {
        stopped = true;
        Ends.await(ended, failure);
    }
}
