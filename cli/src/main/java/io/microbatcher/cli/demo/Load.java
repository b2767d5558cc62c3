package io.microbatcher.cli.demo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;

/**
 * Callers that each write one row, wait until it is written, and write the next, round after round.
 *
 * <p><b>Thread safety.</b> None; one thread runs the rounds and reads what they gave.
 */
final class Load {
    private final int run;
    private final Write write;
    private final List<Tally> tallies;
    private final List<Double> callsPerSecond = new ArrayList<>();

    /** Set by the first caller that fails: what the others would still measure is of no use. */
    private volatile boolean failed;

    Load(int run, int callers, Write write) {
        this.run = run;
        this.write = write;
        this.tallies = IntStream.range(0, callers).mapToObj(Tally::new).toList();
    }

    /** One way to write a row. Returns the row's id. */
    @FunctionalInterface
    interface Write {
        long write(Entry entry) throws Exception;
    }

    /**
     * Runs the callers for a time and waits for them.
     *
     * @param measured whether the round is in the figures; its rows are in the file in any case
     * @param progress run ten times a second
     * @throws ExecutionException around what a failing call threw
     */
    void round(Duration duration, boolean measured, Runnable progress) throws InterruptedException, ExecutionException {
        long endNanos = System.nanoTime() + duration.toNanos();
        ExecutorService threads = Executors.newFixedThreadPool(tallies.size());
        try {
            List<Future<Integer>> running = new ArrayList<>();
            for (Tally tally : tallies) {
                running.add(threads.submit(() -> call(tally, measured, endNanos)));
            }
            int calls = 0;
            for (Future<Integer> caller : running) {
                calls += await(caller, progress);
            }
            if (measured) {
                callsPerSecond.add(calls / (duration.toNanos() / 1e9));
            }
        } finally {
            threads.shutdownNow(); // on the way out after an interrupt: their calls are taken back
        }
    }

    /** Calls once or more. Returns how many calls ended in time: the last one does not; its row is written all the same. */
    private int call(Tally tally, boolean measured, long endNanos) throws Exception {
        int inTime = 0;
        try {
            long before = System.nanoTime();
            do {
                tally.add(write.write(new Entry(run, tally.caller, tally.calls)));
                long after = System.nanoTime();
                if (after - endNanos <= 0) {
                    inTime++;
                    if (measured) {
                        tally.addLatency(after - before);
                    }
                }
                before = after;
            } while (before - endNanos < 0 && !failed && !Thread.currentThread().isInterrupted());
            return inTime;
        } catch (Throwable e) {
            failed = true;
            throw e;
        }
    }

    private static int await(Future<Integer> caller, Runnable progress)
            throws InterruptedException, ExecutionException {
        while (true) {
            try {
                return caller.get(100, TimeUnit.MILLISECONDS);
            } catch (TimeoutException stillRunning) {
                progress.run();
            }
        }
    }

    /** Counts the calls that returned, in rounds that were measured and others. */
    long calls() {
        return tallies.stream().mapToLong(tally -> tally.calls).sum();
    }

    /** Tells which id a call was answered with, 0 if there was no answer. */
    long idOf(int caller, int number) {
        Tally tally = tallies.get(caller);
        return number < tally.calls ? tally.ids[number] : 0;
    }

    /** Tells the calls in a second of each measured round. */
    List<Double> callsPerSecond() {
        return callsPerSecond;
    }

    /** Sorts the latencies of all measured calls, in nanoseconds. */
    long[] sortedLatencyNanos() {
        return tallies.stream()
                .flatMapToLong(tally -> Arrays.stream(tally.latencyNanos, 0, tally.latencies))
                .sorted()
                .toArray();
    }

    /** What one caller saw. Used by the caller's thread while a round runs, between rounds by the one that waited. */
    private static final class Tally {
        private final int caller;
        private long[] ids = new long[1_024];
        private int calls;
        private long[] latencyNanos = new long[1_024];
        private int latencies;

        private Tally(int caller) {
            this.caller = caller;
        }

        void add(long id) {
            if (calls == ids.length) {
                ids = Arrays.copyOf(ids, calls * 2);
            }
            ids[calls++] = id;
        }

        void addLatency(long nanos) {
            if (latencies == latencyNanos.length) {
                latencyNanos = Arrays.copyOf(latencyNanos, latencies * 2);
            }
            latencyNanos[latencies++] = nanos;
        }
    }
}
