package io.microbatcher.benchmarks.soak;

import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/** What goes wrong on purpose, by chance, and how often it has. */
final class Faults {
    private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();
    private final Random random;

    Faults(long seed) {
        this.random = new Random(seed);
    }

    /** The part of batches that fail in one way. Whatever the seed, threads make each run another. */
    private boolean strikes(String what, double chance) {
        boolean strikes = random.nextDouble() < chance;
        if (strikes) {
            count(what);
        }
        return strikes;
    }

    void count(String what) {
        counts.computeIfAbsent(what, none -> new LongAdder()).increment();
    }

    Map<String, Long> counts() {
        Map<String, Long> snapshot = new TreeMap<>();
        counts.forEach((what, count) -> snapshot.put(what, count.sum()));
        return snapshot;
    }

    void beforeWriting() throws NotWrittenException {
        if (strikes("the processor threw an exception", 0.01)) {
            throw new NotWrittenException("injected before the batch was written");
        }
        if (strikes("the processor threw an error", 0.005)) {
            throw new InjectedError();
        }
        if (strikes("a batch was slow", 0.01)) {
            LockSupport.parkNanos(random.nextInt(10, 100) * 1_000_000L);
        }
    }

    /** Takes about as long as a batch may, or for ever; an interrupt ends both, and then nothing is written. */
    void hangs(Duration limit) throws NotWrittenException {
        double times = strikes("a batch hung", 0.01)
                ? 1_000
                : strikes("a batch was late", 0.02) ? 0.9 + 0.2 * random.nextDouble() : 0;
        if (times > 0) {
            try {
                new CountDownLatch(1).await((long) (times * limit.toNanos()), TimeUnit.NANOSECONDS);
            } catch (InterruptedException stopped) {
                throw new NotWrittenException("interrupted before the batch was written");
            }
        }
    }

    void afterWriting() throws UnknownOutcomeException {
        if (strikes("the processor threw after its commit", 0.005)) {
            throw new UnknownOutcomeException("injected after the batch was written");
        }
    }

    /** Refuses now and then. */
    Executor moody(Executor executor) {
        return task -> {
            if (strikes("the executor refused", 0.01)) {
                throw new RejectedExecutionException("injected by the executor");
            }
            executor.execute(task);
        };
    }

    /** For callbacks and listeners; nobody must notice. */
    void inCallback() {
        if (strikes("a callback threw", 0.01)) {
            throw new IllegalStateException("injected in a callback");
        }
    }

    boolean callerGivesUp() {
        return strikes("a caller gave up", 0.02);
    }
}
