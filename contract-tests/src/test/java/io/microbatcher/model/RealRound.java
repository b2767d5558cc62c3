package io.microbatcher.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.microbatcher.BatcherStats;
import io.microbatcher.DispatchPolicy;
import io.microbatcher.JobOutcome;
import io.microbatcher.MicroBatcher;
import io.microbatcher.OverflowPolicy;
import io.microbatcher.model.RealProducer.Ticket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** One batcher, some producers, and a close at a random moment, on real threads. */
final class RealRound {
    static final Duration LIMIT = Duration.ofSeconds(30);

    final SplittableRandom random;
    final Turbulence turbulence;
    final RealProcessor processor;
    final RealWatcher watcher;
    final MicroBatcher<Ticket, Object> batcher;
    final Queue<Ticket> tickets = new ConcurrentLinkedQueue<>();
    final Queue<Throwable> found = new ConcurrentLinkedQueue<>();
    final int batchSize;
    final int slots;

    private final boolean abrupt;
    private final @Nullable ExecutorService pool;
    private final Queue<Ticket> neverProcessed = new ConcurrentLinkedQueue<>();

    RealRound(long seed) {
        random = new SplittableRandom(seed);
        turbulence = new Turbulence(seed);
        batchSize = 1 + random.nextInt(12);
        slots = 1 + random.nextInt(4);
        abrupt = random.nextInt(3) == 0;
        processor = new RealProcessor(this, abrupt && random.nextBoolean());
        watcher = new RealWatcher(this);
        pool = random.nextBoolean() ? Executors.newFixedThreadPool(1 + random.nextInt(4), this::daemon) : null;
        MicroBatcher.Builder<Ticket, Object> builder = MicroBatcher.<Ticket, Object>builder(processor.form())
                .name("round-" + seed)
                .batchSize(batchSize)
                .batchCycle(Duration.ofNanos(random.nextInt(3) * random.nextLong(1_000_000)))
                .maxConcurrentBatches(slots)
                .maxPending(random.nextBoolean() ? 100_000 : 1 + random.nextInt(30))
                .overflow(random.nextInt(3) == 0 ? OverflowPolicy.REJECT : OverflowPolicy.BLOCK)
                .dispatchPolicy(random.nextInt(4) == 0 ? DispatchPolicy.natural() : DispatchPolicy.sizeOrAge())
                .listener(watcher);
        if (random.nextInt(3) == 0) {
            builder.maxBatchWeight(1 + random.nextInt(20), ticket -> {
                turbulence.perturb();
                return ticket.serial() % 4;
            });
        }
        if (random.nextInt(4) == 0) {
            builder.jobTimeout(Duration.ofNanos(1 + random.nextInt(3_000_000)));
        }
        if (pool != null) {
            builder.executor(surprising(pool));
        } else if (random.nextInt(4) == 0) {
            builder.executor(surprising(Runnable::run));
        }
        batcher = builder.build();
    }

    /** An executor that takes its time, and sometimes refuses. */
    private Executor surprising(Executor executor) {
        boolean refuses = random.nextInt(4) == 0;
        return task -> {
            turbulence.perturb();
            if (refuses && turbulence.oneIn(10)) {
                throw new RejectedExecutionException("no room today");
            }
            executor.execute(task);
        };
    }

    private Thread daemon(Runnable task) {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        return thread;
    }

    void run() throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        int producers = 1 + random.nextInt(4);
        for (int i = 0; i < producers; i++) {
            threads.add(daemon(guarded(new RealProducer(this, i, 10 + random.nextInt(60), random.split()))));
        }
        long delay = random.nextLong(4_000_000);
        if (abrupt || random.nextInt(3) == 0) {
            threads.add(daemon(guarded(() -> {
                turbulence.delay(delay);
                close();
            })));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join(LIMIT.toMillis());
            if (thread.isAlive()) {
                AssertionError stuck = new AssertionError("R1.1, R4.4: stuck: " + batcher.stats());
                stuck.setStackTrace(thread.getStackTrace());
                throw stuck;
            }
        }
        close();
        batcher.close();
        check();
        if (pool != null) {
            pool.shutdown();
            assertThat(pool.awaitTermination(LIMIT.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
        }
    }

    private void close() {
        if (abrupt) {
            neverProcessed.addAll(batcher.shutdownNow());
        } else {
            batcher.close();
        }
    }

    private Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (Throwable wrong) {
                found.add(wrong);
            }
        };
    }

    private static void await(Callable<Boolean> condition) {
        Awaitility.await()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .atMost(LIMIT)
                .until(condition);
    }

    private void check() {
        assertThat(batcher.stats().pending()).as("R4.1: pending after close").isZero();
        await(() -> tickets.stream().allMatch(Ticket::isTold));
        await(() -> batcher.stats().inFlightBatches() == 0); // one whose jobs were all taken back may last longer
        await(watcher::isQuiet);
        assertThat(found).as("found on the way").isEmpty();

        BatcherStats stats = batcher.stats();
        assertThat(stats.blocked()).isZero();
        assertThat(stats.accepted()).isEqualTo(watcher.accepted());
        assertThat(stats.rejected()).isEqualTo(watcher.rejected());
        for (JobOutcome outcome : JobOutcome.values()) {
            assertThat(stats.jobs(outcome)).as("%s", outcome).isEqualTo(watcher.ended(outcome));
        }
        tickets.forEach(Ticket::check);
        assertThat(tickets.stream().filter(ticket -> ticket.outcome() == JobOutcome.ABANDONED))
                .as("R4.3: what shutdownNow returned")
                .containsExactlyInAnyOrderElementsOf(neverProcessed);
        assertThat(neverProcessed).as("R4.3").noneMatch(Ticket::wasProcessed);
    }
}
