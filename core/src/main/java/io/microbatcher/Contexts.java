package io.microbatcher;

import io.microbatcher.ContextCarrier.Scope;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Calls the user's {@link ContextCarrier}, and survives it: a job that cannot have its context goes on without. What is
 * thrown goes to the log, once for each of the calls.
 */
final class Contexts {
    private final String batcher;
    private final ContextCarrier<Object> carrier;
    private final AtomicBoolean captureSaid = new AtomicBoolean();
    private final AtomicBoolean restoreSaid = new AtomicBoolean();
    private final AtomicBoolean closeSaid = new AtomicBoolean();

    @SuppressWarnings("unchecked") // it is given what it has captured, and nothing else
    Contexts(String batcher, ContextCarrier<?> carrier) {
        this.batcher = batcher;
        this.carrier = (ContextCarrier<Object>) carrier;
    }

    /** What this thread carries; null for nothing. */
    @Nullable
    Object capture() {
        try {
            return carrier.capture();
        } catch (Throwable thrown) {
            say(captureSaid, "capture", thrown);
            return null;
        }
    }

    /** Restores what was captured; neither this nor the end of the scope throws. */
    Scope restored(Object captured) {
        Scope scope;
        try {
            scope = carrier.restore(captured);
        } catch (Throwable thrown) {
            say(restoreSaid, "restore", thrown);
            return () -> {};
        }
        return () -> {
            try {
                scope.close();
            } catch (Throwable thrown) {
                say(closeSaid, "the scope of restore", thrown);
            }
        };
    }

    /** Does something while this thread carries what was captured, if anything was. */
    void within(@Nullable Object captured, Runnable action) {
        if (captured == null) {
            action.run();
            return;
        }
        Scope scope = restored(captured);
        try {
            action.run();
        } finally {
            scope.close();
        }
    }

    /**
     * A future that follows another, which jobs complete in contexts of their own: what depends on it sees the context that
     * this thread carries now.
     */
    static <T extends @Nullable Object> CompletableFuture<T> following(
            CompletableFuture<T> future, @Nullable Contexts contexts) {
        if (contexts == null) {
            return future;
        }
        Object captured = contexts.capture();
        CompletableFuture<T> following = new CompletableFuture<>();
        future.thenAccept(result -> contexts.within(captured, () -> following.complete(result)));
        return following;
    }

    private void say(AtomicBoolean said, String call, Throwable thrown) {
        if (said.compareAndSet(false, true)) {
            Log.warn(
                    call + " of the context of " + batcher
                            + " threw; jobs go on without their context. This is said once for each batcher: "
                            + carrier.getClass().getName(),
                    thrown);
        }
    }
}
