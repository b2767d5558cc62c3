package io.microbatcher;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * How a caller's thread waits for the batcher. The executor may depend on that thread: then it works while it waits, one
 * look each millisecond (R4.4).
 */
final class Patience {
    /** How often a thread that may have to work looks whether it has to. */
    static final long LOOK_NANOS = 1_000_000;

    private Patience() {}

    /** Waits until a future is done, in whatever way. {@code forNanos} may be {@link Nanos#FOREVER}. */
    static void await(Dispatcher<?, ?> dispatcher, CompletableFuture<?> future, long forNanos)
            throws InterruptedException, TimeoutException {
        Frame frame = Frame.innermost(dispatcher);
        if (frame != null && !future.isDone()) {
            dispatcher.stopCountingOn(frame);
        }
        long deadline = deadline(forNanos);
        try {
            while (dispatcher.starter.dependsOnThisThread() && !future.isDone()) {
                if (!dispatcher.starter.help() && !isDoneWithin(future, Math.min(LOOK_NANOS, remaining(deadline)))) {
                    if (remaining(deadline) <= 0) {
                        throw new TimeoutException();
                    }
                }
            }
            if (deadline == Nanos.FOREVER) {
                future.get();
            } else {
                future.get(remaining(deadline), TimeUnit.NANOSECONDS);
            }
        } catch (ExecutionException | CancellationException done) {
            // done in its own way; the caller looks
        }
    }

    static void awaitUninterruptibly(Dispatcher<?, ?> dispatcher, CompletableFuture<?> future) {
        boolean interrupted = false;
        while (!future.isDone()) {
            try {
                await(dispatcher, future, Nanos.FOREVER);
            } catch (InterruptedException later) {
                interrupted = true;
            } catch (TimeoutException never) {
                throw new AssertionError(never);
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for another thread that is almost done. Parks rather than spins: that one may need the carrier of this one. */
    static void awaitUninterruptibly(CountDownLatch latch) {
        boolean interrupted = false;
        while (latch.getCount() > 0) {
            try {
                latch.await();
            } catch (InterruptedException later) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** When a wait of this length ends, on the scale of {@link System#nanoTime()}. */
    static long deadline(long forNanos) {
        return forNanos == Nanos.FOREVER
                ? Nanos.FOREVER
                : System.nanoTime() + Math.max(0, Math.min(forNanos, Long.MAX_VALUE / 2));
    }

    static long remaining(long deadline) {
        return deadline == Nanos.FOREVER ? Nanos.FOREVER : Math.max(0, deadline - System.nanoTime());
    }

    private static boolean isDoneWithin(CompletableFuture<?> future, long nanos)
            throws InterruptedException, ExecutionException {
        try {
            future.get(nanos, TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException notYet) {
            return false;
        }
    }
}
