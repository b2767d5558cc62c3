package io.microbatcher.contract;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A call on a thread of its own, for calls that are meant to wait. */
final class InThread {
    private final CompletableFuture<Throwable> end = new CompletableFuture<>();
    final Thread thread;

    /** A call that may throw anything. */
    interface Call {
        void run() throws Throwable;
    }

    InThread(Call call) {
        thread = new Thread(() -> end.complete(outcome(call)), "in-thread");
        thread.setDaemon(true);
        thread.start();
    }

    private static Throwable outcome(Call call) {
        try {
            call.run();
            return null;
        } catch (Throwable thrown) {
            return thrown;
        }
    }

    /** Returns when the call is parked. */
    void awaitWaiting() {
        await().atMost(Duration.ofSeconds(30))
                .until(() ->
                        thread.getState() == Thread.State.WAITING || thread.getState() == Thread.State.TIMED_WAITING);
    }

    /** Waits for the end of the call: what it threw, or null. */
    Throwable thrown() throws Exception {
        return end.get(30, TimeUnit.SECONDS);
    }
}
