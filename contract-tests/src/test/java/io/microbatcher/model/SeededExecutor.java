package io.microbatcher.model;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;

/** Keeps tasks until the seed says which one runs next, or runs one at once on the thread that brings it. */
final class SeededExecutor implements Executor {
    private final Simulation simulation;
    private final ReentrantLock lock = new ReentrantLock();

    /** Guarded by the lock: blocked callers bring tasks too. */
    private final List<Runnable> kept = new ArrayList<>();

    SeededExecutor(Simulation simulation) {
        this.simulation = simulation;
    }

    @Override
    public void execute(Runnable task) {
        boolean inline = false;
        if (!simulation.isElsewhere()) {
            simulation.event(false, "execute", "", () -> {});
            inline = simulation.random.nextInt(100) < simulation.scenario.inlinePercent();
        }
        if (inline) {
            simulation.note("   at once");
            task.run();
        } else {
            lock.lock();
            try {
                kept.add(task);
            } finally {
                lock.unlock();
            }
        }
    }

    int size() {
        lock.lock();
        try {
            return kept.size();
        } finally {
            lock.unlock();
        }
    }

    boolean runOne() {
        Runnable task;
        lock.lock();
        try {
            if (kept.isEmpty()) {
                return false;
            }
            task = kept.remove(simulation.random.nextInt(kept.size()));
        } finally {
            lock.unlock();
        }
        simulation.note("run a worker");
        task.run();
        return true;
    }
}
