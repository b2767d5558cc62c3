package io.microbatcher.benchmarks.workload;

import io.microbatcher.benchmarks.Mode;
import io.microbatcher.benchmarks.Results;
import io.microbatcher.benchmarks.Session;
import io.microbatcher.benchmarks.Spread;
import io.microbatcher.benchmarks.Trial;
import io.microbatcher.benchmarks.Workload;
import io.microbatcher.benchmarks.peer.Ours;
import io.microbatcher.benchmarks.peer.Peer;
import io.microbatcher.benchmarks.peer.Setting;
import io.microbatcher.benchmarks.report.Figures;
import io.microbatcher.benchmarks.report.Page;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** P7: how late a batch leaves that is due by its age. */
public final class AgeAccuracy implements Workload {
    private static final long CYCLE_MICROS = 5_000;
    private static final String CELL = "cycle=5ms";
    private static final String OURS = "micro-batcher";

    /** Written by the processor, read by the caller after its result. */
    private long processedNanos;

    @Override
    public String id() {
        return "P7";
    }

    @Override
    public String title() {
        return "Accuracy of the age";
    }

    @Override
    public void run(Session session) throws Exception {
        Mode mode = session.mode();
        int samples = mode.pick(50, 300, 1_000);
        session.interleave(
                this,
                List.of(Trial.of(CELL, OURS)
                        .with("samples", samples)
                        .with("warmups", mode.pick(10, 100, 200))
                        .with("measureMillis", samples * 20.0)));
    }

    @Override
    public Map<String, Double> measure(Trial trial) throws Exception {
        int warmups = trial.count("warmups");
        int samples = trial.count("samples");
        double[] ours = new double[samples];
        double[] bare = new double[samples];
        SplittableRandom random = new SplittableRandom(7);
        long cycleNanos = CYCLE_MICROS * 1_000;
        try (Peer peer = Ours.fixed(Setting.of(100, CYCLE_MICROS), jobs -> {
            processedNanos = System.nanoTime();
            return jobs;
        })) {
            for (int i = -warmups; i < samples; i++) {
                BlockedCallers.pauseUntil(System.nanoTime() + random.nextLong(1_000_000, 5_000_000));
                long submitted = System.nanoTime();
                peer.call((long) i);
                double late = (processedNanos - submitted - cycleNanos) / 1e3;
                long parked = System.nanoTime();
                BlockedCallers.pauseUntil(parked + cycleNanos);
                double lateBare = (System.nanoTime() - parked - cycleNanos) / 1e3;
                if (i >= 0) {
                    ours[i] = late;
                    bare[i] = lateBare;
                }
            }
        }
        Arrays.sort(ours);
        Arrays.sort(bare);
        Map<String, Double> metrics = new LinkedHashMap<>();
        for (int percent : List.of(0, 50, 90, 99)) {
            metrics.put("ours p" + percent, ours[samples * percent / 100]);
            metrics.put("bare p" + percent, bare[samples * percent / 100]);
        }
        metrics.put("beyond", ours[samples * 99 / 100] - bare[samples * 99 / 100]);
        return metrics;
    }

    @Override
    public void report(Results results, Page page) {
        page.text(
                "One job at a time, 1 to 5 ms apart, in batches of up to 100 with a cycle of 5 ms: each leaves by its age."
                        + " How late is counted from submit + 5 ms to the first line of the processor. Beside it, by turns, a bare"
                        + " `LockSupport.parkNanos` of 5 ms: what the machine can do at best. p0 must not be negative: a batch"
                        + " never leaves early. No peer takes part: the comparison is with the machine itself.");
        page.atMost(
                "p99 beyond a bare park", results.spread(CELL, OURS, "beyond").median(), 250, " µs");
        Spread earliest = results.spread(CELL, OURS, "ours p0");
        page.atLeast("never early: the earliest", earliest.min(), 0, " µs");
        List<List<String>> rows = List.of(0, 50, 90, 99).stream()
                .map(percent -> List.of(
                        "p" + percent,
                        Figures.of(results.spread(CELL, OURS, "ours p" + percent)),
                        Figures.of(results.spread(CELL, OURS, "bare p" + percent))))
                .toList();
        page.table(List.of("", "batch late, µs", "bare park late, µs"), rows);
    }
}
