package io.microbatcher.benchmarks.report;

import io.microbatcher.benchmarks.Spread;
import java.util.ArrayList;
import java.util.List;

/** Horizontal bars with the range over the forks as a whisker; linear, from zero. */
public final class BarChart {
    private static final int WIDTH = 820;
    private static final int LEFT = 260;
    private static final int RIGHT = 150;
    private static final int TOP = 44;
    private static final int ROW = 24;

    private final String title;
    private final List<Row> rows = new ArrayList<>();

    public BarChart(String title) {
        this.title = title;
    }

    private record Row(String label, Spread values, boolean ours) {}

    public BarChart add(String label, Spread values, boolean ours) {
        if (!values.isEmpty()) {
            rows.add(new Row(label, values, ours));
        }
        return this;
    }

    public String svg() {
        double max = rows.stream().mapToDouble(row -> row.values().max()).max().orElse(1);
        Svg svg = new Svg(WIDTH, TOP + ROW * Math.max(1, rows.size()) + 16);
        svg.text(12, 24, "start", "title", title);
        double scale = (WIDTH - LEFT - RIGHT) / (max <= 0 ? 1 : max);
        int y = TOP;
        for (Row row : rows) {
            Spread values = row.values();
            svg.text(LEFT - 8, y + 15, "end", "label", row.label());
            svg.rectangle(LEFT, y + 3, values.median() * scale, ROW - 8, row.ours() ? "ours" : "other");
            double middle = y + ROW / 2.0 - 1;
            svg.line(LEFT + values.min() * scale, middle, LEFT + values.max() * scale, middle, "whisker");
            svg.text(LEFT + values.max() * scale + 6, y + 15, "start", "label", Figures.of(values.median()));
            y += ROW;
        }
        return svg.toString();
    }
}
