package io.microbatcher.concurrency;

import io.microbatcher.BatcherClosedException;
import io.microbatcher.BatcherFullException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** How the job of a future has ended, as a word. */
final class Ended {
    private Ended() {}

    static String of(CompletableFuture<?> future) {
        if (!future.isDone()) {
            return "STRANDED";
        }
        if (future.isCancelled()) {
            return "cancelled";
        }
        try {
            future.join();
            return "answered";
        } catch (CompletionException failed) {
            return failed.getCause() instanceof BatcherClosedException
                    ? "closed"
                    : failed.getCause() instanceof BatcherFullException ? "full" : String.valueOf(failed.getCause());
        }
    }
}
