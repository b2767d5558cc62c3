package io.microbatcher.cli.tune;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The trade as a picture, SVG: calls of the backend to the right, latency upwards, both logarithmic. Each candidate that
 * keeps up is a line from its mean (a ring) to its 99th percentile (a dot); those in the table have its numbers. Readable
 * on a light and on a dark page.
 */
final class Plot {
    private static final int WIDTH = 1_020;
    private static final int HEIGHT = 560;
    private static final int LEFT = 90;
    private static final int RIGHT = 640;
    private static final int TOP = 70;
    private static final int BOTTOM = 490;
    private static final int LEGEND = RIGHT + 30;
    private static final int ROW = 22;

    private static final String STYLE = "text{font:13px system-ui,sans-serif;fill:#1f2937}"
            + ".paper{fill:#ffffff}.grid{stroke:#d1d5db}.axis{stroke:#6b7280}.title{font-size:16px;font-weight:600}"
            + ".strong{font-weight:700}.faint{opacity:.35}.mark{fill:none;stroke:#1f2937;stroke-width:2}"
            + ".adaptive{stroke:#3b82f6;color:#3b82f6}.natural{stroke:#16a34a;color:#16a34a}"
            + ".age{stroke:#ea580c;color:#ea580c}.target{stroke:#a855f7;color:#a855f7}"
            + ".none{stroke:#6b7280;color:#6b7280}.dot{fill:currentColor}.ring{fill:none}"
            + "@media(prefers-color-scheme:dark){text{fill:#e5e7eb}.paper{fill:#111827}.grid{stroke:#374151}"
            + ".axis{stroke:#9ca3af}.mark{stroke:#e5e7eb}}";

    private final Report report;
    private final List<Outcome> drawn;
    private final LogScale calls;
    private final LogScale latency;
    private final List<double[]> labels = new ArrayList<>();
    private final StringBuilder svg = new StringBuilder();

    Plot(Report report) {
        this.report = report;
        this.drawn = report.trials().thatKeepUp();
        this.calls = LogScale.of(drawn.stream().map(Outcome::callsPerSecond), LEFT, RIGHT);
        this.latency =
                LogScale.of(drawn.stream().flatMap(one -> Stream.of(one.meanNanos(), one.p99Nanos())), BOTTOM, TOP);
    }

    String svg() {
        add(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" role=\"img\">",
                WIDTH, HEIGHT);
        add("<title>Latency against calls of the backend</title>");
        add("<style>%s</style>", STYLE);
        add("<rect class=\"paper\" width=\"%d\" height=\"%d\"/>", WIDTH, HEIGHT);
        Setting setting = report.trials().setting();
        text(LEFT, 28, "title", "start", "Latency against calls of the backend");
        text(
                LEFT,
                48,
                "",
                "start",
                setting.workload() + "; a batch costs " + setting.cost() + "; " + setting.served()
                        + " served at a time");
        axes();
        drawn.stream().sorted(Comparator.comparingInt(report::numberOf)).forEach(this::candidate);
        legend();
        add("</svg>");
        return svg.toString();
    }

    private void axes() {
        for (double tick : calls.ticks()) {
            double x = calls.at(tick);
            add("<line class=\"grid\" x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\"/>", x, TOP, x, BOTTOM);
            text(x, BOTTOM + 20, "", "middle", Figures.count(tick));
        }
        for (double tick : latency.ticks()) {
            double y = latency.at(tick);
            add("<line class=\"grid\" x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\"/>", LEFT, y, RIGHT, y);
            text(LEFT - 8, y + 4, "", "end", Figures.nanos(tick));
        }
        add("<line class=\"axis\" x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/>", LEFT, BOTTOM, RIGHT, BOTTOM);
        add("<line class=\"axis\" x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/>", LEFT, TOP, LEFT, BOTTOM);
        text((LEFT + RIGHT) / 2.0, BOTTOM + 45, "strong", "middle", "calls of the backend in a second");
    }

    private void candidate(Outcome outcome) {
        int number = report.numberOf(outcome);
        double x = calls.at(outcome.callsPerSecond());
        double mean = latency.at(outcome.meanNanos());
        double p99 = latency.at(outcome.p99Nanos());
        add("<g class=\"candidate %s%s\">", kind(outcome.candidate()), number == 0 ? " faint" : "");
        add(
                "<title>%s: mean %s, 99 %% %s, %s calls/s</title>",
                escaped(outcome.candidate().toString()),
                Figures.nanos(outcome.meanNanos()),
                Figures.nanos(outcome.p99Nanos()),
                Figures.count(outcome.callsPerSecond()));
        add("<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>", x, mean, x, p99);
        add("<circle class=\"ring\" cx=\"%.1f\" cy=\"%.1f\" r=\"4\" stroke-width=\"2\"/>", x, mean);
        add("<circle class=\"dot\" cx=\"%.1f\" cy=\"%.1f\" r=\"4\"/>", x, p99);
        add("</g>");
        if (report.isRecommended(outcome)) {
            add(
                    "<rect class=\"mark recommended\" x=\"%.1f\" y=\"%.1f\" width=\"20\" height=\"%.1f\" rx=\"10\"/>",
                    x - 10, Math.min(mean, p99) - 10, Math.abs(mean - p99) + 20);
        }
        if (number > 0) {
            label(x, p99, number, report.isRecommended(outcome) ? "strong" : "");
        }
    }

    /** Puts a number beside its dot, where it covers no other number. */
    private void label(double x, double y, int number, String style) {
        double[][] places = {{14, 4}, {-18, 4}, {14, -10}, {-18, -10}, {-2, -14}, {14, 18}, {-18, 18}, {-2, 24}};
        double[] place = Stream.iterate(1.0, by -> by + 0.6)
                .limit(6)
                .flatMap(by -> Stream.of(places).map(at -> new double[] {x + at[0] * by, y + at[1] * by}))
                .filter(at -> labels.stream()
                        .noneMatch(other -> Math.abs(other[0] - at[0]) < 18 && Math.abs(other[1] - at[1]) < 14))
                .findFirst()
                .orElse(new double[] {x, y});
        labels.add(place);
        text(place[0], place[1], style, "start", String.valueOf(number));
    }

    private void legend() {
        double y = TOP + 4;
        for (Outcome row : report.rows()) {
            String style = report.isRecommended(row) ? "strong" : "";
            String mark = report.isRecommended(row) ? " *" : report.isTrap(row) ? " !" : "";
            text(LEGEND + 16, y, style, "end", String.valueOf(report.numberOf(row)));
            text(LEGEND + 26, y, style, "start", row.candidate() + mark);
            y += ROW;
        }
        y += ROW / 2.0;
        key(y, "none", "no batching");
        key(y + ROW, "adaptive", "adaptive");
        key(y + 2 * ROW, "natural", "natural");
        key(y + 3 * ROW, "age", "size or age");
        key(y + 4 * ROW, "target", "latency target");
        text(LEGEND, y + 5.5 * ROW, "", "start", "dot: 99 of 100 jobs; ring: mean");
        text(LEGEND, y + 6.5 * ROW, "", "start", "* recommended; ! the trap");
        if (report.overloaded() > 0) {
            text(LEGEND, y + 7.5 * ROW, "", "start", report.overloaded() + " that cannot keep up are not drawn");
        }
    }

    private void key(double y, String kind, String words) {
        add("<circle class=\"dot %s\" cx=\"%d\" cy=\"%.1f\" r=\"4\"/>", kind, LEGEND + 12, y - 4);
        text(LEGEND + 26, y, "", "start", words);
    }

    private static String kind(Candidate candidate) {
        if (!candidate.batches()) {
            return "none";
        }
        return switch (candidate.rule()) {
            case ADAPTIVE -> "adaptive";
            case NATURAL -> "natural";
            case SIZE_OR_AGE -> "age";
            case LATENCY_TARGET -> "target";
        };
    }

    private void text(double x, double y, String style, String anchor, String words) {
        add(
                "<text class=\"%s\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>",
                style, x, y, anchor, escaped(words));
    }

    private void add(String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values)).append('\n');
    }

    private static String escaped(String words) {
        return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
