package io.microbatcher.contract;

import java.time.Duration;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A caller that has patience for half a minute, and then says that it was left hanging. */
final class Caller {
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private Caller() {}

    interface Action {
        void run() throws Exception;
    }

    /** The result of a job that succeeded. */
    static <R> R resultOf(Future<R> future) {
        try {
            return future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException hanging) {
            throw new AssertionError("left hanging", hanging);
        } catch (InterruptedException | ExecutionException failed) {
            throw new AssertionError(failed);
        }
    }

    /** What a job failed with; a {@link CancellationException} if it was cancelled. */
    static Throwable failureOf(Future<?> future) {
        try {
            Object result = future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            throw new AssertionError("succeeded with " + result);
        } catch (TimeoutException | InterruptedException hanging) {
            throw new AssertionError("left hanging", hanging);
        } catch (CancellationException cancelled) {
            return cancelled;
        } catch (ExecutionException failed) {
            return failed.getCause();
        }
    }

    /** Waits until a job has ended, in whatever way. */
    static void awaitEnd(Future<?> future) {
        try {
            future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException | InterruptedException hanging) {
            throw new AssertionError("left hanging", hanging);
        } catch (CancellationException | ExecutionException ended) {
            // in its own way
        }
    }

    static void await(CountDownLatch latch) {
        try {
            if (!latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("left hanging");
            }
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    static void meet(CyclicBarrier barrier) {
        try {
            barrier.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException | BrokenBarrierException | TimeoutException alone) {
            throw new AssertionError("left hanging", alone);
        }
    }

    /** Does something on a thread of its own; the future tells its end. */
    static CompletableFuture<Void> elsewhere(Action action) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                action.run();
                done.complete(null);
            } catch (Throwable thrown) {
                done.completeExceptionally(thrown);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return done;
    }

    /** Does something on a thread of its own and waits for it. What it throws comes through. */
    static void doElsewhere(Action action) {
        try {
            elsewhere(action).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException | InterruptedException hanging) {
            throw new AssertionError("left hanging", hanging);
        } catch (ExecutionException failed) {
            throw new CompletionException(failed.getCause());
        }
    }

    /** Throws anything at all, as code does that was not compiled by javac. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals", "DoNotCallSuggester"})
    static <T extends Throwable, X> X sneak(Throwable thrown) throws T {
        throw (T) thrown;
    }
}
