package io.microbatcher.model;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Makes threads late at the places where the batcher hands over to its users, so that they meet in unusual ways. */
final class Turbulence {
    private final AtomicLong state;

    Turbulence(long seed) {
        state = new AtomicLong(seed);
    }

    private int next(int bound) {
        long mixed = state.addAndGet(0x9E3779B97F4A7C15L);
        mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return (int) Math.floorMod(mixed ^ (mixed >>> 31), (long) bound);
    }

    boolean oneIn(int many) {
        return next(many) == 0;
    }

    @SuppressWarnings("ThreadPriorityCheck") // it is here to disturb
    void perturb() {
        switch (next(12)) {
            case 0 -> Thread.yield();
            case 1 -> LockSupport.parkNanos(1_000 + next(50_000));
            case 2 -> {
                for (int i = next(200); i > 0; i--) {
                    Thread.onSpinWait();
                }
            }
            default -> {
                // on time
            }
        }
    }

    /** Part of the workload: something happens a while later. */
    void delay(long nanos) {
        long until = System.nanoTime() + nanos;
        for (long left = nanos; left > 0; left = until - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
