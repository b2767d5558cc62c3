package io.microbatcher;

import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * Tells batches in flight to stop: interrupts the threads that are in the processor, cancels the stages of asynchronous
 * ones. Filled under the board's lock, then carried out without it, once.
 *
 * <p>I1: a thread is interrupted only while it is in the processor. Each batch knows who is about to interrupt its
 * runner, which does not go on before they have: so they interrupt first, and do whatever may take longer afterwards.
 * They count down without the board's lock: see I1 of {@link Aftermath}. The runner parks meanwhile: who interrupts may
 * be a virtual thread that gets no carrier before the runner has left its own. And who waits has interrupted all whom he
 * was to interrupt himself, so that there is no circle of threads that wait for each other.
 *
 * <p>I2: no thread waits for itself. A batch whose runner has noted it here is not counted; that thread alone looks at it
 * again, and knows whether it is still in the processor.
 */
final class Interruption<J, R extends @Nullable Object> {
    private final List<Counted> counted = new ArrayList<>();
    private final List<Batch<J, R>> own = new ArrayList<>();
    private final List<CompletionStage<?>> stages = new ArrayList<>();

    /** A thread that waits to be interrupted, and what it waits for to be counted down. */
    private record Counted(Thread runner, CountDownLatch interrupter) {}

    /** Stops a batch. Called under the board's lock. */
    void add(Batch<J, R> batch) {
        batch.stopped = true;
        VarHandle.fullFence(); // pairs with the one in Dispatcher.begins
        Thread runner = batch.runner;
        if (runner == Thread.currentThread()) {
            own.add(batch); // I2
        } else if (runner != null) {
            batch.interrupted = true;
            counted.add(new Counted(runner, batch.isToBeInterrupted())); // I1
        }
        if (batch.stage != null) {
            stages.add(batch.stage);
        }
    }

    void interrupt() {
        for (Counted each : counted) {
            if (each.interrupter().getCount() > 0) { // one thread does this, and may come twice
                try {
                    interrupt(each.runner());
                } finally {
                    each.interrupter().countDown();
                }
            }
        }
    }

    /** Interrupts this thread, if it is to be, when it has told others: their callbacks are none of the processor. */
    void interruptSelf() {
        for (Batch<J, R> batch : own) {
            if (batch.runner == Thread.currentThread()) { // written by this thread, if it is so
                batch.interrupted = true;
                interrupt(Thread.currentThread());
            }
        }
    }

    void cancelStages() {
        stages.forEach(Batch::stop);
    }

    private static void interrupt(Thread runner) {
        try {
            runner.interrupt();
        } catch (Throwable refused) { // a thread's own interrupt() may do anything
            Log.warn("could not interrupt " + runner.getName(), refused); // its toString() may do anything, too
        }
    }
}
