package io.microbatcher;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * A place for the jobs of one key, which is found by the key and gone when nobody needs it.
 *
 * <p>I1: it has a claim for each of its jobs, from before the job is accepted until it has ended. The last claim that is
 * given back makes it vanish, in one step: whoever comes later may not claim it, and makes a new one. So there is never a
 * job in a place that is not found by its key, never two places in use for one key, and never one that nobody needs.
 */
abstract class KeyedPlace<J, R extends @Nullable Object> extends Place<J, R> {
    private static final int VANISHED = -1;
    private static final VarHandle CLAIMS;

    static {
        try {
            CLAIMS = MethodHandles.lookup().findVarHandle(KeyedPlace.class, "claims", int.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    /** What its jobs have in common; null for a place that is always there. */
    final @Nullable Object key;

    @SuppressWarnings("unused") // through CLAIMS
    private volatile int claims;

    KeyedPlace(Dispatcher<J, R> dispatcher, @Nullable Object key) {
        super(dispatcher);
        this.key = key;
    }

    /** Claims it for a job: whether it had not vanished (I1). */
    boolean isClaimed() {
        int seen;
        do {
            seen = (int) CLAIMS.getVolatile(this);
            if (seen == VANISHED) {
                return false;
            }
        } while (!CLAIMS.compareAndSet(this, seen, seen + 1));
        return true;
    }

    /** Claims it once more, on behalf of somebody who has a claim. */
    void claimAgain() {
        if (key != null) {
            CLAIMS.getAndAdd(this, 1);
        }
    }

    /** Gives a claim back: whether it has vanished with it. */
    boolean isVanished() {
        return key != null && (int) CLAIMS.getAndAdd(this, -1) == 1 && CLAIMS.compareAndSet(this, 0, VANISHED);
    }
}
