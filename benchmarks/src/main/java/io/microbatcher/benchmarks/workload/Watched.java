package io.microbatcher.benchmarks.workload;

import io.microbatcher.MicroBatcher;
import io.microbatcher.benchmarks.Mode;
import io.microbatcher.benchmarks.Results;
import io.microbatcher.benchmarks.Sample;
import io.microbatcher.benchmarks.Session;
import io.microbatcher.benchmarks.Spread;
import io.microbatcher.benchmarks.Trial;
import io.microbatcher.benchmarks.Workload;
import io.microbatcher.benchmarks.jmh.WatchedSubmit;
import io.microbatcher.benchmarks.peer.Watching;
import io.microbatcher.benchmarks.report.Figures;
import io.microbatcher.benchmarks.report.Page;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** P11: what it costs to have meters. */
public final class Watched implements Workload {
    private static final String RATE = "jobsPerSecond";
    private static final String CPU = "cpuNanosPerJob";
    private static final List<String> POLICIES = List.of("size or age", "natural", "adaptive");
    private static final String CPU_CELL = "on one thread";
    private static final int ROUND = 128 * 256;

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();

    @Override
    public String id() {
        return "P11";
    }

    @Override
    public String title() {
        return "The cost of meters";
    }

    @Override
    public void run(Session session) throws Exception {
        Mode mode = session.mode();
        for (int fork = 0; fork < mode.forks(); fork++) {
            for (String policy : POLICIES) {
                session.say(policy + ", fork " + (fork + 1) + " of " + mode.forks());
                for (Watching watching : turns(fork)) {
                    pipelined(session, policy, watching, fork);
                }
            }
            for (Watching watching : turns(fork)) {
                Trial trial = Trial.of(CPU_CELL, watching.name())
                        .with("warmupMillis", mode.pick(100, 2_000, 3_000))
                        .with("measureMillis", mode.pick(100, 1_000, 2_000));
                session.interleave(this, List.of(trial), 1); // one JVM each, or they would share what is compiled
            }
        }
    }

    private static List<Watching> turns(int fork) {
        List<Watching> turns = new ArrayList<>(List.of(Watching.values()));
        Collections.rotate(turns, -fork);
        return turns;
    }

    private static void pipelined(Session session, String policy, Watching watching, int fork) throws Exception {
        Map<String, Double> metrics = JmhRounds.run(
                WatchedSubmit.class, Map.of("policy", policy, "watching", watching.name()), 1, session.mode());
        if (metrics.isEmpty()) {
            session.failed(watching.label() + ", " + policy, "failed");
        } else {
            session.add(new Sample(policy, watching.name(), "", fork, metrics));
        }
    }

    /** Both sides of a job on one thread, by the time that this thread was on a processor. */
    @Override
    public Map<String, Double> measure(Trial trial) {
        try (MicroBatcher<Long, Long> batcher = Watching.valueOf(trial.contender())
                .builder("size or age", given -> given)
                .executor(Runnable::run)
                .build()) {
            List<CompletableFuture<Long>> answers = new ArrayList<>();
            List<Double> rounds = new ArrayList<>();
            long begin = threads.getCurrentThreadCpuTime(); // or a busy machine would leave no time to compile
            long warm = begin + (long) (trial.number("warmupMillis") * 1e6);
            long end = warm + (long) (trial.number("measureMillis") * 1e6);
            long after;
            do {
                long before = threads.getCurrentThreadCpuTime();
                for (int i = 0; i < ROUND; i++) {
                    answers.add(batcher.submit((long) (i & 127)));
                }
                batcher.flush();
                answers.forEach(CompletableFuture::join);
                answers.clear();
                after = threads.getCurrentThreadCpuTime();
                if (after > warm) {
                    rounds.add((after - before) / (double) ROUND);
                }
            } while (after < end);
            double[] sorted = rounds.stream().mapToDouble(Double::doubleValue).toArray();
            Arrays.sort(sorted);
            return Map.of(CPU, sorted[sorted.length / 2]);
        }
    }

    @Override
    public void report(Results results, Page page) {
        page.text(
                "One producer that does not wait, 8,192 jobs in flight, batches of 128, over a processor that returns its"
                        + " jobs: what is left is the batcher, and who watches it. The registry is the one that Prometheus scrapes."
                        + " JMH.");
        for (String policy : POLICIES) {
            double without =
                    results.spread(policy, Watching.NOBODY.name(), RATE).median();
            double with = results.spread(policy, Watching.METERS.name(), RATE).median();
            page.atLeast(policy + ": jobs per second with meters, of those without", with / without, 0.85, "×");
        }
        page.atMost("time on a processor with meters, of that without", cpu(results, Watching.METERS), 1.15, "×");
        List<List<String>> rows = new ArrayList<>();
        for (String policy : POLICIES) {
            double without =
                    results.spread(policy, Watching.NOBODY.name(), RATE).median();
            for (Watching watching : Watching.values()) {
                Spread rate = results.spread(policy, watching.name(), RATE);
                rows.add(List.of(policy, watching.label(), Figures.of(rate), Figures.of(rate.median() / without, "×")));
            }
        }
        page.table(List.of("policy", "watched by", "jobs/s", "of nobody's"), rows);
        page.text(
                "Where one thread does both, submit and batch, the time that it is on a processor for a job, both sides"
                        + " together: threads that disturb each other and the machine's other work are not in it. Size or age.");
        page.table(
                List.of("watched by", "ns per job", "of nobody's"),
                Arrays.stream(Watching.values())
                        .map(watching -> List.of(
                                watching.label(),
                                Figures.of(results.spread(CPU_CELL, watching.name(), CPU)),
                                Figures.of(cpu(results, watching), "×")))
                        .toList());
    }

    private static double cpu(Results results, Watching watching) {
        return results.spread(CPU_CELL, watching.name(), CPU).median()
                / results.spread(CPU_CELL, Watching.NOBODY.name(), CPU).median();
    }
}
