package io.microbatcher.benchmarks.workload;

import io.microbatcher.benchmarks.Mode;
import io.microbatcher.benchmarks.Results;
import io.microbatcher.benchmarks.Sample;
import io.microbatcher.benchmarks.Session;
import io.microbatcher.benchmarks.Spread;
import io.microbatcher.benchmarks.Workload;
import io.microbatcher.benchmarks.jmh.KeyedSubmit;
import io.microbatcher.benchmarks.report.BarChart;
import io.microbatcher.benchmarks.report.Figures;
import io.microbatcher.benchmarks.report.Page;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** P9: a lane for each of very many keys. */
public final class ManyKeys implements Workload {
    private static final String CELL = "keys";
    private static final String METRIC = "jobsPerSecond";

    @Override
    public String id() {
        return "P9";
    }

    @Override
    public String title() {
        return "A million keys";
    }

    @Override
    public void run(Session session) throws Exception {
        Mode mode = session.mode();
        List<String> contenders = List.of("one", "keyed");
        for (int fork = 0; fork < mode.forks(); fork++) {
            for (String lanes : contenders) {
                Map<String, Double> metrics = JmhRounds.run(KeyedSubmit.class, Map.of("lanes", lanes), 1, mode);
                if (metrics.isEmpty()) {
                    session.failed(lanes, "failed");
                } else {
                    session.add(new Sample(CELL, lanes, "", fork, metrics));
                }
            }
        }
    }

    @Override
    public void report(Results results, Page page) {
        page.text(
                "One producer, 8,192 jobs in flight, batches of 16, over a processor that returns its jobs. Jobs come in"
                        + " runs of 16 with one key, and a million keys take turns: every batch is full, in one lane as in a lane"
                        + " for each key, so that the lanes are all that differs. A lane vanishes when it is empty, so that each"
                        + " run makes one. No peer takes part: none of them batches by"
                        + " key and lets a key go by itself. JMH.");
        double one = results.spread(CELL, "one", METRIC).median();
        page.atMost(
                "cost per job against one lane",
                one / results.spread(CELL, "keyed", METRIC).median(),
                2,
                "×");
        BarChart chart = new BarChart("Jobs per second by lanes");
        List<List<String>> rows = new ArrayList<>();
        for (String lanes : results.contenders(CELL)) {
            String label = lanes.equals("one") ? "one lane" : "a lane for each of 1,000,000 keys";
            Spread spread = results.spread(CELL, lanes, METRIC);
            chart.add(label, spread, lanes.equals("keyed"));
            rows.add(List.of(
                    label,
                    Figures.of(spread),
                    Figures.of(1e9 / spread.median()) + " ns",
                    Figures.of(results.spread(CELL, lanes, "bytesPerJob")) + " B"));
        }
        page.plot("lanes", "jobs per second by lanes", chart.svg());
        page.table(List.of("", "jobs/s", "per job", "allocated per job"), rows);
    }
}
