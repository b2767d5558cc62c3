package io.microbatcher;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The calls that concern everything that is pending: flush, drain, and the three ways to close. */
final class Closing<J, R extends @Nullable Object> {
    private final Dispatcher<J, R> dispatcher;
    private final Board<J, R> board;
    private final CompletableFuture<@Nullable Void> over = new CompletableFuture<>();

    /** Jobs that a {@link #shutdownNow()} has ended and none has returned yet. Guarded by the board's lock. */
    private List<J> abandoned = new ArrayList<>();

    Closing(Dispatcher<J, R> dispatcher) {
        this.dispatcher = dispatcher;
        this.board = dispatcher.board;
    }

    void flush() {
        board.enter();
        try {
            board.lanes.markFlush();
        } finally {
            board.leave();
        }
    }

    CompletableFuture<@Nullable Void> drain() {
        List<CompletableFuture<?>> pending = new ArrayList<>();
        board.enter();
        try {
            board.lanes.markFlush();
            board.lanes.each(lane -> lane.collect(pending));
            board.flight.collect(pending);
        } finally {
            board.leave();
        }
        return CompletableFuture.allOf(pending.toArray(CompletableFuture<?>[]::new))
                .handle((nothing, failures) -> null);
    }

    CompletableFuture<@Nullable Void> shutdown() {
        board.enter();
        try {
            board.close();
        } finally {
            board.leave();
        }
        return over.copy();
    }

    List<J> shutdownNow() {
        List<Batch<J, R>> toInterrupt = new ArrayList<>();
        List<Thread> runners = new ArrayList<>();
        List<CompletionStage<?>> stages = new ArrayList<>();
        board.enter();
        try {
            board.close();
            board.abort();
            for (Batch<J, R> batch = board.flight.first(); batch != null; batch = batch.after) {
                if (!batch.finished && !batch.interrupted) {
                    batch.interrupted = true;
                    if (batch.runner != null) {
                        batch.interrupters++;
                        toInterrupt.add(batch);
                        runners.add(batch.runner);
                    }
                    if (batch.stage != null) {
                        stages.add(batch.stage);
                    }
                }
            }
        } finally {
            board.leave();
        }
        for (int i = 0; i < runners.size(); i++) {
            interrupt(toInterrupt.get(i), runners.get(i));
        }
        stages.forEach(Batch::stop);
        return neverProcessed();
    }

    private void interrupt(Batch<J, R> batch, Thread runner) {
        try {
            runner.interrupt();
        } catch (Throwable refused) { // a thread's own interrupt() may do anything
            Log.warn("could not interrupt " + runner, refused);
        } finally {
            board.enter();
            batch.interrupters--;
            board.leave();
        }
    }

    @SuppressWarnings("ThreadPriorityCheck") // the other threads are a few instructions from done
    private List<J> neverProcessed() {
        while (board.admission.waiting() > 0) { // admitted just before the close, not pushed yet: a few instructions
            Thread.yield();
            board.enter();
            board.leave();
        }
        board.enter();
        try {
            List<J> mine = abandoned;
            abandoned = new ArrayList<>();
            return mine;
        } finally {
            board.leave();
        }
    }

    /** A waiting job was ended by the abort. Called under the board's lock. */
    void abandoned(J job) {
        abandoned.add(job);
    }

    void close() {
        shutdown();
        if (!Frame.isInside(dispatcher)) { // it would wait for itself
            Patience.awaitUninterruptibly(dispatcher, over);
        }
    }

    /** Every accepted job has ended after a close, and every caller knows. Called without the lock. */
    void over() {
        over.complete(null);
    }
}
