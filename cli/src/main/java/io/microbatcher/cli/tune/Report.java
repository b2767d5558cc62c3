package io.microbatcher.cli.tune;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What there is to tell, however it is written.
 *
 * @param trials what was tried
 * @param fit how the cost was measured; empty where it was given
 * @param advice what to take; empty if nothing keeps up
 * @param rows the few to look at, the fastest first: those that no other beats, what is recommended, the adaptive policy,
 *     no batching and the trap
 */
record Report(Trials trials, Optional<Fit> fit, Optional<Advice> advice, List<Outcome> rows) {
    private static final int MOST_ROWS = 8;

    static Report of(Trials trials, Optional<Fit> fit, @Nullable Duration latencyTarget) {
        Optional<Advice> advice = Advice.of(trials, latencyTarget);
        List<Outcome> rows = Stream.of(
                        trials.worthALook(advice.map(Advice::chosen), MOST_ROWS).stream(),
                        trials.fastest(Rule.ADAPTIVE).stream(),
                        trials.withoutBatching().stream(),
                        trials.trap().stream())
                .flatMap(some -> some)
                .distinct()
                .sorted(Comparator.comparingDouble(Outcome::meanNanos))
                .toList();
        return new Report(trials, fit, advice, rows);
    }

    boolean isRecommended(Outcome outcome) {
        return advice.isPresent() && advice.get().chosen().equals(outcome);
    }

    boolean isTrap(Outcome outcome) {
        return trials.trap().filter(outcome::equals).isPresent();
    }

    /** Where an outcome is in the rows, from 1 on; 0 if it is not among them. */
    int numberOf(Outcome outcome) {
        return rows.indexOf(outcome) + 1;
    }

    long overloaded() {
        return trials.outcomes().stream().filter(outcome -> !outcome.keepsUp()).count();
    }

    /** Why nothing is recommended. */
    String overload() {
        Setting setting = trials.setting();
        Candidate most = trials.outcomes().stream()
                .map(Outcome::candidate)
                .max(Comparator.comparingDouble(this::capacity))
                .orElseThrow();
        double limit = setting.served() * 1e9 / setting.cost().perJobNanos();
        String whatever = Double.isInfinite(limit) ? "" : ", and no size makes it more than " + Figures.count(limit);
        String near = setting.workload() instanceof Workload.OpenLoop open && open.perSecond() < capacity(most)
                ? ", too little more than what comes"
                : "";
        return "Overload: no configuration keeps up with " + setting.workload() + ". Full batches of "
                + most.batchSize() + " make " + Figures.count(capacity(most)) + " jobs/s at most" + near + whatever
                + ". Let batches be larger (--sizes) or more at a time (--served), or make the backend faster.";
    }

    private double capacity(Candidate candidate) {
        Setting setting = trials.setting();
        return setting.cost().jobsPerSecond(candidate.batchSize(), Math.min(candidate.slots(), setting.served()));
    }
}
