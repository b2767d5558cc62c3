package io.microbatcher.benchmarks.peer;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;

/** The threads that adapters run batches and timers on, all daemons. */
final class Workers {
    private Workers() {}

    static final ThreadFactory DAEMONS = task -> {
        Thread thread = new Thread(task, "peer");
        thread.setDaemon(true);
        return thread;
    };

    static ExecutorService pool(int threads) {
        return Executors.newFixedThreadPool(threads, DAEMONS);
    }

    static ScheduledExecutorService timer() {
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, DAEMONS);
        timer.setRemoveOnCancelPolicy(true);
        return timer;
    }
}
