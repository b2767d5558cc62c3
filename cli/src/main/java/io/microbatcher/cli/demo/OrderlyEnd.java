package io.microbatcher.cli.demo;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets Ctrl-C end a command in its own time: the thread that runs it is interrupted, and the JVM waits until it has
 * cleaned up.
 */
final class OrderlyEnd implements AutoCloseable {
    /** What a shell reports for a command that Ctrl-C ended. */
    static final int INTERRUPTED = 130;

    private static final long PATIENCE_SECONDS = 10;

    private final Thread command = Thread.currentThread();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread hook = new Thread(this::interrupt, "orderly-end");

    OrderlyEnd() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private void interrupt() {
        command.interrupt();
        try {
            if (!ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                System.err.println("microbatcher: did not end in time, a temporary file may be left");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        ended.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException shuttingDown) {
            // the hook is what ends the command: it has just been told that it may go on
        }
    }
}
