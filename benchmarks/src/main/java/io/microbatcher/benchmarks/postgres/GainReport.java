package io.microbatcher.benchmarks.postgres;

import io.microbatcher.benchmarks.Results;
import io.microbatcher.benchmarks.Sample;
import io.microbatcher.benchmarks.Spread;
import io.microbatcher.benchmarks.report.Figures;
import io.microbatcher.benchmarks.report.LineChart;
import io.microbatcher.benchmarks.report.Page;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Tells what was measured: the bars, and for each kind of thread, distance and operation a table and a plot. */
final class GainReport {
    private static final double OF_HAND_WRITTEN = 0.8;
    private static final double NEVER_SLOWER = 1;
    private static final double TWICE = 2;
    private static final double LONE_CALLER = 1.1;

    private final Results results;
    private final Page page;

    GainReport(Results results, Page page) {
        this.results = results;
        this.page = page;
    }

    void write() {
        List<Cell> cells = results.cells("").stream().map(Cell::parse).toList();
        cells.stream().filter(cell -> cell.callers() == 512).forEach(this::asyncBar);
        cells.stream()
                .filter(cell -> cell.callers() == 64 || cell.callers() == 256)
                .forEach(this::blockedBar);
        cells.stream().filter(cell -> cell.callers() == 1).forEach(this::loneBar);
        for (Cell.Threads threads : Cell.Threads.values()) {
            for (Operation operation : Operation.values()) {
                for (boolean far : new boolean[] {false, true}) {
                    List<Cell> section = cells.stream()
                            .filter(cell ->
                                    cell.threads() == threads && cell.operation() == operation && cell.far() == far)
                            .toList();
                    if (!section.isEmpty()) {
                        section(section);
                    }
                }
            }
        }
    }

    private void asyncBar(Cell cell) {
        double ratio = ratio(cell, Way.ASYNC, Way.BY_HAND).median();
        page.atLeast(claim(cell) + ", async: of hand-written batches", ratio, OF_HAND_WRITTEN, "×");
    }

    private void blockedBar(Cell cell) {
        double ratio = ratio(cell, Way.BLOCKING, Way.ONE_AT_A_TIME).median();
        page.atLeast(claim(cell) + ", blocked: of one row at a time", ratio, cell.far() ? TWICE : NEVER_SLOWER, "×");
    }

    private void loneBar(Cell cell) {
        double ratio =
                ratio(cell, Way.BLOCKING, Way.ONE_AT_A_TIME, Trials.MEDIAN).median();
        page.atMost(claim(cell) + ": median time of a call, of one row at a time", ratio, LONE_CALLER, "×");
    }

    private static String claim(Cell cell) {
        return where(cell) + ", " + cell.operation() + ", callers=" + cell.callers();
    }

    private static String where(Cell cell) {
        return (cell.threads() == Cell.Threads.VIRTUAL ? "virtual threads" : "platform threads")
                + (cell.far() ? ", far" : ", local");
    }

    /** How one way relates to another, turn by turn: what disturbs the machine in a turn disturbs both. */
    private Spread ratio(Cell cell, Way way, Way other) {
        return ratio(cell, way, other, Trials.RATE);
    }

    private Spread ratio(Cell cell, Way way, Way other, String metric) {
        List<Sample> ones = samples(cell, way);
        List<Sample> others = samples(cell, other);
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < Math.min(ones.size(), others.size()); i++) {
            double one = ones.get(i).metrics().getOrDefault(metric, Double.NaN);
            double beside = others.get(i).metrics().getOrDefault(metric, Double.NaN);
            if (beside > 0 && !Double.isNaN(one)) {
                ratios.add(one / beside);
            }
        }
        return new Spread(ratios);
    }

    private List<Sample> samples(Cell cell, Way way) {
        return results.samples.stream()
                .filter(sample -> sample.cell().equals(cell.toString())
                        && sample.contender().equals(way.name()))
                .toList();
    }

    private void section(List<Cell> cells) {
        Cell first = cells.get(0);
        page.text("### " + capital(where(first)) + ": " + first.operation());
        LineChart chart = new LineChart(
                capital(first.operation().toString()) + ", " + where(first), "callers", "rows/s", true, true);
        for (Way way : Way.values()) {
            if (way != Way.ON_CALLERS_THREAD) {
                LineChart.Points line = chart.line(way.label(), way == Way.BLOCKING);
                cells.forEach(cell -> line.at(cell.callers(), rates(cell, way)));
            }
        }
        String name = (where(first) + " " + first.operation()).replaceAll("[ ,]+", "-");
        page.plot(name, "rows per second by the number of callers, " + where(first), chart.svg());
        List<List<String>> rows = new ArrayList<>();
        for (Cell cell : cells) {
            rows.add(List.of(
                    Integer.toString(cell.callers()),
                    Figures.of(rates(cell, Way.ONE_AT_A_TIME)),
                    Figures.of(rates(cell, Way.BY_HAND)) + ", of " + Trials.handSize(cell.callers()),
                    Figures.of(rates(cell, Way.BLOCKING)),
                    ratioText(cell, Way.BLOCKING, Way.ONE_AT_A_TIME),
                    fill(cell, Way.BLOCKING),
                    Figures.of(rates(cell, Way.ASYNC)),
                    ratioText(cell, Way.ASYNC, Way.BY_HAND),
                    fill(cell, Way.ASYNC)));
        }
        page.table(
                List.of(
                        "callers",
                        "one row at a time",
                        "batches by hand",
                        "micro-batcher, blocked",
                        "of one at a time",
                        "rows in a batch",
                        "micro-batcher, async",
                        "of batches by hand",
                        "rows in a batch"),
                rows);
        cells.stream().filter(cell -> cell.callers() == 1).forEach(this::lone);
    }

    private void lone(Cell cell) {
        List<List<String>> rows = new ArrayList<>();
        for (Way way : List.of(Way.ONE_AT_A_TIME, Way.BLOCKING, Way.ON_CALLERS_THREAD)) {
            Spread ratio = ratio(cell, way, Way.ONE_AT_A_TIME, Trials.MEDIAN);
            rows.add(List.of(
                    way.label() + (way == Way.ON_CALLERS_THREAD ? ", `executor(Runnable::run)`" : ""),
                    Figures.of(results.spread(cell.toString(), way.name(), Trials.MEDIAN)),
                    Figures.of(ratio)));
        }
        page.table(List.of("a lone caller", "median call, µs", "of one row at a time"), rows);
    }

    private Spread rates(Cell cell, Way way) {
        return results.spread(cell.toString(), way.name(), Trials.RATE);
    }

    private String ratioText(Cell cell, Way way, Way other) {
        Spread ratio = ratio(cell, way, other);
        return ratio.isEmpty() ? "–" : Figures.of(ratio.median(), "×");
    }

    private String fill(Cell cell, Way way) {
        return Figures.of(
                results.spread(cell.toString(), way.name(), Trials.FILL).median());
    }

    private static String capital(String text) {
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }
}
