package io.microbatcher.benchmarks.postgres;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** Waits for callers to end, and tells what one of them met. */
final class Ends {
    private static final long SECONDS = 30;

    private Ends() {}

    static void await(CountDownLatch ended, AtomicReference<Throwable> failure) {
        try {
            if (!ended.await(SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException(ended.getCount() + " callers never got their result");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        if (failure.get() != null) {
            throw new IllegalStateException("a caller failed", failure.get());
        }
    }
}
