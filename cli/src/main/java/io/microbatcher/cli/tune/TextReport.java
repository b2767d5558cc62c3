package io.microbatcher.cli.tune;

import io.microbatcher.cli.text.Table;
import java.io.PrintWriter;
import java.util.List;

/** The report for people: the setting, the table, what to write and why. */
final class TextReport {
    private static final int LINE = 100;

    private final Report report;
    private final PrintWriter out;

    TextReport(Report report, PrintWriter out) {
        this.report = report;
        this.out = out;
    }

    void write() {
        report.fit().ifPresent(this::fit);
        Setting setting = report.trials().setting();
        wrap(setting.workload() + "; a batch costs " + setting.cost() + "; the backend serves " + setting.served()
                + " at a time.");
        int tried = report.trials().outcomes().size();
        String overloaded = report.overloaded() == 0 ? "" : ", " + report.overloaded() + " of which cannot keep up";
        if (report.advice().isEmpty()) {
            out.println();
            wrap(report.overload());
            return;
        }
        wrap(tried + " configurations tried" + overloaded + ", " + Figures.count(setting.jobs()) + " jobs each, seed "
                + setting.seed() + ". Those worth a look, the fastest first:");
        out.println();
        table().forEach(out::println);
        out.println();
        advice(report.advice().get());
        report.trials().trap().ifPresent(this::trap);
    }

    void check(Check check) {
        out.println();
        wrap("Check: the recommended configuration on threads and in real time, "
                + Figures.count(check.measured().jobsPerSecond()) + " jobs/s:");
        out.println();
        check.table().forEach(out::println);
    }

    private void fit(Fit fit) {
        Table table = new Table("jobs", "runs", "median", "line", "error");
        for (Fit.Runs runs : fit.sizes()) {
            table.add(
                    String.valueOf(runs.jobs()),
                    String.valueOf(runs.nanos().size()),
                    Figures.nanos(runs.medianNanos()),
                    Figures.nanos(fit.cost().meanNanos(runs.jobs())),
                    Figures.percent(fit.error(runs)));
        }
        wrap("The command was measured, one batch at a time. The line through the medians is "
                + Figures.nanos(fit.cost().fixedNanos()) + " + "
                + Figures.nanos(fit.cost().perJobNanos())
                + "·n; it is off by " + Figures.percent(fit.worstError()) + " at most. Single runs scatter by "
                + Figures.percent(fit.cost().noise()) + ".");
        out.println();
        table.lines().forEach(out::println);
        out.println();
    }

    private List<String> table() {
        Table table = new Table("", "jobs/s", "mean", "99 %", "calls/s", "jobs a call");
        for (Outcome row : report.rows()) {
            String mark = report.isRecommended(row) ? "*" : report.isTrap(row) ? "!" : " ";
            table.add(
                    String.format("%2d %s %s", report.numberOf(row), mark, row.candidate()),
                    Figures.count(row.jobsPerSecond()),
                    Figures.nanos(row.meanNanos()),
                    Figures.nanos(row.p99Nanos()),
                    Figures.count(row.callsPerSecond()),
                    Figures.count(row.jobsPerCall()));
        }
        return table.lines();
    }

    private void advice(Advice advice) {
        out.println("* Recommended: " + advice.chosen().candidate());
        out.println();
        out.println("    MicroBatcher.builder(processor)");
        advice.chosen().candidate().code().forEach(line -> out.println("            " + line));
        out.println("            .build();");
        out.println();
        wrap(advice.reason());
    }

    private void trap(Outcome trap) {
        out.println();
        wrap("! The trap: " + trap.candidate() + ". "
                + report.trials().setting().workload()
                + " cannot fill a batch of " + trap.candidate().batchSize() + ", so " + Figures.percent(trap.agedPart())
                + " of the batches wait the whole cycle of "
                + Figures.duration(trap.candidate().limit()) + " for nobody: the mean latency is "
                + Figures.nanos(trap.meanNanos()) + ".");
    }

    private void wrap(String text) {
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ", -1)) {
            if (line.length() + word.length() >= LINE) {
                out.println(line.toString().stripTrailing());
                line.setLength(0);
            }
            line.append(word).append(' ');
        }
        out.println(line.toString().stripTrailing());
    }
}
