package io.microbatcher.concurrency;

import io.microbatcher.Timer;

/**
 * A clock that stands still and never rings. Together with an executor that runs a worker on the thread that starts it,
 * it makes liveness a matter of safety: when every call has returned nothing is going to happen any more, and a job that
 * has not ended by then never will.
 */
final class StoppedClock implements Timer {
    @Override
    public long nanos() {
        return 0;
    }

    @Override
    public void schedule(long atNanos, Runnable task) {
        // nobody is woken
    }
}
