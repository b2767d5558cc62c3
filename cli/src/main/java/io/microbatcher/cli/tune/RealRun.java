package io.microbatcher.cli.tune;

import io.microbatcher.BatchProcessor;
import io.microbatcher.DispatchReason;
import io.microbatcher.JobFailedException;
import io.microbatcher.MicroBatcher;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Runs a candidate on threads and in real time, on the workload on which it was simulated: what the simulation is checked
 * against. Callers that block are threads; jobs that come by themselves are submitted by one, and their latency starts
 * when they should have come, so that a generator that is late makes nothing look faster.
 */
final class RealRun {
    private static final int WARM_UP = 5;

    /** The last of a wait is spent spinning: a parked thread wakes up late. */
    private static final long SPIN_NANOS = 100_000;

    private final Setting setting;
    private final Candidate candidate;
    private final BatchProcessor<Long, Long> processor;
    private final AtomicLong calls = new AtomicLong();
    private final AtomicLong carried = new AtomicLong();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final CountDownLatch done = new CountDownLatch(1);

    private RealRun(Setting setting, Candidate candidate, BatchProcessor<Long, Long> processor) {
        this.setting = setting;
        this.candidate = candidate;
        this.processor = processor;
    }

    /** The backend only takes its time. */
    static RealRun ofModel(Setting setting, Candidate candidate) {
        Semaphore servers = new Semaphore(setting.served(), true);
        return new RealRun(setting, candidate, jobs -> {
            servers.acquire();
            try {
                pass(setting.cost().nanos(jobs.size(), ThreadLocalRandom.current()));
            } finally {
                servers.release();
            }
            return jobs;
        });
    }

    static RealRun ofCommand(Setting setting, Candidate candidate, ShellCommand command, Duration limit) {
        return new RealRun(setting, candidate, jobs -> {
            command.nanosFor(jobs.size(), limit);
            return jobs;
        });
    }

    /**
     * Runs until so many jobs were measured, after a fifth of them to warm up.
     *
     * @param limit ends it earlier, with what was measured so far
     * @throws IOException if a batch failed, or no job was measured within the limit
     */
    Outcome run(int jobs, Duration limit) throws IOException, InterruptedException {
        MicroBatcher<Long, Long> batcher = candidate
                .builder((List<Long> batch) -> {
                    calls.incrementAndGet();
                    carried.addAndGet(batch.size());
                    return processor.process(batch);
                })
                .build();
        Tally tally = new Tally(
                Math.max(1, jobs / WARM_UP),
                jobs,
                () -> new Tally.Reading(
                        System.nanoTime(),
                        calls.get(),
                        carried.get(),
                        batcher.stats().batches(DispatchReason.AGE),
                        0));
        List<Thread> threads = threads(batcher, tally);
        Outcome outcome;
        try {
            threads.forEach(Thread::start);
            done.await(limit.toNanos(), TimeUnit.NANOSECONDS);
            outcome = tally.outcome(candidate);
        } finally {
            threads.forEach(Thread::interrupt);
            batcher.shutdownNow();
            batcher.close();
        }
        Throwable failed = failure.get();
        if (failed != null) {
            throw new IOException("the check failed: " + failed.getMessage(), failed);
        }
        if (!(outcome.jobsPerSecond() > 0)) {
            throw new IOException("the check measured nothing in " + Figures.duration(limit) + "; give it more time");
        }
        return outcome;
    }

    private List<Thread> threads(MicroBatcher<Long, Long> batcher, Tally tally) {
        List<Thread> threads = new ArrayList<>();
        if (setting.workload() instanceof Workload.ClosedLoop closed) {
            for (int caller = 0; caller < closed.callers(); caller++) {
                Random random = new Random(setting.seed() + caller);
                threads.add(thread(() -> call(batcher, closed, tally, random)));
            }
        } else if (setting.workload() instanceof Workload.OpenLoop open) {
            threads.add(thread(() -> arrive(batcher, open, tally, new Random(setting.seed()))));
        }
        return threads;
    }

    private void call(MicroBatcher<Long, Long> batcher, Workload.ClosedLoop closed, Tally tally, Random random)
            throws InterruptedException {
        while (done.getCount() > 0) {
            long came = System.nanoTime();
            batcher.run(came);
            ended(tally, came);
            pass(closed.thinkNanos(random));
        }
    }

    private void arrive(MicroBatcher<Long, Long> batcher, Workload.OpenLoop open, Tally tally, Random random)
            throws InterruptedException {
        long comes = System.nanoTime();
        while (done.getCount() > 0) {
            comes += open.nextGapNanos(random);
            pass(comes - System.nanoTime());
            long due = comes;
            for (int i = 0; i < open.burst(); i++) {
                batcher.submit(due).whenComplete((result, failed) -> {
                    if (failed instanceof JobFailedException) {
                        failed(failed);
                    } else if (failed == null) {
                        ended(tally, due);
                    }
                });
            }
        }
    }

    private void ended(Tally tally, long cameNanos) {
        if (tally.add(System.nanoTime() - cameNanos)) {
            done.countDown();
        }
    }

    private void failed(Throwable why) {
        if (done.getCount() > 0) {
            Throwable cause = why.getCause();
            failure.compareAndSet(null, cause == null ? why : cause);
            done.countDown();
        }
    }

    private Thread thread(Activity activity) {
        Thread thread = new Thread(
                () -> {
                    try {
                        activity.run();
                    } catch (InterruptedException ended) {
                        return;
                    } catch (RuntimeException closedOrFailed) {
                        failed(closedOrFailed);
                    }
                },
                "tune-caller");
        thread.setDaemon(true);
        return thread;
    }

    /** What a thread of the workload does. */
    @FunctionalInterface
    private interface Activity {
        void run() throws InterruptedException;
    }

    private static void pass(long nanos) throws InterruptedException {
        long end = System.nanoTime() + nanos;
        for (long left = nanos; left > 0; left = end - System.nanoTime()) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (left > SPIN_NANOS) {
                LockSupport.parkNanos(left - SPIN_NANOS);
            } else {
                Thread.onSpinWait();
            }
        }
    }
}
