package io.microbatcher.contract;

import io.microbatcher.MicroBatcher;
import io.microbatcher.test.ManualExecutor;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The kinds of executor that a batcher may be given, each with what it needs to get on. */
enum Threading {
    LIBRARY,
    SINGLE_THREAD,
    TWO_THREADS,
    CALLER,
    MANUAL;

    Running open() {
        return new Running(this);
    }

    /** One executor; closing it ends its threads. */
    static final class Running implements AutoCloseable {
        private final ManualExecutor manual = new ManualExecutor();
        private final ExecutorService pool;
        private final Threading kind;

        private Running(Threading kind) {
            this.kind = kind;
            this.pool = Executors.newFixedThreadPool(kind == TWO_THREADS ? 2 : 1, task -> {
                Thread thread = new Thread(task, "contract-" + kind);
                thread.setDaemon(true);
                return thread;
            });
        }

        <J, R> MicroBatcher.Builder<J, R> applyTo(MicroBatcher.Builder<J, R> builder) {
            return switch (kind) {
                case LIBRARY -> builder;
                case SINGLE_THREAD, TWO_THREADS -> builder.executor(pool);
                case CALLER -> builder.executor(Runnable::run);
                case MANUAL -> builder.executor(manual);
            };
        }

        /** Waits for an end while the executor gets on. A failure comes through. */
        void awaitEnd(Future<?> future) throws Exception {
            long deadline = System.nanoTime() + Caller.PATIENCE.toNanos();
            while (true) {
                manual.runAll();
                try {
                    future.get(1, TimeUnit.MILLISECONDS);
                    return;
                } catch (TimeoutException notYet) {
                    if (System.nanoTime() - deadline > 0) {
                        throw new AssertionError("left hanging on " + kind, notYet);
                    }
                } catch (ExecutionException failed) {
                    throw new AssertionError("failed on " + kind, failed.getCause());
                }
            }
        }

        @Override
        public void close() {
            pool.shutdownNow();
        }
    }
}
