package io.microbatcher.cli.tune;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What all candidates did on one setting.
 *
 * @param setting what they were tried on
 * @param outcomes one for each, in the order of the candidates
 */
record Trials(Setting setting, List<Outcome> outcomes) {
    /** From here on a batch that waited its whole cycle is the rule. */
    private static final double MOSTLY = 0.5;

    /** What is not so much slower than the fastest is no trap. */
    private static final double SLOWER = 1.2;

    static Trials run(Setting setting, List<Candidate> candidates) {
        return new Trials(
                setting,
                candidates.parallelStream()
                        .map(candidate -> new Simulation(setting, candidate).run())
                        .toList());
    }

    /** Those with figures that mean something, the fastest first. */
    List<Outcome> thatKeepUp() {
        return outcomes.stream()
                .filter(Outcome::keepsUp)
                .sorted(Comparator.comparingDouble(Outcome::meanNanos))
                .toList();
    }

    Optional<Outcome> fastest(Rule rule) {
        return thatKeepUp().stream()
                .filter(outcome ->
                        outcome.candidate().batches() && outcome.candidate().rule() == rule)
                .findFirst();
    }

    Optional<Outcome> withoutBatching() {
        return outcomes.stream()
                .filter(outcome -> outcome.keepsUp() && !outcome.candidate().batches())
                .findFirst();
    }

    /**
     * The classic mistake, if this workload can make it: a size that the callers cannot fill, so that they wait for
     * nobody. The smallest such size, with the library's default cycle if that is a trap too, else the longest.
     */
    Optional<Outcome> trap() {
        List<Outcome> fastestFirst = thatKeepUp();
        if (fastestFirst.isEmpty() || !(setting.workload() instanceof Workload.ClosedLoop closed)) {
            return Optional.empty();
        }
        double slow = fastestFirst.get(0).meanNanos() * SLOWER;
        return fastestFirst.stream()
                .filter(outcome -> outcome.candidate().rule() == Rule.SIZE_OR_AGE
                        && outcome.candidate().batchSize() > closed.callers()
                        && outcome.agedPart() > MOSTLY
                        && outcome.meanNanos() > slow)
                .min(Comparator.comparingInt(
                                (Outcome outcome) -> outcome.candidate().batchSize())
                        .thenComparing(outcome -> !outcome.candidate().limit().equals(Candidates.CYCLE_OF_THE_DEFAULT))
                        .thenComparing(outcome -> outcome.candidate().limit(), Comparator.reverseOrder()));
    }

    /**
     * Those that no other beats in everything: mean, 99th percentile and calls for each job. What differs by less than a
     * few per cent counts as the same, and the first stays; the more of them, the more counts as the same.
     *
     * @param first stays in any case, and those that are as good go
     * @param most how many at most
     */
    List<Outcome> worthALook(Optional<Outcome> first, int most) {
        return IntStream.range(1, 100)
                .mapToObj(percent -> unbeaten(first, 1 + percent / 100.0))
                .filter(few -> few.size() <= most)
                .findFirst()
                .orElseGet(() -> thatKeepUp().stream().limit(most).toList());
    }

    private List<Outcome> unbeaten(Optional<Outcome> first, double same) {
        List<Outcome> kept = new ArrayList<>(first.stream().toList());
        for (Outcome next : thatKeepUp()) {
            if (next.candidate().batches() && kept.stream().noneMatch(one -> isAsGood(one, next, same))) {
                kept.add(next);
            }
        }
        return kept;
    }

    private static boolean isAsGood(Outcome one, Outcome other, double same) {
        return one.meanNanos() <= other.meanNanos() * same
                && one.p99Nanos() <= other.p99Nanos() * same
                && one.callsPerJob() <= other.callsPerJob() * same;
    }
}
