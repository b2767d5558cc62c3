package io.microbatcher.cli.tune;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which configurations are tried: every rule with every size, with one slot and with as many as the backend serves. */
final class Candidates {
    private static final List<Integer> SIZES = List.of(2, 5, 10, 20, 50, 100, 200, 500);
    private static final int SIZE_OF_THE_DEFAULT = 100;
    static final Duration CYCLE_OF_THE_DEFAULT = Duration.ofMillis(5);

    /** A target is the 99th percentile: one with some room meets it more surely. */
    private static final double ROOM = 0.8;

    private Candidates() {}

    static List<Candidate> of(
            Setting setting, List<Integer> sizes, List<Duration> cycles, @Nullable Duration latencyTarget) {
        List<Candidate> all = new ArrayList<>();
        all.add(Candidate.withoutBatching(setting.served()));
        for (int size : sizes.isEmpty() ? sizes(setting.workload()) : new TreeSet<>(sizes)) {
            for (int slots : new TreeSet<>(List.of(1, setting.served()))) {
                if (size > 1) {
                    rules(all, size, slots, cycles.isEmpty() ? cycles(setting.cost()) : cycles, latencyTarget);
                }
            }
        }
        return all;
    }

    private static void rules(
            List<Candidate> all, int size, int slots, Iterable<Duration> cycles, @Nullable Duration latencyTarget) {
        all.add(new Candidate(Rule.ADAPTIVE, Duration.ZERO, size, slots));
        all.add(new Candidate(Rule.NATURAL, Duration.ZERO, size, slots));
        cycles.forEach(cycle -> all.add(new Candidate(Rule.SIZE_OR_AGE, cycle, size, slots)));
        if (latencyTarget != null) {
            Duration withRoom = Duration.ofNanos((long) (latencyTarget.toNanos() * ROOM));
            Stream.of(latencyTarget, withRoom)
                    .filter(target -> !target.isZero())
                    .forEach(target -> all.add(new Candidate(Rule.LATENCY_TARGET, target, size, slots)));
        }
    }

    /** With callers that block also their number and half of it, and little beyond what they can fill. */
    private static SortedSet<Integer> sizes(Workload workload) {
        SortedSet<Integer> sizes = new TreeSet<>(SIZES);
        if (workload instanceof Workload.ClosedLoop closed) {
            sizes.removeIf(size -> size > Math.max(SIZE_OF_THE_DEFAULT, 2 * closed.callers()));
            sizes.add(closed.callers());
            sizes.add((closed.callers() + 1) / 2);
        }
        return sizes;
    }

    /** Round numbers around the cost of a batch, and the library's default. */
    private static SortedSet<Duration> cycles(CostModel cost) {
        SortedSet<Duration> cycles = new TreeSet<>(List.of(CYCLE_OF_THE_DEFAULT));
        for (double part : new double[] {0.25, 1, 4}) {
            cycles.add(Duration.ofNanos(round(cost.meanNanos(1) * part)));
        }
        return cycles;
    }

    /** To the nearest of 1, 2, 5, 10, 20, ... */
    private static long round(double nanos) {
        double power = Math.pow(10, Math.floor(Math.log10(Math.max(1, nanos))));
        double digit = nanos / power;
        return (long) (power * (digit < 1.5 ? 1 : digit < 3.5 ? 2 : digit < 7.5 ? 5 : 10));
    }
}
