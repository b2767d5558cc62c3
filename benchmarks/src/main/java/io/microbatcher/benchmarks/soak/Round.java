package io.microbatcher.benchmarks.soak;

import io.microbatcher.BatcherClosedException;
import io.microbatcher.BatcherFullException;
import io.microbatcher.BatcherStats;
import io.microbatcher.JobFailedException;
import io.microbatcher.MicroBatcher;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Some seconds of one scenario, with every job that it submits: what is checked together. */
final class Round {
    final long number;
    final Scenario scenario;
    final Faults faults;
    final ExecutorService threads;
    private final Ledger ledger;
    private final Totals totals;
    private final long endNanos;
    private final Random seeds;
    private final Map<Long, Entry> entries = new ConcurrentHashMap<>();
    private final Map<Integer, AtomicInteger> sequences = new ConcurrentHashMap<>();
    private final Queue<MicroBatcher<?, ?>> batchers = new ConcurrentLinkedQueue<>();
    private final LongAdder others = new LongAdder();
    private final Queue<String> violations = new ConcurrentLinkedQueue<>();

    Round(long number, Scenario scenario, Plant plant, long endNanos) {
        this.number = number;
        this.scenario = scenario;
        this.faults = plant.faults();
        this.threads = plant.threads();
        this.ledger = plant.ledger();
        this.totals = plant.totals();
        this.endNanos = endNanos;
        this.seeds = new Random(plant.seed() * 31 + number);
    }

    // ---------------------------------------------------------------- what a scenario needs

    boolean goesOn() {
        return System.nanoTime() - endNanos < 0;
    }

    /** For one thread. */
    synchronized Random random() {
        return new Random(seeds.nextLong());
    }

    /** A new job. Jobs of one key are numbered in the order of these calls: one thread for each key that is ordered. */
    Entry entry(int key, Random random) {
        long amount = random.nextInt(1, 1_000);
        return entry(key, amount);
    }

    /** A new job that the database refuses. */
    Entry poison(int key) {
        return entry(key, -1);
    }

    private Entry entry(int key, long amount) {
        int sequence =
                sequences.computeIfAbsent(key, none -> new AtomicInteger()).incrementAndGet();
        Entry entry = new Entry(totals.nextId(), key, sequence, amount);
        entries.put(entry.id, entry);
        return entry;
    }

    /** Somebody asks for a row that was asked for already. */
    void another() {
        others.increment();
    }

    /** Has the batcher's statistics checked at the end of the round. */
    <R extends @Nullable Object> MicroBatcher<Entry, R> watched(MicroBatcher.Builder<Entry, R> builder) {
        MicroBatcher<Entry, R> batcher =
                builder.name(scenario.name() + " " + number).build();
        batchers.add(batcher);
        return batcher;
    }

    /** As {@link #watched(MicroBatcher.Builder)}, for a batcher whose jobs are made of entries. */
    <J, R extends @Nullable Object> MicroBatcher<J, R> watch(MicroBatcher<J, R> batcher) {
        batchers.add(batcher);
        return batcher;
    }

    /** What most processors do: writes the rows, unless a fault strikes, and answers with the amounts. */
    List<Long> write(List<Entry> batch) throws NotWrittenException, UnknownOutcomeException {
        faults.beforeWriting();
        ledger.write(number, batch);
        faults.afterWriting();
        return batch.stream().map(entry -> entry.amount).toList();
    }

    /** Submits by way of a future, and sees its end. */
    CompletableFuture<Long> submit(MicroBatcher<Entry, Long> batcher, Entry entry) {
        CompletableFuture<Long> future = batcher.submit(entry);
        observe(entry, future);
        return future;
    }

    /** Sees the end of a future, on which others may depend as they like. */
    void observe(Entry entry, CompletableFuture<Long> future) {
        future.whenComplete((amount, failure) -> answered(entry, amount, failure));
    }

    /** Calls, and takes what is returned or thrown for the answer. */
    void call(Entry entry, Callable<Long> call) {
        Long amount;
        try {
            amount = call.call();
        } catch (Exception failed) {
            answered(entry, null, failed);
            return;
        }
        answered(entry, amount, null);
    }

    /** An answer has come. */
    void answered(Entry entry, @Nullable Long amount, @Nullable Throwable failure) {
        Entry.Outcome outcome;
        if (failure == null) {
            check(amount != null && amount == entry.amount, () -> entry + " was answered with " + amount);
            outcome = Entry.Outcome.ACKNOWLEDGED;
        } else {
            outcome = outcome(entry, failure);
        }
        totals.latencies.add(System.nanoTime() - entry.bornNanos);
        int answers = entry.answer(outcome);
        check(answers == 1, () -> entry + " was answered " + answers + " times");
    }

    void check(boolean holds, java.util.function.Supplier<String> complaint) {
        if (!holds) {
            violations.add(complaint.get());
        }
    }

    /** Runs parts of the scenario at the same time, and waits for all of them. */
    void together(int count, Part part) throws Exception {
        List<Future<?>> parts = new java.util.ArrayList<>();
        for (int i = 0; i < count; i++) {
            int index = i;
            parts.add(threads.submit(() -> {
                part.run(index, random());
                return null;
            }));
        }
        for (Future<?> each : parts) {
            each.get();
        }
    }

    /** What one thread of a scenario does. */
    interface Part {
        void run(int index, Random random) throws Exception;
    }

    /** What keeps the load below what a small machine bears: up to so many microseconds. */
    static void pause(Random random, int upToMicros) {
        LockSupport.parkNanos(random.nextInt(upToMicros) * 1_000L);
    }

    // ---------------------------------------------------------------- what became of it

    private Entry.Outcome outcome(Entry entry, Throwable thrown) {
        Throwable failure =
                thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        if (failure instanceof BatcherFullException || failure instanceof BatcherClosedException) {
            totals.ending(failure.getClass().getSimpleName());
            return Entry.Outcome.NOT_WRITTEN;
        }
        if (failure instanceof CancellationException || failure instanceof TimeoutException) {
            totals.ending(failure.getClass().getSimpleName());
            return Entry.Outcome.UNKNOWN;
        }
        Throwable cause = failure instanceof JobFailedException ? failure.getCause() : null;
        cause = cause instanceof CompletionException && cause.getCause() != null ? cause.getCause() : cause;
        if (cause == null) {
            violations.add(entry + " ended with " + failure);
            return Entry.Outcome.UNKNOWN;
        }
        totals.ending("JobFailedException: " + cause.getClass().getSimpleName());
        if (cause instanceof NotWrittenException
                || cause instanceof InjectedError
                || cause instanceof RejectedExecutionException) {
            return Entry.Outcome.NOT_WRITTEN;
        }
        check(
                cause instanceof UnknownOutcomeException || cause instanceof TimeoutException,
                () -> entry + " failed with " + failure.getCause());
        return Entry.Outcome.UNKNOWN;
    }

    Map<Long, Entry> entries() {
        return entries;
    }

    Queue<String> violations() {
        return violations;
    }

    /** What is still to come: answers, and batches in flight whose jobs have all ended already. */
    boolean isOver() {
        return batchers.stream().map(MicroBatcher::stats).allMatch(stats -> stats.inFlightBatches() == 0)
                && entries.values().stream().allMatch(entry -> entry.answers() > 0);
    }

    void checkStatistics() {
        long accepted = 0;
        long rejected = 0;
        for (MicroBatcher<?, ?> batcher : batchers) {
            BatcherStats stats = batcher.stats();
            check(stats.pending() == 0, () -> batcher + " has pending jobs after its end: " + stats);
            check(stats.blocked() == 0, () -> batcher + " has blocked callers after its end: " + stats);
            check(scenario.isLate() || stats.unmatched() == 0, () -> batcher + " had answers for nobody: " + stats);
            accepted += stats.accepted();
            rejected += stats.rejected();
            totals.batches(stats.batches());
        }
        long seen = accepted + rejected;
        check(
                seen == entries.size() + others.sum(),
                () -> "the batchers have seen " + seen + " jobs, but " + entries.size() + " were submitted");
    }
}
