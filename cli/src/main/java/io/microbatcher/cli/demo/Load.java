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
import java.util.function.DoubleConsumer;

/**
 * Callers that each write one row, wait until it is written, and write the next, for a given time. The first fifth
 * warms up and is not in the figures; its rows are in the file like all others.
 */
final class Load {
    private final int callers;
    private final long durationNanos;

    Load(int callers, Duration duration) {
        this.callers = callers;
        this.durationNanos = duration.toNanos();
    }

    /** One way to write a row. Returns the row's id. */
    @FunctionalInterface
    interface Write {
        long write(Entry entry) throws Exception;
    }

    /**
     * Runs the callers and waits for them.
     *
     * @param progress told the seconds since the start, ten times a second
     * @throws ExecutionException around what the first failing call threw
     */
    Outcome run(int run, Write write, DoubleConsumer progress) throws InterruptedException, ExecutionException {
        long startNanos = System.nanoTime();
        long warmNanos = startNanos + durationNanos / 5;
        long endNanos = startNanos + durationNanos;
        ExecutorService threads = Executors.newFixedThreadPool(callers);
        try {
            List<Future<Tally>> running = new ArrayList<>();
            for (int caller = 0; caller < callers; caller++) {
                int number = caller;
                running.add(threads.submit(() -> call(run, number, write, warmNanos, endNanos)));
            }
            List<Tally> tallies = new ArrayList<>();
            for (Future<Tally> one : running) {
                tallies.add(await(one, startNanos, progress));
            }
            return new Outcome(tallies, (endNanos - warmNanos) / 1e9);
        } finally {
            threads.shutdownNow();
        }
    }

    private static Tally call(int run, int caller, Write write, long warmNanos, long endNanos) throws Exception {
        Tally tally = new Tally();
        long before = System.nanoTime();
        for (int number = 0; before - endNanos < 0 && !Thread.currentThread().isInterrupted(); number++) {
            long id = write.write(new Entry(run, caller, number));
            long after = System.nanoTime();
            tally.add(id);
            if (after - warmNanos > 0 && after - endNanos <= 0) {
                tally.addLatency(after - before);
            }
            before = after;
        }
        return tally;
    }

    private static Tally await(Future<Tally> one, long startNanos, DoubleConsumer progress)
            throws InterruptedException, ExecutionException {
        while (true) {
            try {
                return one.get(100, TimeUnit.MILLISECONDS);
            } catch (TimeoutException stillRunning) {
                progress.accept((System.nanoTime() - startNanos) / 1e9);
            }
        }
    }

    /** What one caller saw. Used by its thread, then by the one that waited for it. */
    private static final class Tally {
        private long[] ids = new long[1_024];
        private int calls;
        private long[] latencyNanos = new long[1_024];
        private int latencies;

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

    /** What all callers of one run saw. */
    static final class Outcome {
        private final List<Tally> tallies;
        private final double measuredSeconds;
        private final long[] latencyNanos;

        private Outcome(List<Tally> tallies, double measuredSeconds) {
            this.tallies = tallies;
            this.measuredSeconds = measuredSeconds;
            this.latencyNanos = tallies.stream()
                    .flatMapToLong(tally -> Arrays.stream(tally.latencyNanos, 0, tally.latencies))
                    .sorted()
                    .toArray();
        }

        /** Counts the calls that returned, those of the warm-up included. */
        long calls() {
            return tallies.stream().mapToLong(tally -> tally.calls).sum();
        }

        /** Tells which id the call was answered with, 0 if there was no answer. */
        long idOf(int caller, int number) {
            Tally tally = tallies.get(caller);
            return number < tally.calls ? tally.ids[number] : 0;
        }

        double callsPerSecond() {
            return latencyNanos.length / measuredSeconds;
        }

        /** Tells the latency that a part of the measured calls stayed within, in nanoseconds; 0 if none was measured. */
        long latencyNanos(double part) {
            int calls = latencyNanos.length;
            return calls == 0 ? 0 : latencyNanos[Math.max(0, (int) Math.ceil(calls * part) - 1)];
        }
    }
}
