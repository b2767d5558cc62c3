package io.microbatcher.cli.tune;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Runs a command with batches of a few sizes, in turns, within a time. */
final class Measurement {
    private static final int MOST_ROUNDS = 30;

    private final ShellCommand command;
    private final Duration limit;

    Measurement(ShellCommand command, Duration limit) {
        this.command = command;
        this.limit = limit;
    }

    /**
     * Measures sizes from 1 to the largest. The first round only warms up, unless there is no time for another.
     *
     * @throws IOException if the command fails, or the time is not enough to run each size once
     */
    Fit run(int largest) throws IOException, InterruptedException {
        long endNanos = System.nanoTime() + limit.toNanos();
        List<Fit.Runs> sizes = sizes(largest);
        long round = runEach(sizes, endNanos);
        if (System.nanoTime() + round < endNanos) {
            sizes.forEach(runs -> runs.nanos().clear());
            for (int i = 0; i < MOST_ROUNDS && (i == 0 || System.nanoTime() + round < endNanos); i++) {
                round = runEach(sizes, endNanos + limit.toNanos()); // it has kept to the time so far
            }
        }
        return Fit.of(sizes);
    }

    private long runEach(List<Fit.Runs> sizes, long endNanos) throws IOException, InterruptedException {
        long started = System.nanoTime();
        for (Fit.Runs runs : sizes) {
            Duration left = Duration.ofNanos(Math.max(1, endNanos - System.nanoTime()));
            runs.nanos().add(command.nanosFor(runs.jobs(), left));
        }
        return System.nanoTime() - started;
    }

    /** One job, the largest, and two between. */
    private static List<Fit.Runs> sizes(int largest) {
        return IntStream.of(1, Math.max(2, largest / 10), Math.max(2, largest / 2), Math.max(2, largest))
                .distinct()
                .mapToObj(jobs -> new Fit.Runs(jobs, new ArrayList<>()))
                .toList();
    }
}
