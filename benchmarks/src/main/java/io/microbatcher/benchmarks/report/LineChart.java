package io.microbatcher.benchmarks.report;

import io.microbatcher.benchmarks.Spread;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/** Lines over a common axis, logarithmic where it is told to be; dots at the measured points. */
public final class LineChart {
    private static final int WIDTH = 860;
    private static final int HEIGHT = 440;
    private static final int LEFT = 80;
    private static final int RIGHT = 270;
    private static final int TOP = 64;
    private static final int BOTTOM = 52;

    private final String title;
    private final String xTitle;
    private final String yTitle;
    private final boolean logarithmicX;
    private final boolean logarithmicY;
    private final List<Line> lines = new ArrayList<>();

    public LineChart(String title, String xTitle, String yTitle, boolean logarithmicX, boolean logarithmicY) {
        this.title = title;
        this.xTitle = xTitle;
        this.yTitle = yTitle;
        this.logarithmicX = logarithmicX;
        this.logarithmicY = logarithmicY;
    }

    private record Point(double x, double y) {}

    private record Line(String name, List<Point> points, boolean ours) {}

    /** One line; the methods of the answer add its points. */
    public Points line(String name, boolean ours) {
        Line line = new Line(name, new ArrayList<>(), ours);
        lines.add(line);
        return new Points(line);
    }

    /** Takes the points of one line. */
    public final class Points {
        private final Line line;

        private Points(Line line) {
            this.line = line;
        }

        public void at(double x, Spread y) {
            if (!y.isEmpty()) {
                at(x, y.median());
            }
        }

        public void at(double x, double y) {
            if (!Double.isNaN(y) && (!logarithmicY || y > 0) && (!logarithmicX || x > 0)) {
                line.points().add(new Point(x, y));
            }
        }
    }

    public String svg() {
        List<Point> all = lines.stream().flatMap(line -> line.points().stream()).toList();
        Svg svg = new Svg(WIDTH, HEIGHT);
        svg.text(12, 24, "start", "title", title);
        if (all.isEmpty()) {
            return svg.toString();
        }
        Axis x = new Axis(all.stream().mapToDouble(Point::x).toArray(), logarithmicX, LEFT, WIDTH - RIGHT);
        Axis y = new Axis(all.stream().mapToDouble(Point::y).toArray(), logarithmicY, HEIGHT - BOTTOM, TOP);
        for (double tick : x.ticks()) {
            svg.line(x.at(tick), TOP, x.at(tick), HEIGHT - BOTTOM, "grid");
            svg.text(x.at(tick), HEIGHT - BOTTOM + 16, "middle", "label", Axis.text(tick));
        }
        for (double tick : y.ticks()) {
            svg.line(LEFT, y.at(tick), WIDTH - RIGHT, y.at(tick), "grid");
            svg.text(LEFT - 6, y.at(tick) + 4, "end", "label", Axis.text(tick));
        }
        svg.text((LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 12, "middle", "label", xTitle);
        svg.text(12, TOP - 18, "start", "label", yTitle);
        int row = 0;
        for (Line line : lines) {
            String color = line.ours() ? Svg.OURS : Svg.color(row);
            String dash = line.ours() || row < Svg.COLORS ? "" : "5 3";
            svg.path(
                    line.points().stream()
                            .map(p -> new double[] {x.at(p.x()), y.at(p.y())})
                            .toList(),
                    color,
                    dash);
            svg.path(
                    List.of(
                            new double[] {WIDTH - RIGHT + 14, TOP + 8 + 18 * row},
                            new double[] {WIDTH - RIGHT + 34, TOP + 8 + 18 * row}),
                    color,
                    dash);
            svg.text(WIDTH - RIGHT + 40, TOP + 12 + 18 * row, "start", "label", line.name());
            row++;
        }
        return svg.toString();
    }

    /** One axis: what it spans, and where a value lies on it. */
    private static final class Axis {
        private final double low;
        private final double high;
        private final boolean logarithmic;
        private final DoubleUnaryOperator place;

        Axis(double[] values, boolean logarithmic, double from, double to) {
            double min = java.util.Arrays.stream(values).min().orElse(0);
            double max = java.util.Arrays.stream(values).max().orElse(1);
            this.logarithmic = logarithmic;
            this.low = logarithmic ? Math.pow(10, Math.floor(Math.log10(min))) : Math.min(0, min);
            double top = logarithmic ? Math.pow(10, Math.ceil(Math.log10(max))) : max * 1.05;
            this.high = top > low ? top : low + 1;
            this.place = logarithmic
                    ? value -> from + (to - from) * Math.log10(value / low) / Math.log10(high / low)
                    : value -> from + (to - from) * (value - low) / (high - low);
        }

        double at(double value) {
            return place.applyAsDouble(value);
        }

        List<Double> ticks() {
            List<Double> ticks = new ArrayList<>();
            if (logarithmic) {
                for (double tick = low; tick <= high * 1.001; tick *= 10) {
                    ticks.add(tick);
                }
            } else {
                double rough = (high - low) / 5;
                double unit = Math.pow(10, Math.floor(Math.log10(rough)));
                double step = rough / unit > 5 ? 10 * unit : rough / unit > 2 ? 5 * unit : 2 * unit;
                for (double tick = Math.ceil(low / step) * step; tick <= high; tick += step) {
                    ticks.add(tick);
                }
            }
            return ticks;
        }

        static String text(double tick) {
            return Math.abs(tick - Math.rint(tick)) < 1e-9
                    ? String.format(java.util.Locale.ROOT, "%,.0f", tick)
                    : String.format(java.util.Locale.ROOT, "%.3g", tick);
        }
    }
}
