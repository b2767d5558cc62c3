package io.microbatcher.benchmarks.soak;

import io.microbatcher.benchmarks.report.Figures;
import io.microbatcher.benchmarks.report.LineChart;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/** The page: one file of HTML, pictures included. */
final class Report {
    /** More points than this are no longer seen apart. */
    private static final int MOST_POINTS = 200;

    private static final String HEAD = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>Micro-Batcher: a soak</title>
            <style>
            body { font-family: system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1f2937 }
            table { border-collapse: collapse; margin: 1rem 0 }
            th, td { border: 1px solid #d1d5db; padding: .3rem .6rem; text-align: left }
            td.n { text-align: right; font-variant-numeric: tabular-nums }
            .held { color: #15803d } .broken { color: #b91c1c; font-weight: 600 }
            svg { max-width: 100%; height: auto }
            </style>
            </head>
            <body>
            """;

    private final SoakOptions options;
    private final String started;
    private final Map<String, String> facts;
    private final Totals totals;
    private final Faults faults;
    private final List<Sampler.Sample> samples;
    private final Verdict verdict;
    private final StringBuilder page = new StringBuilder(HEAD);

    Report(
            SoakOptions options,
            String started,
            Map<String, String> facts,
            Totals totals,
            Faults faults,
            List<Sampler.Sample> samples,
            Verdict verdict) {
        this.options = options;
        this.started = started;
        this.facts = facts;
        this.totals = totals;
        this.faults = faults;
        this.samples = samples;
        this.verdict = verdict;
    }

    String page() {
        page.append("<h1>A soak of the Micro-Batcher</h1>\n");
        page.append("<p>Every feature at the same time, with faults, against a database: ")
                .append(escape(String.valueOf(facts.get("database"))))
                .append(". <code>./soak --minutes ")
                .append(Figures.of(options.minutes()))
                .append(" --seed ")
                .append(options.seed())
                .append("</code>, begun ")
                .append(started)
                .append(".</p>\n");
        verdict();
        books();
        drift();
        pictures();
        scenarios();
        counts("What went wrong on purpose", "fault", faults.counts());
        counts("How jobs ended that have no result", "what the caller saw", totals.endings());
        page.append("<h2>Machine</h2>\n<table>\n");
        new TreeMap<>(facts).forEach((what, value) -> row(what, escape(value)));
        page.append("</table>\n</body>\n</html>\n");
        return page.toString();
    }

    private void verdict() {
        if (verdict.holds()) {
            page.append("<p class=\"held\">Every check has held.</p>\n");
            return;
        }
        page.append("<p class=\"broken\">Not every check has held.</p>\n<ul>\n");
        verdict.complaints()
                .forEach(each -> page.append("<li>").append(escape(each)).append("</li>\n"));
        page.append("</ul>\n");
    }

    private void books() {
        page.append(
                "<h2>The books</h2>\n<p>A scenario goes on for a few seconds at a time. Then its batchers are closed, and "
                        + "what each caller was told is compared with the rows in the database: what was acknowledged is there, what "
                        + "failed as not written is not, each row is there once with its own amount, rows of ordered keys are in "
                        + "order, every caller was answered exactly once, and nothing is pending. Of jobs whose caller gave up or "
                        + "whose connection broke during the commit only the database knows; what it has of them is added.</p>\n"
                        + "<table>\n");
        row("rounds", count(totals.rounds()));
        row("jobs", count(totals.jobs()));
        row("batches", count(totals.batches()));
        totals.outcomes().forEach((what, count) -> row("jobs: " + what, count(count)));
        row("sum in the database", count(totals.sum()));
        row("sum of what was acknowledged", count(totals.acknowledgedSum()));
        row("sum of what only the database knew", count(totals.recoveredSum()));
        page.append("</table>\n");
    }

    private void drift() {
        page.append(
                "<h2>Drift</h2>\n<p>Medians of the first and of the last third of the samples, one a second. Figures of "
                        + "time depend on what else the machine does, and are not judged; nor is a run of less than a minute."
                        + "</p>\n<table>\n<tr><th></th><th>first third</th><th>last third</th><th>at most</th><th></th></tr>\n");
        for (Drift drift : verdict.drifts()) {
            page.append("<tr><td>").append(drift.what()).append("</td>");
            for (double value : new double[] {drift.first(), drift.last(), drift.most()}) {
                page.append("<td class=\"n\">").append(Figures.of(value)).append("</td>");
            }
            String judged = !drift.isJudged() ? "" : drift.holds() ? "held" : "broken";
            page.append("<td class=\"")
                    .append(judged)
                    .append("\">")
                    .append(judged)
                    .append("</td></tr>\n");
        }
        page.append("</table>\n");
    }

    private void pictures() {
        page.append("<h2>Second by second</h2>\n");
        picture("Heap in use after a full collection", "MiB", Map.of("heap", Sampler.Sample::heapMegabytes));
        picture("Threads", "threads", Map.of("threads", Sampler.Sample::threads));
        picture("Jobs answered", "jobs/s", Map.of("jobs", Sampler.Sample::jobsPerSecond));
        picture(
                "From submission to answer",
                "ms",
                new TreeMap<>(Map.of("half", Sampler.Sample::medianMillis, "99 of 100", Sampler.Sample::tailMillis)));
    }

    private void picture(String title, String unit, Map<String, ToDoubleFunction<Sampler.Sample>> figures) {
        LineChart chart = new LineChart(title, "seconds", unit, false, false);
        figures.forEach((name, figure) -> {
            LineChart.Points points = chart.line(name, figures.size() == 1);
            int step = Math.max(1, (samples.size() + MOST_POINTS - 1) / MOST_POINTS);
            for (int i = 0; i + step <= samples.size(); i += step) {
                double[] group = samples.subList(i, i + step).stream()
                        .mapToDouble(figure)
                        .sorted()
                        .toArray();
                points.at(samples.get(i).second(), group[group.length / 2]);
            }
        });
        page.append(chart.svg());
    }

    private void scenarios() {
        page.append("<h2>Scenarios</h2>\n<table>\n<tr><th>scenario</th><th>uses</th></tr>\n");
        for (Scenario scenario : Scenario.all()) {
            row(scenario.name(), scenario.exercises());
        }
        page.append("</table>\n");
    }

    private void counts(String title, String what, Map<String, Long> counts) {
        page.append("<h2>").append(title).append("</h2>\n<table>\n<tr><th>").append(what);
        page.append("</th><th>times</th></tr>\n");
        counts.forEach((each, count) -> row(each, count(count)));
        page.append("</table>\n");
    }

    private static String count(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    private void row(String name, String value) {
        page.append("<tr><td>").append(escape(name)).append("</td><td>");
        page.append(value).append("</td></tr>\n");
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
