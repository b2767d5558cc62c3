package io.microbatcher;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** The calls that concern everything that is pending: flush, drain, and the three ways to close. */
final class Closing<J, R extends @Nullable Object> {
    /** How long to leave others alone who are a few instructions from done. */
    private static final long MOMENT_NANOS = 20_000;

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
            if (board.retries != null) {
                board.retries.backoff.collect(pending);
            }
        } finally {
            board.leave();
        }
        CompletableFuture<@Nullable Void> all = CompletableFuture.allOf(pending.toArray(CompletableFuture<?>[]::new))
                .handle((nothing, failures) -> null);
        return Contexts.following(all, dispatcher.settings.contexts());
    }

    CompletableFuture<@Nullable Void> shutdown() {
        board.enter();
        try {
            board.close();
        } finally {
            board.leave();
        }
        return Contexts.following(over.copy(), dispatcher.settings.contexts());
    }

    List<J> shutdownNow() {
        board.enter();
        try {
            board.close();
            board.abort();
            for (Batch<J, R> batch = board.flight.first(); batch != null; batch = batch.after) {
                if (!batch.finished && !batch.stopped) {
                    board.aftermath.stop(batch);
                }
            }
        } finally {
            board.leave();
        }
        return neverProcessed();
    }

    private List<J> neverProcessed() {
        boolean interrupted = false;
        while (board.admission.waiting() > 0) { // admitted just before the close, not pushed yet: a few instructions
            interrupted |= Thread.interrupted(); // or it would not park, and who pushes may need its carrier
            LockSupport.parkNanos(this, MOMENT_NANOS);
            board.enter();
            board.leave();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
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
        dispatcher.settings.watch().closed();
        over.complete(null);
    }
}
