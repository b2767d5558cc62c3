package io.microbatcher.benchmarks.workload;

import io.microbatcher.benchmarks.Mode;
import io.microbatcher.benchmarks.Results;
import io.microbatcher.benchmarks.Session;
import io.microbatcher.benchmarks.Trial;
import io.microbatcher.benchmarks.Workload;
import io.microbatcher.benchmarks.peer.Contender;
import io.microbatcher.benchmarks.peer.Contender.Kind;
import io.microbatcher.benchmarks.peer.Peer;
import io.microbatcher.benchmarks.peer.Setting;
import io.microbatcher.benchmarks.report.Figures;
import io.microbatcher.benchmarks.report.LineChart;
import io.microbatcher.benchmarks.report.Page;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** P3: callers that block for their result, over a backend that serves one batch at a time. */
public final class ClosedLoop implements Workload {
    static final double FIXED_MICROS = 200;
    static final double PER_JOB_MICROS = 5;
    private static final String METRIC = "jobsPerSecond";

    @Override
    public String id() {
        return "P3";
    }

    @Override
    public String title() {
        return "Blocked callers";
    }

    @Override
    public void run(Session session) throws Exception {
        Mode mode = session.mode();
        List<Trial> trials = new ArrayList<>();
        for (int callers : mode.pick(List.of(1, 8), List.of(1, 2, 8, 64, 300), List.of(1, 2, 8, 64, 300))) {
            String cell = "callers=" + callers;
            trials.add(trial(cell, Contender.OURS_ADAPTIVE, Setting.of(100, 0), callers, mode));
            trials.add(trial(cell, Contender.OURS_NATURAL, Setting.of(100, 0), callers, mode));
            best(session, callers).forEach((rival, best) -> trials.add(trial(cell, rival, best, callers, mode)));
            for (Contender rival : Contender.rivals()) {
                if (rival.kind() == Kind.LINGER && mode != Mode.SMOKE) {
                    trials.add(trial("default " + cell, rival, rival.defaults(), callers, mode));
                }
            }
        }
        session.interleave(this, trials);
    }

    private static Trial trial(String cell, Contender contender, Setting setting, int callers, Mode mode) {
        return Trial.of(cell, contender, setting).with("callers", callers).timed(mode);
    }

    /** Tries the settings of every rival and keeps the one with the most jobs per second. */
    private Map<Contender, Setting> best(Session session, int callers) throws Exception {
        Mode mode = session.mode();
        int all = Math.max(2, callers);
        List<Integer> sizes = mode == Mode.FULL ? List.of(all, 100) : List.of(all);
        List<Long> cycles = mode.pick(List.of(1_000L), List.of(100L, 1_000L), List.of(100L, 300L, 1_000L, 5_000L));
        List<Trial> trials = new ArrayList<>();
        Map<Contender, Setting> best = new LinkedHashMap<>();
        for (Contender rival : Contender.rivals()) {
            List<Setting> settings =
                    Candidates.of(rival, sizes, cycles, mode.pick(List.of(1), List.of(1), List.of(1, 2)));
            best.put(rival, settings.get(0));
            for (Setting setting : settings) {
                trials.add(Trial.of("try", rival, setting)
                        .with("callers", callers)
                        .with("warmupMillis", mode.pick(0, 100, 300))
                        .with("measureMillis", mode.pick(0, 250, 600)));
            }
        }
        if (mode == Mode.SMOKE) {
            return best;
        }
        Map<Contender, Double> most = new LinkedHashMap<>();
        session.tryOut(this, trials).forEach(sample -> {
            Contender rival = Contender.valueOf(sample.contender());
            double found = sample.metrics().getOrDefault(METRIC, 0.0);
            if (found > most.getOrDefault(rival, 0.0)) {
                most.put(rival, found);
                best.put(rival, Setting.parse(sample.setting()));
            }
        });
        return best;
    }

    @Override
    public Map<String, Double> measure(Trial trial) throws Exception {
        QueueingBackend backend = new QueueingBackend(1, FIXED_MICROS, PER_JOB_MICROS);
        Contender contender = Contender.valueOf(trial.contender());
        Peer peer = contender.open(Setting.parse(trial.setting()), backend);
        try (BlockedCallers callers = new BlockedCallers(peer, trial.count("callers"), BlockedCallers::platform)) {
            return rates(callers, backend, trial);
        } finally {
            peer.close();
        }
    }

    static Map<String, Double> rates(BlockedCallers callers, QueueingBackend backend, Trial trial) {
        BlockedCallers.pauseMillis(trial.count("warmupMillis"));
        long begin = System.nanoTime();
        long batchesBefore = backend.batches();
        long before = callers.returned();
        BlockedCallers.pauseMillis(trial.count("measureMillis"));
        double jobs = callers.returned() - before;
        double batches = backend.batches() - batchesBefore;
        double seconds = (System.nanoTime() - begin) / 1e9;
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put(METRIC, jobs / seconds);
        metrics.put("batchesPerSecond", batches / seconds);
        return metrics;
    }

    @Override
    public void report(Results results, Page page) {
        page.text("Platform threads that call, wait for the result and call again. A batch of n jobs takes the backend"
                + " 200 µs + 5 µs · n, and it serves one batch at a time; its work is a wait, the same code for all."
                + " The micro-batcher is `adaptive()` with **no other option set**, the same for every row; each peer"
                + " has the setting that was best for that very row, searched for in the same run. A default is what the"
                + " library's documentation proposes, and 100 jobs and 5 ms where it proposes nothing.");
        TreeSet<Integer> counts = new TreeSet<>();
        results.cells("callers=").forEach(cell -> counts.add(Integer.parseInt(cell.substring("callers=".length()))));
        LineChart chart =
                new LineChart("Jobs per second, each peer at its best", "blocked callers", "jobs/s", true, true);
        for (Contender contender : Contender.values()) {
            if (contender == Contender.OURS_ADAPTIVE || contender.isRival()) {
                LineChart.Points line = chart.line(contender.label(), contender.kind() == Kind.OURS);
                counts.forEach(count -> line.at(count, results.spread("callers=" + count, contender.name(), METRIC)));
            }
        }
        page.plot("callers", "jobs per second by the number of blocked callers", chart.svg());
        for (int count : counts) {
            section(results, page, count);
        }
    }

    private static void section(Results results, Page page, int count) {
        String cell = "callers=" + count;
        double ours =
                results.spread(cell, Contender.OURS_ADAPTIVE.name(), METRIC).median();
        double rival = Math.max(
                Pipelined.best(results, cell, METRIC, Kind.NATURAL),
                Pipelined.best(results, cell, METRIC, Kind.LINGER));
        page.atLeast(cell + ": of the best rival at its best setting", ours / rival, 0.95, "×");
        String defaults = "default " + cell;
        if (count <= 64 && !results.contenders(defaults).isEmpty()) {
            page.atLeast(
                    cell + ": against every lingering peer at its default",
                    ours / Pipelined.best(results, defaults, METRIC, Kind.LINGER),
                    2,
                    "×");
        }
        List<List<String>> rows = new ArrayList<>();
        for (String from : List.of(cell, defaults)) {
            for (String name : results.contenders(from)) {
                Contender contender = Contender.valueOf(name);
                String setting = contender == Contender.OURS_ADAPTIVE
                        ? "none"
                        : results.settings(from, name).get(0);
                rows.add(List.of(
                        contender.label() + (from.equals(defaults) ? ", default" : ""),
                        Figures.of(results.spread(from, name, METRIC)),
                        Figures.of(ours / results.spread(from, name, METRIC).median(), "×"),
                        Figures.of(
                                results.spread(from, name, "batchesPerSecond").median()),
                        setting));
            }
        }
        page.text("### " + cell);
        page.table(List.of("", "jobs/s", "adaptive is", "batches/s", "setting"), rows);
    }
}
