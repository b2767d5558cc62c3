package io.microbatcher;

import org.jspecify.annotations.Nullable;

/**
 * When a dispatcher wants to be woken, if nothing happens before. Guarded by the board's lock.
 *
 * <p>I1: it is set at least as early as the dispatcher needs it. An alarm is never taken back: one that rings too early,
 * because its batch left by size, finds nothing due and is set again for what waits now (R2.3).
 *
 * <p>I2: what is in the timer is in the list, each ring earlier than the one behind it, so a need that a later ring
 * serves as well puts no other one into the timer: a job's time limit of an hour costs one ring in an hour, however many
 * batches leave by age meanwhile.
 *
 * <p>I3: after the end every ring has lost its dispatcher and does nothing: a timer that holds it keeps nothing alive.
 */
final class Alarm {
    private final Dispatcher<?, ?> dispatcher;
    private @Nullable Ring next;

    Alarm(Dispatcher<?, ?> dispatcher) {
        this.dispatcher = dispatcher;
    }

    /** One entry in the timer. */
    static final class Ring implements Runnable {
        final long atNanos;
        private final @Nullable Ring behind;
        private volatile @Nullable Dispatcher<?, ?> target;

        private Ring(long atNanos, Dispatcher<?, ?> target, @Nullable Ring behind) {
            this.atNanos = atNanos;
            this.target = target;
            this.behind = behind;
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
        return next == null ? Nanos.FOREVER : next.atNanos;
    }

    /** Makes sure that it rings by then: returns what to schedule after the lock, or null if it does so already. */
    @Nullable
    Ring ringBy(long atNanos) {
        if (atNanos >= setForNanos()) {
            return null; // I1, I2
        }
        next = new Ring(atNanos, dispatcher, next);
        return next;
    }

    /** A ring has rung, and with it what was to ring before and is late. */
    void rang(Ring ring) {
        ring.target = null;
        while (next != null && next.atNanos <= ring.atNanos) {
            next.target = null;
            next = next.behind;
        }
    }

    /** Nobody needs to be woken any more. */
    void off() {
        while (next != null) {
            next.target = null; // I3
            next = next.behind;
        }
    }
}
