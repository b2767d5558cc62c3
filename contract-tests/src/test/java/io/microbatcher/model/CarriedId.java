package io.microbatcher.model;

import io.microbatcher.ContextCarrier;
import org.jspecify.annotations.Nullable;

/** Carries the number of the item that a thread is about: its own, while it submits one, or that of a caller. */
final class CarriedId implements ContextCarrier<Integer> {
    private static final ThreadLocal<@Nullable Integer> CARRIED = new ThreadLocal<>();

    private final Runnable handOver;

    /** Does something wherever the batcher hands over to it. */
    CarriedId(Runnable handOver) {
        this.handOver = handOver;
    }

    /** The number that this thread carries, null if there is none. */
    static @Nullable Integer get() {
        return CARRIED.get();
    }

    /** Makes this thread carry a number until the scope is closed. */
    static Scope carry(int id) {
        Integer before = CARRIED.get();
        CARRIED.set(id);
        return () -> CARRIED.set(before);
    }

    @Override
    public @Nullable Integer capture() {
        handOver.run();
        return CARRIED.get();
    }

    @Override
    public Scope restore(Integer captured) {
        handOver.run();
        Scope scope = carry(captured);
        return () -> {
            handOver.run();
            scope.close();
        };
    }
}
