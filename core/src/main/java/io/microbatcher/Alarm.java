package io.microbatcher;

import org.jspecify.annotations.Nullable;

/**
 * The one time at which a dispatcher wants to be woken, if nothing happens before. Guarded by the board's lock.
 *
 * <p>I1: it is set at least as early as the dispatcher needs it. An alarm is never taken back: one that rings too early,
 * because its batch left by size, finds nothing due and is set again for what waits now (R2.3).
 *
 * <p>I2: a ring that was replaced by an earlier one has lost its dispatcher and does nothing; a timer that holds it for
 * long keeps nothing alive.
 */
final class Alarm {
    private final Dispatcher<?, ?> dispatcher;
    private long setFor = Nanos.FOREVER;
    private @Nullable Ring current;

    Alarm(Dispatcher<?, ?> dispatcher) {
        this.dispatcher = dispatcher;
    }

    /** One entry in the timer. */
    static final class Ring implements Runnable {
        final long atNanos;
        private volatile @Nullable Dispatcher<?, ?> target;

        private Ring(long atNanos, Dispatcher<?, ?> target) {
            this.atNanos = atNanos;
            this.target = target;
        }

        @Override
        public void run() {
            Dispatcher<?, ?> dispatcher = target;
            if (dispatcher != null) {
                dispatcher.wake(this);
            }
        }
    }

    long setForNanos() {
        return setFor;
    }

    /** Makes sure that it rings by then: returns what to schedule after the lock, or null if it does so already. */
    @Nullable
    Ring ringBy(long atNanos) {
        if (atNanos >= setFor) {
            return null;
        }
        off();
        setFor = atNanos;
        current = new Ring(atNanos, dispatcher);
        return current;
    }

    void rang(Ring ring) {
        if (ring == current) {
            off();
        }
    }

    void off() {
        if (current != null) {
            current.target = null; // I2
        }
        current = null;
        setFor = Nanos.FOREVER;
    }
}
