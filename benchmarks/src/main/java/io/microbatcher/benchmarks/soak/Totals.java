package io.microbatcher.benchmarks.soak;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** Counts over all rounds. */
final class Totals {
    final Latencies latencies = new Latencies();
    private final AtomicLong ids = new AtomicLong();
    private final LongAdder batches = new LongAdder();
    private final LongAdder rounds = new LongAdder();
    private final LongAdder sum = new LongAdder();
    private final LongAdder acknowledgedSum = new LongAdder();
    private final LongAdder recoveredSum = new LongAdder();
    private final Map<String, LongAdder> outcomes = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> endings = new ConcurrentHashMap<>();

    long nextId() {
        return ids.incrementAndGet();
    }

    long jobs() {
        return ids.get();
    }

    /** A way in which jobs ended other than with their result. */
    void ending(String how) {
        endings.computeIfAbsent(how, none -> new LongAdder()).increment();
    }

    void batches(long more) {
        batches.add(more);
    }

    void count(Entry.Outcome outcome, boolean isThere) {
        String what = switch (outcome) {
            case ACKNOWLEDGED -> "acknowledged";
            case NOT_WRITTEN -> "failed, not written";
            case UNKNOWN -> isThere ? "unknown to the caller, written" : "unknown to the caller, not written";
        };
        outcomes.computeIfAbsent(what, none -> new LongAdder()).increment();
    }

    void sums(long inTheDatabase, long acknowledged, long recovered) {
        sum.add(inTheDatabase);
        acknowledgedSum.add(acknowledged);
        recoveredSum.add(recovered);
        rounds.increment();
    }

    long rounds() {
        return rounds.sum();
    }

    long batches() {
        return batches.sum();
    }

    long sum() {
        return sum.sum();
    }

    long acknowledgedSum() {
        return acknowledgedSum.sum();
    }

    long recoveredSum() {
        return recoveredSum.sum();
    }

    Map<String, Long> outcomes() {
        return snapshot(outcomes);
    }

    Map<String, Long> endings() {
        return snapshot(endings);
    }

    private static Map<String, Long> snapshot(Map<String, LongAdder> counts) {
        Map<String, Long> snapshot = new TreeMap<>();
        counts.forEach((what, count) -> snapshot.put(what, count.sum()));
        return snapshot;
    }
}
