package io.microbatcher;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * Brings workers to their threads: through the executor, and if that is the user's own, past its surprises. It may
 * refuse, it may run the worker at once, and its only thread may be waiting for this very batcher (R3.4, R4.4).
 */
final class Starter<J, R extends @Nullable Object> {
    private final Dispatcher<J, R> dispatcher;
    private final Settings<J, R> settings;

    /** Workers that the user's executor has not run yet. */
    private final Queue<Worker<J, R>> scheduled = new ConcurrentLinkedQueue<>();

    /** How deep executors of this thread's have run workers inside of each other, and what waits until they return. */
    private static final ThreadLocal<@Nullable Nesting> NESTING = new ThreadLocal<>();

    private static final int DEEP = 16;

    /** The thread that the user's executor used last; null with the library's own, which never runs out of threads. */
    private volatile @Nullable Thread lastThread;

    private static final class Nesting {
        private final Deque<Runnable> later = new ArrayDeque<>();
        private int depth;
    }

    Starter(Dispatcher<J, R> dispatcher) {
        this.dispatcher = dispatcher;
        this.settings = dispatcher.settings;
    }

    /** Starts workers for slots that have been reserved. */
    void start(int workers) {
        if (!settings.ownExecutor()) {
            for (int i = 0; i < workers; i++) {
                hand(new Worker<>(dispatcher));
            }
        } else if (workers > 0) {
            startOnOwnExecutor(workers);
        }
    }

    /**
     * All are scheduled before the first is handed over: an executor may run it at once, and a callback of its batch may
     * wait for what another one is to do, and then has to find that one to help.
     */
    private void startOnOwnExecutor(int workers) {
        List<Worker<J, R>> started = new ArrayList<>(workers);
        for (int i = 0; i < workers; i++) {
            started.add(new Worker<>(dispatcher));
        }
        scheduled.addAll(started);
        for (Worker<J, R> worker : started) {
            if (SharedTimer.isCurrentThread()) { // execute() is the user's, and may block or run the worker
                elsewhere(() -> handNested(worker));
            } else {
                handNested(worker);
            }
        }
    }

    /** Sends a worker ahead, to be on its thread when something is due. The alarm does its work if it does not come. */
    void sendAhead(long dueNanos) {
        try {
            settings.executor().execute(Worker.ahead(dispatcher, dueNanos));
        } catch (Throwable noThread) {
            Log.warn("no thread for " + settings.name() + " ahead of time; its batch leaves a little later", noThread);
        }
    }

    /**
     * Hands a worker to an executor that may run it at once, inside of this call. Its batch may end inside of it, and
     * start the next worker: past some depth that one waits until the stack is free again.
     */
    private void handNested(Worker<J, R> worker) {
        Nesting outer = NESTING.get();
        if (outer != null && outer.depth >= DEEP) {
            outer.later.add(() -> hand(worker));
            return;
        }
        Nesting nesting = outer == null ? new Nesting() : outer;
        NESTING.set(nesting);
        nesting.depth++;
        try {
            hand(worker);
            for (Runnable next = nesting.later.poll(); next != null; next = nesting.later.poll()) {
                next.run();
            }
        } finally {
            nesting.depth--;
            if (outer == null) {
                NESTING.remove();
            }
        }
    }

    private void hand(Worker<J, R> worker) {
        try {
            settings.executor().execute(worker);
        } catch (Throwable refused) {
            if (worker.isClaimed()) { // else it ran, and then threw
                scheduled.remove(worker);
                elsewhere(() -> worker.fail(refused));
            }
        }
    }

    /**
     * Runs what may call user code on a thread of the library's own; on this one only if there is none. Never on a virtual
     * one: it may have to stop processors that keep all carriers.
     */
    void elsewhere(Runnable task) {
        try {
            Threads.platform().execute(task);
        } catch (Throwable noThread) {
            task.run();
        }
    }

    /** Sets the timer; a timer of the user's own that fails is replaced for this once, since jobs depend on it. */
    void schedule(Alarm.Ring ring) {
        try {
            settings.timer().schedule(ring.atNanos, ring);
        } catch (Throwable failed) {
            Log.warn("the timer of " + settings.name() + " failed; the shared one is used instead", failed);
            long delay = Math.max(0, ring.atNanos - settings.timer().nanos());
            SharedTimer.INSTANCE.schedule(Nanos.after(SharedTimer.INSTANCE.nanos(), delay), ring);
        }
    }

    /** A worker is on its thread. */
    void arrived(Worker<J, R> worker) {
        if (settings.ownExecutor()) {
            scheduled.remove(worker);
            if (!worker.isHelped && NESTING.get() == null) { // else the thread is not the executor's
                lastThread = Thread.currentThread();
            }
        }
    }

    /**
     * Whether the current thread, which is about to block, may be the one that the executor would run a worker on. If
     * several threads are, one of them is the last: that one working is enough. A thread that runs user code of another
     * batcher on the same executor is one, too, and so is one whose own stack has to be free before it runs a worker.
     */
    boolean dependsOnThisThread() {
        if (!settings.ownExecutor()) {
            return false;
        }
        Nesting nesting = NESTING.get();
        return lastThread == Thread.currentThread()
                || Frame.isOnExecutor(settings.executor())
                || (nesting != null && !nesting.later.isEmpty());
    }

    /** Runs one worker that the executor has not got round to: whether there was one. */
    boolean help() {
        Worker<J, R> worker = scheduled.poll();
        if (worker == null) {
            return false;
        }
        worker.isHelped = true;
        worker.run();
        return true;
    }
}
