package io.microbatcher;

/**
 * The batcher's source of time and its alarm clock. Injected for tests; the default is one daemon thread for the whole
 * process over {@link System#nanoTime()}.
 *
 * <p><b>Thread safety.</b> Both methods are called by any thread, at the same time.
 */
public interface Timer {
    /**
     * Tells the time. Must not throw: a job that has been counted would be lost.
     *
     * @return nanoseconds since a fixed moment, never negative and never less than before
     */
    long nanos();

    /**
     * Runs a task once, at the given time or soon after. The task never blocks and never runs user code for long: it may
     * run on the timer's own thread. It must not run inside this call.
     *
     * @param atNanos when, on the scale of {@link #nanos()}; a time that has passed means: soon
     * @param task what to run; does not throw
     */
    void schedule(long atNanos, Runnable task);
}
