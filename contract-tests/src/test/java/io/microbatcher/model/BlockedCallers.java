package io.microbatcher.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.microbatcher.model.ModelJob.State;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.AbstractOwnableSynchronizer;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Callers that wait for room, each on a thread of its own. One moves at a time, and the simulation waits until it stops. */
final class BlockedCallers {
    private static final int MOST = 3;
    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final Simulation simulation;
    private final Map<ModelJob, Caller> callers = new HashMap<>();

    BlockedCallers(Simulation simulation) {
        this.simulation = simulation;
    }

    private final class Caller extends Thread {
        final ModelJob job;

        @Nullable
        CompletableFuture<Object> future;

        Caller(ModelJob job) {
            super("blocked-" + job.job.param());
            this.job = job;
            setDaemon(true);
        }

        @Override
        public void run() {
            future = simulation.batcher.submit(job.job);
        }

        boolean isParkedInLine() {
            Object blocker = LockSupport.getBlocker(this);
            return blocker != null
                    && !(blocker instanceof AbstractOwnableSynchronizer) // a lock: it is let go in a moment
                    && (getState() == Thread.State.WAITING || getState() == Thread.State.TIMED_WAITING);
        }
    }

    boolean mayBlockOneMore() {
        return callers.size() < MOST;
    }

    /** Submits a job for which there is no room. */
    void submit(ModelJob job) {
        Caller caller = new Caller(job);
        callers.put(job, caller);
        simulation.model.offer(job, true, simulation.time.nanos());
        assertThat(job.state).as("the simulation is wrong: %s should wait", job).isEqualTo(State.BLOCKED);
        caller.start();
        await(caller, true);
        simulation.sync();
    }

    /** Interrupts one of them: its job is refused. */
    void interruptOne() {
        if (!simulation.model.blocked.isEmpty()) {
            ModelJob job = simulation.model.blocked.get(simulation.random.nextInt(simulation.model.blocked.size()));
            simulation.note("interrupt the caller of %s", job);
            Caller caller = callers.remove(job);
            caller.interrupt();
            await(caller, false);
            simulation.model.giveUp(job, simulation.time.nanos());
            collected(caller);
            simulation.sync();
        }
    }

    /** Waits for those who have been let in or refused to return. */
    void collect() {
        while (!simulation.model.released.isEmpty()) {
            ModelJob job = simulation.model.released.remove(0);
            Caller caller = callers.remove(job);
            await(caller, false);
            collected(caller);
        }
    }

    private void collected(Caller caller) {
        simulation.actions.returned(caller.job, caller.future);
    }

    void sendHome() {
        callers.values().forEach(Thread::interrupt);
    }

    @SuppressWarnings(
            "ThreadPriorityCheck") // the other thread is about to park or to end, and the interrupt flag may be set
    private static void await(Caller caller, boolean inLine) {
        long start = System.nanoTime();
        while (caller.isAlive() && !(inLine && caller.isParkedInLine())) {
            if (System.nanoTime() - start > LIMIT_NANOS) {
                throw new AssertionError("R3.2: there is room for " + caller.job + ", but its caller still waits");
            }
            Thread.yield();
        }
        assertThat(caller.isAlive())
                .as("the caller of %s waits in line", caller.job)
                .isEqualTo(inLine);
    }
}
