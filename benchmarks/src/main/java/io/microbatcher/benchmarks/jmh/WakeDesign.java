package io.microbatcher.benchmarks.jmh;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;

/** A way to wake all callers of a batch. */
enum WakeDesign {
    /** What the core does: each future is completed by the answering thread, which unparks its caller. */
    FUTURES("futures, one after the other"),

    /** The same without a future: what is left is the wake-up. */
    IN_A_ROW("bare, one after the other"),

    CASCADE("bare, cascade"),

    TWO_THREADS("bare, two threads");

    final String title;

    WakeDesign(String title) {
        this.title = title;
    }

    /** A batch of these callers, who wait on a thread each. */
    Round round(Thread[] callers, Assistant assistant) {
        return switch (this) {
            case FUTURES -> new Futures(callers.length);
            case IN_A_ROW -> new InARow(callers);
            case CASCADE -> new Cascade(callers);
            case TWO_THREADS -> new TwoThreads(callers, assistant);
        };
    }

    /** One batch: each caller waits once, and the answering thread answers once. */
    abstract static class Round {
        /** Written before the answer. */
        Round next;

        abstract void await(int caller);

        abstract void answer();
    }

    private static final class Futures extends Round {
        private final List<CompletableFuture<Long>> futures = new ArrayList<>();

        Futures(int callers) {
            for (int i = 0; i < callers; i++) {
                futures.add(new CompletableFuture<>());
            }
        }

        @Override
        void await(int caller) {
            futures.get(caller).join();
        }

        @Override
        void answer() {
            for (int i = 0; i < futures.size(); i++) {
                futures.get(i).complete((long) i);
            }
        }
    }

    private static class InARow extends Round {
        final Thread[] callers;
        final AtomicReferenceArray<Long> results;

        InARow(Thread[] callers) {
            this.callers = callers;
            this.results = new AtomicReferenceArray<>(callers.length);
        }

        @Override
        void await(int caller) {
            while (results.get(caller) == null) {
                LockSupport.park(this);
            }
        }

        @Override
        void answer() {
            answer(0, callers.length);
        }

        void answer(int from, int to) {
            for (int i = from; i < to; i++) {
                results.set(i, (long) i);
                LockSupport.unpark(callers[i]);
            }
        }
    }

    /**
     * The answering thread wakes two callers, and each caller two more, in the order of a heap: the children of {@code i}
     * are {@code 2i + 2} and {@code 2i + 3}, so that each caller but the first two has one parent.
     *
     * <p>I1: all results are set before {@code released}, and nobody is woken before it is. I2: a caller goes on when it
     * sees {@code released}, however it came to look (it was woken, it was not parked yet, or park returned for no
     * reason), and always wakes its children first. By induction over the heap nobody stays asleep: its parent goes on,
     * and wakes it after the release; a permit given before it parks is kept. I3: so nobody may give up waiting without
     * waking its children, once released, or else leaving them to somebody who will.
     */
    private static final class Cascade extends Round {
        private final Thread[] callers;
        private final Long[] results;
        private volatile boolean released;

        Cascade(Thread[] callers) {
            this.callers = callers;
            this.results = new Long[callers.length];
        }

        @Override
        void await(int caller) {
            while (!released) {
                LockSupport.park(this);
            }
            if (results[caller] == null) {
                throw new AssertionError("released without a result"); // I1
            }
            wake(2 * caller + 2); // I2
        }

        @Override
        void answer() {
            for (int i = 0; i < results.length; i++) {
                results[i] = (long) i;
            }
            released = true; // I1
            wake(0);
        }

        private void wake(int first) {
            for (int i = first; i < Math.min(first + 2, callers.length); i++) {
                LockSupport.unpark(callers[i]);
            }
        }
    }

    /** The answering thread wakes one half, and an assistant the other. */
    private static final class TwoThreads extends InARow {
        private final Assistant assistant;

        TwoThreads(Thread[] callers, Assistant assistant) {
            super(callers);
            this.assistant = assistant;
        }

        @Override
        void answer() {
            int half = callers.length / 2;
            assistant.run(() -> answer(half, callers.length));
            answer(0, half);
        }
    }

    /** A second thread that waits for work, one piece at a time. */
    static final class Assistant implements AutoCloseable {
        private final Thread thread = new Thread(this::work, "assistant");
        private volatile Runnable task;
        private volatile boolean closed;

        Assistant() {
            thread.start();
        }

        private void work() {
            while (!closed) {
                Runnable given = task;
                if (given == null) {
                    LockSupport.park(this);
                } else {
                    task = null; // the next is given when this is done
                    given.run();
                }
            }
        }

        void run(Runnable given) {
            task = given;
            LockSupport.unpark(thread);
        }

        void awaitParked() {
            while (thread.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
        }

        @Override
        public void close() {
            closed = true;
            LockSupport.unpark(thread);
        }
    }
}
