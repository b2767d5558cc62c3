package io.microbatcher.cli.pipe;

import io.microbatcher.MicroBatcher;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Delivers results in the order of the input: a queue of futures, which the {@link Window} bounds. Futures travel in
 * chunks, one for each read of the input, since two threads that meet for each line would cost more than the lines.
 */
final class InOrder implements Results {
    private static final int CHUNK = 1024;
    private static final Chunk END = new Chunk(0);

    private final MicroBatcher<Line, Slice> batcher;
    private final Tally tally;
    private final BlockingQueue<Chunk> chunks = new LinkedBlockingQueue<>();
    private final ReentrantLock lock = new ReentrantLock();

    // Guarded by the lock.
    private Chunk filling = new Chunk(CHUNK);
    private boolean ended;

    InOrder(MicroBatcher<Line, Slice> batcher, Tally tally) {
        this.tally = tally;
        this.batcher = batcher;
    }

    private static final class Chunk {
        private final Line[] lines;
        private final CompletableFuture<?>[] futures;
        private int size;

        private Chunk(int capacity) {
            this.lines = new Line[capacity];
            this.futures = new CompletableFuture<?>[capacity];
        }
    }

    @Override
    public boolean submit(Line line) {
        lock.lock();
        try {
            if (ended) {
                return false;
            }
            tally.last = line;
            tally.read.lazySet(tally.read.get() + 1); // written under the lock alone
            Chunk chunk = filling;
            chunk.lines[chunk.size] = line;
            chunk.futures[chunk.size++] = line.problem == null
                    ? batcher.submit(line)
                    : CompletableFuture.failedFuture(new UnfitException(line.problem));
            if (chunk.size == CHUNK) {
                seal();
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void handOver() {
        lock.lock();
        try {
            seal();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void end() {
        lock.lock();
        try {
            if (!ended) {
                seal();
                ended = true;
                chunks.add(END);
            }
        } finally {
            lock.unlock();
        }
    }

    private void seal() {
        if (filling.size > 0) {
            chunks.add(filling);
            filling = new Chunk(CHUNK);
        }
    }

    @Override
    public void deliver(Outcomes taker) {
        for (; ; ) {
            Chunk chunk = chunks.poll();
            if (chunk == null) {
                taker.idle();
                chunk = Uninterruptibly.get(chunks::take);
            }
            if (chunk == END) {
                return;
            }
            for (int i = 0; i < chunk.size; i++) {
                deliver(taker, chunk.lines[i], chunk.futures[i]);
            }
        }
    }

    private static void deliver(Outcomes taker, Line line, CompletableFuture<?> future) {
        if (!future.isDone()) {
            taker.idle();
        }
        Object result;
        try {
            result = Uninterruptibly.get(future::get);
        } catch (ExecutionException failed) {
            taker.failed(line, failed.getCause() == null ? failed : failed.getCause());
            return;
        } catch (CancellationException cancelled) {
            taker.failed(line, cancelled);
            return;
        }
        taker.succeeded(line, (Slice) result);
    }
}
