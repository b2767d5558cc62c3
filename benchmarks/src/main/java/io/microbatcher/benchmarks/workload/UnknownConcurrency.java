package io.microbatcher.benchmarks.workload;

import io.microbatcher.benchmarks.Mode;
import io.microbatcher.benchmarks.Results;
import io.microbatcher.benchmarks.Sample;
import io.microbatcher.benchmarks.Session;
import io.microbatcher.benchmarks.Spread;
import io.microbatcher.benchmarks.Trial;
import io.microbatcher.benchmarks.Workload;
import io.microbatcher.benchmarks.peer.Contender;
import io.microbatcher.benchmarks.peer.Ours;
import io.microbatcher.benchmarks.peer.Peer;
import io.microbatcher.benchmarks.peer.Setting;
import io.microbatcher.benchmarks.report.BarChart;
import io.microbatcher.benchmarks.report.Figures;
import io.microbatcher.benchmarks.report.LineChart;
import io.microbatcher.benchmarks.report.Page;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** P6: how many batches the backend serves at a time is for the batcher to find out. */
public final class UnknownConcurrency implements Workload {
    private static final int CALLERS = 256;
    private static final int MAX = 16;
    private static final double FIXED_MICROS = 4_000;
    private static final double PER_JOB_MICROS = 100;
    private static final long WINDOW_MILLIS = 100;
    private static final int STRETCH = 5;
    private static final List<Integer> CHANGES = List.of(4, 1, 8, 2);
    private static final String METRIC = "jobsPerSecond";
    private static final String ADAPTIVE = "adaptiveConcurrency(16)";
    private static final String CHANGING = "changing";

    @Override
    public String id() {
        return "P6";
    }

    @Override
    public String title() {
        return "Unknown concurrency of the backend";
    }

    @Override
    public void run(Session session) throws Exception {
        Mode mode = session.mode();
        List<Trial> trials = new ArrayList<>();
        for (int servers : mode.pick(List.of(2), List.of(1, 2, 4, 8), List.of(1, 2, 4, 8))) {
            String cell = "M=" + servers;
            for (int slots : mode == Mode.SMOKE ? List.of(2, MAX) : List.of(1, 2, 4, 8, MAX)) {
                trials.add(trial(
                                Trial.of(
                                        cell,
                                        Contender.OURS_NATURAL,
                                        Setting.of(100, 0).workers(slots)),
                                mode)
                        .with("servers", servers));
            }
            trials.add(trial(Trial.of(cell, ADAPTIVE), mode).with("servers", servers));
        }
        double phaseMillis = mode.pick(500, 5_000, 8_000);
        trials.add(trial(Trial.of(CHANGING, ADAPTIVE), mode)
                .with("servers", CHANGES.get(0))
                .with("phaseMillis", phaseMillis)
                .with("measureMillis", phaseMillis * CHANGES.size()));
        session.interleave(this, trials, Math.min(3, mode.forks()));
    }

    private static Trial trial(Trial trial, Mode mode) {
        return trial.with("warmupMillis", mode.pick(200, 1_500, 3_000)) // time to converge
                .with("measureMillis", mode.pick(400, 1_000, 3_000));
    }

    @Override
    public Map<String, Double> measure(Trial trial) throws Exception {
        QueueingBackend backend = new QueueingBackend(trial.count("servers"), FIXED_MICROS, PER_JOB_MICROS);
        Peer peer = trial.contender().equals(ADAPTIVE)
                ? Ours.adaptiveConcurrency(MAX, backend)
                : Contender.valueOf(trial.contender()).open(Setting.parse(trial.setting()), backend);
        try (BlockedCallers callers = new BlockedCallers(peer, CALLERS, BlockedCallers::platform)) {
            return trial.cell().equals(CHANGING) ? changing(trial, backend, callers) : steady(trial, callers);
        } finally {
            peer.close();
        }
    }

    private static Map<String, Double> steady(Trial trial, BlockedCallers callers) {
        BlockedCallers.pauseMillis(trial.count("warmupMillis"));
        int windows = (int) Math.max(1, trial.count("measureMillis") / WINDOW_MILLIS);
        List<Double> rates = callers.ratesPerSecond(windows, WINDOW_MILLIS);
        Spread spread = new Spread(rates);
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put(METRIC, mean(rates));
        metrics.put("lowestWindow", spread.min() / spread.median());
        return metrics;
    }

    /** Changes the backend again and again, and notes the rate of every tenth of a second. */
    private static Map<String, Double> changing(Trial trial, QueueingBackend backend, BlockedCallers callers) {
        BlockedCallers.pauseMillis(trial.count("warmupMillis"));
        int windows = (int) (trial.count("phaseMillis") / WINDOW_MILLIS);
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("windows", (double) windows);
        for (int servers : CHANGES) {
            backend.servers(servers);
            List<Double> rates = callers.ratesPerSecond(windows, WINDOW_MILLIS);
            for (int i = 0; i < windows; i++) {
                metrics.put(window(servers, i), rates.get(i));
            }
        }
        return metrics;
    }

    private static String window(int servers, int index) {
        return "M=" + servers + " window " + index;
    }

    /**
     * From when on no stretch of half a second is more than a tenth below what the best fixed limit gets through; the
     * whole phase if that moment does not come.
     */
    static double convergedMillis(List<Double> rates, double bestFixed) {
        int converged = 0;
        for (int i = 0; i < rates.size(); i++) {
            List<Double> stretch = rates.subList(i, Math.min(rates.size(), i + STRETCH));
            if (!(mean(stretch) >= 0.9 * bestFixed)) {
                converged = i + 1;
            }
        }
        return (double) (converged * WINDOW_MILLIS);
    }

    private static double mean(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).average().orElse(Double.NaN);
    }

    @Override
    public void report(Results results, Page page) {
        page.text(
                "256 blocked callers over a backend that serves M batches at a time, first come first served, each for"
                        + " 4 ms + 100 µs · n; what is beyond M queues in the backend. Too few slots leave it idle, too many split"
                        + " the callers into small batches that wait there. The best fixed limit is chosen anew for every M,"
                        + " after the fact; the adaptive one is the same for all. *Lowest window* is the worst tenth of a second"
                        + " against the median one: 1 is perfectly steady. No peer takes part: none of them changes the number of its"
                        + " batches in flight by itself.");
        for (String cell : results.cells("M=")) {
            cell(results, page, cell);
        }
        changes(results, page);
    }

    private static void changes(Results results, Page page) {
        List<Sample> samples = results.samples.stream()
                .filter(sample -> sample.cell().equals(CHANGING))
                .toList();
        List<List<String>> rows = new ArrayList<>();
        LineChart chart = new LineChart("Jobs per second after a change of M", "seconds", "jobs/s", false, false);
        double slowest = Double.NaN;
        for (int servers : CHANGES.subList(1, CHANGES.size())) {
            double best = bestFixed(results, "M=" + servers);
            Spread millis = new Spread(samples.stream()
                    .map(sample -> convergedMillis(rates(sample, servers), best))
                    .toList());
            slowest = Double.isNaN(slowest) ? millis.median() : Math.max(slowest, millis.median());
            rows.add(List.of("M becomes " + servers, Figures.of(millis), Figures.of(best)));
            LineChart.Points line = chart.line("M becomes " + servers, false);
            samples.stream().limit(1).forEach(sample -> {
                List<Double> rates = rates(sample, servers);
                for (int i = 0; i < rates.size(); i++) {
                    line.at((i + 1) * WINDOW_MILLIS / 1e3, rates.get(i));
                }
            });
        }
        page.atMost("within 10 % of the best fixed limit again after a change of M, slowest", slowest, 2_000, " ms");
        if (!samples.isEmpty()) {
            page.text("### M changes while jobs flow: " + CHANGES);
            page.plot("changes", "jobs per second after a change of M", chart.svg());
            page.table(List.of("", "ms until within 10 % for good", "best fixed, jobs/s"), rows);
        }
    }

    private static List<Double> rates(Sample sample, int servers) {
        List<Double> rates = new ArrayList<>();
        for (int i = 0; i < sample.metrics().getOrDefault("windows", 0.0); i++) {
            rates.add(sample.metrics().getOrDefault(window(servers, i), Double.NaN));
        }
        return rates;
    }

    private static double bestFixed(Results results, String cell) {
        return results.settings(cell, Contender.OURS_NATURAL.name()).stream()
                .mapToDouble(setting -> results.spread(cell, Contender.OURS_NATURAL.name(), setting, METRIC)
                        .median())
                .max()
                .orElse(Double.NaN);
    }

    private static void cell(Results results, Page page, String cell) {
        String fixed = Contender.OURS_NATURAL.name();
        double best = bestFixed(results, cell);
        page.atLeast(
                cell + ": of the best fixed limit",
                results.spread(cell, ADAPTIVE, METRIC).median() / best,
                0.9,
                "×");
        BarChart chart = new BarChart("Jobs per second, " + cell);
        List<List<String>> rows = new ArrayList<>();
        chart.add(ADAPTIVE, results.spread(cell, ADAPTIVE, METRIC), true);
        if (!results.spread(cell, ADAPTIVE, METRIC).isEmpty()) {
            rows.add(row(results, cell, ADAPTIVE, "", ADAPTIVE));
        }
        for (String setting : results.settings(cell, fixed)) {
            int slots = Setting.parse(setting).workers();
            String label = (slots == 1 ? "1 slot" : slots + " slots")
                    + (results.spread(cell, fixed, setting, METRIC).median() == best ? " (best)" : "");
            chart.add(label, results.spread(cell, fixed, setting, METRIC), false);
            rows.add(row(results, cell, fixed, setting, label));
        }
        page.text("### " + cell);
        page.plot(
                cell.replace('=', '-').toLowerCase(java.util.Locale.ROOT), "jobs per second with " + cell, chart.svg());
        page.table(List.of("", "jobs/s", "lowest window"), rows);
    }

    private static List<String> row(Results results, String cell, String name, String setting, String label) {
        return List.of(
                label,
                Figures.of(results.spread(cell, name, setting, METRIC)),
                Figures.of(results.spread(cell, name, setting, "lowestWindow").median()));
    }
}
