package io.microbatcher.benchmarks.workload;

import io.microbatcher.benchmarks.Results;
import io.microbatcher.benchmarks.peer.Contender;
import io.microbatcher.benchmarks.report.Figures;
import io.microbatcher.benchmarks.report.LineChart;
import io.microbatcher.benchmarks.report.Page;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What P5 tells: each cell beside the fixed setting that was best in it. */
final class OpenLoopReport {
    private static final String ADAPTIVE = Contender.OURS_ADAPTIVE.name();
    private static final String FIXED = Contender.OURS_FIXED.name();

    private final Results results;
    private final Page page;

    OpenLoopReport(Results results, Page page) {
        this.results = results;
        this.page = page;
    }

    void write() {
        page.text(
                "Jobs arrive at random times that are drawn beforehand, the same for all contenders, singly (Poisson) or in"
                        + " bursts of 20 on average. Latency runs **from the moment at which a job was meant to arrive**, so that a"
                        + " sender that falls behind is not forgiven (no coordinated omission). The load is given in percent of the"
                        + " capacity that was measured in this run with full batches of 100. Batches per second are what the"
                        + " backend pays. The micro-batcher is `adaptive()` with no other option; the best fixed setting is chosen"
                        + " anew for every cell, after the fact, by mean latency.");
        List<String> cells = results.cells("");
        summary(cells, "meanMicros", true);
        summary(cells, "p99Micros", false);
        for (String group : groups(cells)) {
            group(group);
        }
    }

    private void summary(List<String> cells, String metric, boolean judged) {
        double logs = 0;
        double worst = 0;
        int count = 0;
        for (String cell : cells) {
            double ratio = adaptive(cell, metric)
                    / results.spread(cell, FIXED, bestFixed(cell), metric).median();
            if (!Double.isNaN(ratio)) {
                logs += Math.log(ratio);
                worst = Math.max(worst, ratio);
                count++;
            }
        }
        double mean = count == 0 ? Double.NaN : Math.exp(logs / count);
        double most = count == 0 ? Double.NaN : worst;
        if (judged) {
            page.atMost("mean latency against the best fixed setting, geometric mean of the cells", mean, 1.10, "×");
            page.atMost("mean latency against the best fixed setting, worst cell", most, 1.5, "×");
        } else {
            page.text("For the 99th percentile, which is not judged, the geometric mean is " + Figures.of(mean)
                    + "× and the worst cell " + Figures.of(most) + "×.");
        }
    }

    private double adaptive(String cell, String metric) {
        return results.spread(cell, ADAPTIVE, metric).median();
    }

    private String bestFixed(String cell) {
        return results.settings(cell, FIXED).stream()
                .min(Comparator.comparingDouble(setting ->
                        results.spread(cell, FIXED, setting, "meanMicros").median()))
                .orElse("");
    }

    /** The cells that differ in their load alone. */
    private static List<String> groups(List<String> cells) {
        return cells.stream()
                .map(cell -> cell.substring(0, cell.indexOf(" load=")))
                .distinct()
                .toList();
    }

    private void group(String group) {
        Map<Integer, String> byLoad = new LinkedHashMap<>();
        results.cells(group + " load=")
                .forEach(cell -> byLoad.put(Integer.parseInt(cell.substring(cell.indexOf("load=") + 5)), cell));
        LineChart latency = new LineChart("Mean latency, " + group, "load, %", "µs", false, true);
        LineChart batches = new LineChart("Batches per second, " + group, "load, %", "batches/s", false, true);
        LineChart.Points adaptiveLatency = latency.line("adaptive, untuned", true);
        LineChart.Points adaptiveBatches = batches.line("adaptive, untuned", true);
        Map<String, LineChart.Points> latencies = new LinkedHashMap<>();
        Map<String, LineChart.Points> rates = new LinkedHashMap<>();
        List<List<String>> rows = new ArrayList<>();
        byLoad.forEach((load, cell) -> {
            adaptiveLatency.at(load, results.spread(cell, ADAPTIVE, "meanMicros"));
            adaptiveBatches.at(load, results.spread(cell, ADAPTIVE, "batchesPerSecond"));
            for (String setting : results.settings(cell, FIXED)) {
                latencies
                        .computeIfAbsent(setting, name -> latency.line(shortly(name), false))
                        .at(load, results.spread(cell, FIXED, setting, "meanMicros"));
                rates.computeIfAbsent(setting, name -> batches.line(shortly(name), false))
                        .at(load, results.spread(cell, FIXED, setting, "batchesPerSecond"));
            }
            rows.addAll(rows(load, cell));
        });
        String file = group.replaceAll("[^a-z0-9]+", "-");
        page.text("### " + group + " · n");
        page.plot("latency-" + file, "mean latency by load, " + group, latency.svg());
        page.plot("batches-" + file, "batches per second by load, " + group, batches.svg());
        page.table(List.of("load", "", "mean µs", "p50 µs", "p99 µs", "batches/s", "mean against the best"), rows);
    }

    private static String shortly(String setting) {
        return setting.replace(" workers=1", "");
    }

    private List<List<String>> rows(int load, String cell) {
        String best = bestFixed(cell);
        double least = results.spread(cell, FIXED, best, "meanMicros").median();
        List<List<String>> rows = new ArrayList<>();
        rows.add(row(
                load,
                "**adaptive, untuned**",
                cell,
                ADAPTIVE,
                results.settings(cell, ADAPTIVE).get(0),
                least));
        rows.add(row(load, "best fixed: " + shortly(best), cell, FIXED, best, least));
        for (String name : results.contenders(cell)) {
            Contender contender = Contender.valueOf(name);
            if (contender.isRival()) {
                rows.add(row(
                        load,
                        contender.label(),
                        cell,
                        name,
                        results.settings(cell, name).get(0),
                        least));
            }
        }
        return rows;
    }

    private List<String> row(int load, String label, String cell, String name, String setting, double least) {
        return List.of(
                load + " %",
                label,
                Figures.of(results.spread(cell, name, setting, "meanMicros")),
                Figures.of(results.spread(cell, name, setting, "p50Micros").median()),
                Figures.of(results.spread(cell, name, setting, "p99Micros").median()),
                Figures.of(
                        results.spread(cell, name, setting, "batchesPerSecond").median()),
                Figures.of(results.spread(cell, name, setting, "meanMicros").median() / least, "×"));
    }
}
