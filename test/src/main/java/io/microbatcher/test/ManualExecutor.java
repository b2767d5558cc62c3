package io.microbatcher.test;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * An executor that keeps its tasks until the test runs them, or refuses them when the test says so. Give it to
 * {@code MicroBatcher.Builder.executor} to stop time between the moment in which a batch is due and the one in which a
 * slot takes it.
 *
 * <p><b>Thread safety.</b> Every method may be called by any thread; a task runs on the thread that asked for it.
 */
public final class ManualExecutor implements Executor {
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private volatile boolean refusing;

    /** Starts empty, and refuses nothing. */
    public ManualExecutor() {}

    /**
     * Keeps a task.
     *
     * @param task what to run later
     * @throws RejectedExecutionException if it {@linkplain #refuse refuses}
     */
    @Override
    public void execute(Runnable task) {
        if (refusing) {
            throw new RejectedExecutionException("this executor was told to refuse");
        }
        tasks.add(task);
    }

    /**
     * Says whether tasks are refused from now on. Those that are kept already stay.
     *
     * @param refuse whether {@link #execute} throws
     */
    public void refuse(boolean refuse) {
        refusing = refuse;
    }

    /**
     * Runs the task that was kept first. What it throws comes through.
     *
     * @return whether there was one
     */
    public boolean runNext() {
        Runnable task = tasks.poll();
        if (task == null) {
            return false;
        }
        task.run();
        return true;
    }

    /**
     * Runs tasks until none is left, those included that come up meanwhile.
     *
     * @return how many ran
     */
    public int runAll() {
        int ran = 0;
        while (runNext()) {
            ran++;
        }
        return ran;
    }

    /**
     * Counts the tasks that wait to be run.
     *
     * @return how many
     */
    public int size() {
        return tasks.size();
    }
}
