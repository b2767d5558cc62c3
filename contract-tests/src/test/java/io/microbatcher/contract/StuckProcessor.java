package io.microbatcher.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A processor that stays where it is until the test opens the gate of its job, whoever interrupts it, and the threads that
 * it runs on.
 */
final class StuckProcessor implements Executor {
    final List<List<String>> sent = new CopyOnWriteArrayList<>();
    final AtomicInteger interrupts = new AtomicInteger();
    final List<Boolean> flagsLeft = new CopyOnWriteArrayList<>();
    private final List<Thread> threads = new CopyOnWriteArrayList<>();
    private final List<String> stuck;
    private final CountDownLatch gate = new CountDownLatch(1);
    private final CountDownLatch entered = new CountDownLatch(1);

    /** A batch with one of these jobs in it is stuck. */
    StuckProcessor(String... stuck) {
        this.stuck = List.of(stuck);
    }

    /** A thread for each worker. */
    @Override
    public void execute(Runnable worker) {
        Thread thread = new Thread(() -> {
            worker.run();
            flagsLeft.add(Thread.interrupted());
        });
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    List<String> process(List<String> jobs) {
        sent.add(new ArrayList<>(jobs));
        if (jobs.stream().anyMatch(stuck::contains)) {
            stay();
        }
        return jobs;
    }

    void stay() {
        entered.countDown();
        while (true) {
            try {
                if (gate.await(Caller.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                    return;
                }
                throw new AssertionError("nobody has opened the gate");
            } catch (InterruptedException ignored) {
                interrupts.incrementAndGet();
            }
        }
    }

    void awaitStuck() {
        Caller.await(entered);
    }

    void open() {
        gate.countDown();
    }

    /** Waits for the end of all threads that it was run on so far. */
    void awaitThreads() throws InterruptedException {
        for (Thread thread : threads) {
            thread.join(Caller.PATIENCE.toMillis());
            if (thread.isAlive()) {
                throw new AssertionError("left hanging");
            }
        }
    }
}
