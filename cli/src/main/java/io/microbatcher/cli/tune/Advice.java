package io.microbatcher.cli.tune;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which configuration to take, and why.
 *
 * <p>Without a target: no batching if that is as fast and calls no more often; the adaptive policy if it is nearly as fast as the fastest, for it stays good when callers or
 * backend change; else, of those nearly as fast, the one that calls least often. With a target: of those that meet it,
 * the one that calls least often.
 *
 * @param chosen what to take
 * @param reason in a sentence or two
 */
record Advice(Outcome chosen, String reason) {
    /** How much slower than the fastest the adaptive policy may be. */
    private static final double NEARLY = 1.10;

    /** Within this nothing is worth a word. */
    private static final double SAME = 1.02;

    private static final double NO_DIFFERENCE = 1.005;

    /** With fewer jobs in a call than this there is nothing to batch. */
    private static final double WORTH_IT = 1.05;

    /** Nothing if no candidate keeps up. */
    static Optional<Advice> of(Trials trials, @Nullable Duration latencyTarget) {
        List<Outcome> fastestFirst = trials.thatKeepUp();
        if (fastestFirst.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                latencyTarget == null
                        ? fastest(trials, fastestFirst)
                        : withinTarget(trials, fastestFirst, (double) latencyTarget.toNanos()));
    }

    private static Advice fastest(Trials trials, List<Outcome> fastestFirst) {
        Outcome fastest = fastestFirst.get(0);
        double nearly = fastest.meanNanos() * NEARLY;
        Optional<Outcome> adaptive = leastCalls(
                fastestFirst, outcome -> outcome.candidate().rule() == Rule.ADAPTIVE && outcome.meanNanos() <= nearly);
        Outcome chosen = trials.withoutBatching()
                .filter(none -> none.meanNanos() <= fastest.meanNanos() * SAME)
                .filter(none -> adaptive.isEmpty() || adaptive.get().jobsPerCall() < WORTH_IT)
                .or(() -> adaptive)
                .orElseGet(() -> leastCalls(fastestFirst, outcome -> outcome.meanNanos() <= nearly)
                        .orElseThrow());
        String why;
        if (!chosen.candidate().batches()) {
            why = "nothing that batches is faster: the mean latency is " + Figures.nanos(chosen.meanNanos());
        } else if (adaptive.isPresent()) {
            why = "the adaptive policy needs no tuning, and its mean latency of " + Figures.nanos(chosen.meanNanos())
                    + compared(chosen, fastest);
        } else {
            why = "its mean latency of " + Figures.nanos(chosen.meanNanos()) + compared(chosen, fastest)
                    + adaptiveInstead(fastestFirst);
        }
        return new Advice(chosen, sentence(why + price(trials, chosen)));
    }

    private static Advice withinTarget(Trials trials, List<Outcome> fastestFirst, double targetNanos) {
        Optional<Outcome> chosen = leastCalls(fastestFirst, outcome -> outcome.p99Nanos() <= targetNanos);
        String target = "the target of " + Figures.nanos(targetNanos);
        if (chosen.isPresent()) {
            long meet = fastestFirst.stream()
                    .filter(outcome -> outcome.p99Nanos() <= targetNanos)
                    .count();
            String why = "99 of 100 jobs take no more than "
                    + Figures.nanos(chosen.get().p99Nanos()) + ", within " + target + ", and of the " + meet
                    + (meet == 1 ? " configuration that meets" : " configurations that meet")
                    + " it this one calls least often";
            return new Advice(chosen.get(), sentence(why + price(trials, chosen.get())));
        }
        Outcome nearest = fastestFirst.stream()
                .min(Comparator.comparingDouble(Outcome::p99Nanos))
                .orElseThrow();
        return new Advice(
                nearest,
                sentence("no configuration meets " + target + "; this one comes nearest, with "
                        + Figures.nanos(nearest.p99Nanos()) + " for 99 of 100 jobs" + price(trials, nearest)));
    }

    /** The fewest calls for each job; of those with as few, the fastest. */
    private static Optional<Outcome> leastCalls(List<Outcome> fastestFirst, Predicate<Outcome> eligible) {
        double least = fastestFirst.stream()
                .filter(eligible)
                .mapToDouble(Outcome::callsPerJob)
                .min()
                .orElse(Double.NaN);
        return fastestFirst.stream()
                .filter(eligible)
                .filter(outcome -> outcome.callsPerJob() <= least * SAME)
                .findFirst()
                .map(first -> withRoom(first, fastestFirst));
    }

    /** Of cycles that make no difference the longest that is no longer than a job takes: late callers still fit in. */
    private static Outcome withRoom(Outcome one, List<Outcome> fastestFirst) {
        Candidate same = one.candidate();
        return fastestFirst.stream()
                .filter(other -> same.rule() == Rule.SIZE_OR_AGE
                        && other.candidate().rule() == Rule.SIZE_OR_AGE
                        && other.candidate().batchSize() == same.batchSize()
                        && other.candidate().slots() == same.slots()
                        && other.meanNanos() <= one.meanNanos() * NO_DIFFERENCE
                        && other.p99Nanos() <= one.p99Nanos() * NO_DIFFERENCE
                        && other.candidate().limit().toNanos() <= one.meanNanos())
                .max(Comparator.comparing(other -> other.candidate().limit()))
                .orElse(one);
    }

    private static String compared(Outcome chosen, Outcome fastest) {
        double slower = chosen.meanNanos() / fastest.meanNanos() - 1;
        if (chosen.equals(fastest) || slower < 0.001) {
            return " is the lowest of all";
        }
        return " is within " + Figures.percent(slower) + " of the lowest (" + fastest.candidate() + ": "
                + Figures.nanos(fastest.meanNanos()) + ")";
    }

    private static String adaptiveInstead(List<Outcome> fastestFirst) {
        return fastestFirst.stream()
                .filter(outcome -> outcome.candidate().rule() == Rule.ADAPTIVE)
                .findFirst()
                .map(adaptive -> ", which the adaptive policy misses with " + Figures.nanos(adaptive.meanNanos()))
                .orElse("");
    }

    /** What it costs the backend, and what no batching would. */
    private static String price(Trials trials, Outcome chosen) {
        String price = ". It makes " + Figures.count(chosen.callsPerSecond()) + " calls/s of "
                + Figures.count(chosen.jobsPerCall()) + " jobs each";
        if (!chosen.candidate().batches()) {
            return ". It makes " + Figures.count(chosen.callsPerSecond()) + " calls/s";
        }
        return price
                + trials.withoutBatching()
                        .map(none -> "; without batching there would be " + Figures.count(none.callsPerSecond())
                                + " calls/s for " + Figures.count(none.jobsPerSecond()) + " jobs/s in place of "
                                + Figures.count(chosen.jobsPerSecond()) + ", at " + Figures.nanos(none.meanNanos()))
                        .orElse("; without batching the backend could not keep up");
    }

    private static String sentence(String text) {
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1) + ".";
    }
}
