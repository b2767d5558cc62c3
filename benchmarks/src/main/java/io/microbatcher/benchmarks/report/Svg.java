package io.microbatcher.benchmarks.report;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A picture with a white ground, readable in a light and in a dark page. */
final class Svg {
    static final String OURS = "#c2410c";
    private static final List<String> PALETTE =
            List.of("#2563eb", "#0d9488", "#7c3aed", "#64748b", "#ca8a04", "#be185d", "#4d7c0f", "#0369a1");
    static final int COLORS = PALETTE.size();

    private final StringBuilder body = new StringBuilder();
    private final int width;
    private final int height;

    Svg(int width, int height) {
        this.width = width;
        this.height = height;
    }

    static String color(int index) {
        return PALETTE.get(index % COLORS);
    }

    void text(double x, double y, String anchor, String kind, String text) {
        add(
                "<text x=\"%s\" y=\"%s\" text-anchor=\"%s\" class=\"%s\">%s</text>",
                n(x), n(y), anchor, kind, escape(text));
    }

    void rectangle(double x, double y, double wide, double high, String kind) {
        add("<rect x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" class=\"%s\"/>", n(x), n(y), n(wide), n(high), kind);
    }

    void line(double x1, double y1, double x2, double y2, String kind) {
        add("<line x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\" class=\"%s\"/>", n(x1), n(y1), n(x2), n(y2), kind);
    }

    void path(List<double[]> points, String color, String dash) {
        if (points.isEmpty()) {
            return;
        }
        String corners = points.stream().map(p -> n(p[0]) + "," + n(p[1])).collect(Collectors.joining(" "));
        add(
                "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"%s/>",
                corners, color, dash.isEmpty() ? "" : " stroke-dasharray=\"" + dash + "\"");
        for (double[] point : points) {
            add("<circle cx=\"%s\" cy=\"%s\" r=\"2.5\" fill=\"%s\"/>", n(point[0]), n(point[1]), color);
        }
    }

    private void add(String format, Object... parts) {
        body.append(String.format(Locale.ROOT, format, parts)).append('\n');
    }

    private static String n(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, """
                <svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" role="img">
                <style>
                text { font-family: system-ui, sans-serif; fill: #1f2937 }
                .title { font-size: 15px; font-weight: 600 }
                .label { font-size: 12px }
                .ours { fill: %s }
                .other { fill: #94a3b8 }
                .whisker { stroke: #1f2937; stroke-width: 1.5 }
                .grid { stroke: #e5e7eb }
                </style>
                <rect width="%d" height="%d" fill="#ffffff"/>
                %s</svg>
                """, width, height, width, height, OURS, width, height, body);
    }
}
