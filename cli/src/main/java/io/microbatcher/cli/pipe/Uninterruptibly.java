package io.microbatcher.cli.pipe;

/** Waits on threads that nobody interrupts: an interrupt would be somebody's mistake and must lose no job. */
final class Uninterruptibly {
    private Uninterruptibly() {}

    /** A wait for something. */
    interface Wait<T, X extends Exception> {
        T get() throws InterruptedException, X;
    }

    static <T, X extends Exception> T get(Wait<T, X> wait) throws X {
        boolean interrupted = false;
        try {
            for (; ; ) {
                try {
                    return wait.get();
                } catch (InterruptedException later) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
