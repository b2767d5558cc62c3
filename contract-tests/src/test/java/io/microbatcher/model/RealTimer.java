package io.microbatcher.model;

import io.microbatcher.Timer;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Real time whose alarms come late, and out of order. */
final class RealTimer implements Timer {
    private static final ScheduledExecutorService ALARMS = Executors.newScheduledThreadPool(1, RealRound::daemon);

    /** Callbacks run in it that may wait for another alarm. */
    private static final Executor RINGERS = Executors.newCachedThreadPool(RealRound::daemon);

    private final long origin = System.nanoTime();
    private final Turbulence turbulence;

    RealTimer(Turbulence turbulence) {
        this.turbulence = turbulence;
    }

    @Override
    public long nanos() {
        if (turbulence.oneIn(20)) {
            turbulence.perturb();
        }
        return System.nanoTime() - origin;
    }

    @Override
    public void schedule(long atNanos, Runnable task) {
        turbulence.perturb();
        Runnable alarm = () -> RINGERS.execute(() -> {
            turbulence.perturb();
            task.run();
        });
        ALARMS.schedule(alarm, atNanos - (System.nanoTime() - origin), TimeUnit.NANOSECONDS);
    }
}
