package io.microbatcher;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Callers that wait for room, first come, first served (R3.2). Guarded by the board's lock. */
final class WaitingLine<J, R extends @Nullable Object> {
    private @Nullable Caller<J, R> first;
    private @Nullable Caller<J, R> last;
    private int size;

    /** What became of a caller. */
    enum Fate {
        WAITS,
        ACCEPTED,
        CLOSED,
        FULL
    }

    /** A caller in line with its job. */
    static final class Caller<J, R extends @Nullable Object> {
        final PendingJob<J, R> job;
        final Thread thread = Thread.currentThread();

        /** Written under the lock; read by its thread without it. */
        volatile Fate fate = Fate.WAITS;

        private @Nullable Caller<J, R> before;
        private @Nullable Caller<J, R> behind;

        Caller(PendingJob<J, R> job) {
            this.job = job;
        }
    }

    int size() {
        return size;
    }

    @Nullable
    Caller<J, R> first() {
        return first;
    }

    void join(Caller<J, R> caller) {
        caller.before = last;
        if (last == null) {
            first = caller;
        } else {
            last.behind = caller;
        }
        last = caller;
        size++;
    }

    /** Takes a caller out of the line, wherever it stands, and tells it why. */
    void leave(Caller<J, R> caller, Fate fate) {
        Caller<J, R> before = caller.before;
        Caller<J, R> behind = caller.behind;
        if (before == null) {
            first = behind;
        } else {
            before.behind = behind;
        }
        if (behind == null) {
            last = before;
        } else {
            behind.before = before;
        }
        caller.before = null;
        caller.behind = null;
        size--;
        caller.fate = fate;
        LockSupport.unpark(caller.thread);
    }
}
