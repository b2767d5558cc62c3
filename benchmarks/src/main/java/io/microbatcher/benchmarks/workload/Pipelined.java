package io.microbatcher.benchmarks.workload;

import io.microbatcher.benchmarks.Mode;
import io.microbatcher.benchmarks.Results;
import io.microbatcher.benchmarks.Sample;
import io.microbatcher.benchmarks.Session;
import io.microbatcher.benchmarks.Spread;
import io.microbatcher.benchmarks.Workload;
import io.microbatcher.benchmarks.jmh.PipelinedSubmit;
import io.microbatcher.benchmarks.jmh.SubmitCost;
import io.microbatcher.benchmarks.peer.Contender;
import io.microbatcher.benchmarks.peer.Setting;
import io.microbatcher.benchmarks.report.BarChart;
import io.microbatcher.benchmarks.report.Figures;
import io.microbatcher.benchmarks.report.Page;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** P1: the cost of the batcher itself, when nobody waits and the backend costs nothing. */
public final class Pipelined implements Workload {
    static final int SIZE = 128;
    private static final String SUBMIT = "one submit";
    private static final String NANOS = "nanosPerJob";

    @Override
    public String id() {
        return "P1";
    }

    @Override
    public String title() {
        return "Pipelined submits";
    }

    private static List<Contender> contenders() {
        List<Contender> all = new ArrayList<>(List.of(Contender.values()));
        all.remove(Contender.OURS_ADAPTIVE); // its size is its own; the size here is the same for all
        return all;
    }

    @Override
    public void run(Session session) throws Exception {
        costOfOneSubmit(session);
        Mode mode = session.mode();
        for (int producers : mode.pick(List.of(1), List.of(1, 4), List.of(1, 2, 4))) {
            String cell = "producers=" + producers;
            List<Setting> settings = new ArrayList<>();
            for (Contender contender : contenders()) {
                settings.add(best(session, contender, producers));
            }
            for (int fork = 0; fork < mode.forks(); fork++) {
                session.say(cell + ", fork " + (fork + 1) + " of " + mode.forks());
                for (int i = 0; i < settings.size(); i++) {
                    int turn = (i + fork * 5) % settings.size();
                    Contender contender = contenders().get(turn);
                    Map<String, Double> metrics = measure(contender, settings.get(turn), producers, mode, false);
                    String setting = settings.get(turn).toString();
                    if (metrics.isEmpty()) {
                        session.failed(contender.label() + ", " + cell, "failed with " + setting);
                    } else {
                        session.add(new Sample(cell, contender.name(), setting, fork, metrics));
                    }
                }
            }
        }
    }

    private static void costOfOneSubmit(Session session) throws Exception {
        Mode mode = session.mode();
        for (int fork = 0; fork < mode.forks(); fork++) {
            session.say("cost of one submit, fork " + (fork + 1) + " of " + mode.forks());
            for (Map.Entry<String, Double> found :
                    JmhRounds.shots(SubmitCost.class, mode).entrySet()) {
                session.add(new Sample(SUBMIT, found.getKey(), "", fork, Map.of(NANOS, found.getValue())));
            }
        }
    }

    private static Setting best(Session session, Contender contender, int producers) throws Exception {
        List<Setting> candidates = Candidates.of(contender, List.of(SIZE), List.of(1_000L), List.of(1, 2));
        if (contender.kind() == Contender.Kind.LIMIT || session.mode() != Mode.FULL) {
            return candidates.get(0);
        }
        Setting best = candidates.get(0);
        double most = 0;
        for (Setting candidate : candidates) {
            double found = measure(contender, candidate, producers, session.mode(), true)
                    .getOrDefault("jobsPerSecond", 0.0);
            if (found > most) {
                most = found;
                best = candidate;
            }
        }
        session.say("producers=" + producers + ", " + contender.label() + ": best with " + best);
        return best;
    }

    static Map<String, Double> measure(Contender contender, Setting setting, int producers, Mode mode, boolean justATry)
            throws Exception {
        Map<String, String> parameters = Map.of("contender", contender.name(), "setting", setting.toString());
        return justATry
                ? JmhRounds.run(PipelinedSubmit.class, parameters, producers, mode, 1, 1)
                : JmhRounds.run(PipelinedSubmit.class, parameters, producers, mode);
    }

    @Override
    public void report(Results results, Page page) {
        page.text("Producers submit without waiting, each with up to 8,192 jobs in flight, batches of up to 128, over a"
                + " processor that returns its jobs. JMH, one operation is one job from submit to its result. Jobs are made"
                + " beforehand. Libraries with a future of their own are bridged to `CompletableFuture`, as a caller of"
                + " `CompletionStage` code would have to. The two limits are no peers: they have no wake-up, no age, no"
                + " bound and no close, and show what is left to gain.");
        for (String cell : results.cells("producers=")) {
            section(results, page, cell);
        }
        page.text("### What one submit costs its caller");
        page.text(
                "50,000 calls in a row while no batch is due, beside a new `CompletableFuture` put into a bare queue. The"
                        + " median of the shots of each fork.");
        page.table(
                List.of("into", "ns"),
                results.contenders(SUBMIT).stream()
                        .map(into -> List.of(into, Figures.of(results.spread(SUBMIT, into, NANOS))))
                        .toList());
    }

    private static void section(Results results, Page page, String cell) {
        String metric = "jobsPerSecond";
        double ours = best(results, cell, metric, Contender.Kind.OURS);
        double rival = Math.max(
                best(results, cell, metric, Contender.Kind.NATURAL),
                best(results, cell, metric, Contender.Kind.LINGER));
        page.atLeast(cell + ": against the best peer", ours / rival, 1.5, "×");
        page.atLeast(cell + ": against Reactor", ours / median(results, cell, Contender.REACTOR), 5, "×");
        page.atLeast(cell + ": against gax", ours / median(results, cell, Contender.GAX), 10, "×");
        page.atLeast(cell + ": of the raw JCTools queue", ours / median(results, cell, Contender.RAW_QUEUE), 0.8, "×");
        List<String> order = results.contenders(cell).stream()
                .sorted(Comparator.comparingDouble(
                        (String name) -> -results.spread(cell, name, metric).median()))
                .toList();
        BarChart chart = new BarChart("Jobs per second, " + cell);
        List<List<String>> rows = new ArrayList<>();
        for (String name : order) {
            Contender contender = Contender.valueOf(name);
            Spread spread = results.spread(cell, name, metric);
            chart.add(contender.label(), spread, contender.kind() == Contender.Kind.OURS);
            rows.add(List.of(
                    contender.label(),
                    Figures.of(spread),
                    Figures.of(ours / spread.median(), "×"),
                    results.settings(cell, name).get(0)));
        }
        page.text("### " + cell);
        page.plot(cell.replace('=', '-'), "jobs per second with " + cell, chart.svg());
        page.table(List.of("", "jobs/s", "ours is", "setting"), rows);
    }

    private static double median(Results results, String cell, Contender contender) {
        return results.spread(cell, contender.name(), "jobsPerSecond").median();
    }

    static double best(Results results, String cell, String metric, Contender.Kind kind) {
        return results.contenders(cell).stream()
                .filter(name -> Contender.valueOf(name).kind() == kind)
                .mapToDouble(name -> results.spread(cell, name, metric).median())
                .filter(value -> !Double.isNaN(value))
                .max()
                .orElse(Double.NaN);
    }
}
