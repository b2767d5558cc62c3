package io.microbatcher.cli.demo;

import io.microbatcher.BatcherStats;
import io.microbatcher.DispatchReason;
import java.io.PrintWriter;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;

/** The table of what was measured, and what it says. */
final class Verdict {
    /** Past this, two runs had different disks under them. */
    private static final double UNSTEADY = 2;

    private static final int LINE = 96;

    private final int callers;
    private final List<Comparison.Run> runs;
    private final List<String> logged;

    Verdict(int callers, List<Comparison.Run> runs, List<String> logged) {
        this.callers = callers;
        this.runs = runs;
        this.logged = logged;
    }

    void print(PrintWriter out) {
        out.println();
        table().lines().forEach(out::println);
        out.println();
        tellOfTheDisk(out);
        runs.stream()
                .filter(run -> run.batchSize() > callers)
                .findFirst()
                .ifPresent(run -> tellOfBatchesThatNobodyFills(out, run));
        out.flush();
    }

    private Table table() {
        Table table = new Table("", "calls/s", "median", "99 %", "batches", "mean fill", "lone commit", "ratio");
        double alone = runs.get(0).outcome().callsPerSecond();
        for (Comparison.Run run : runs) {
            Load.Outcome outcome = run.outcome();
            BatcherStats stats = run.stats();
            table.add(
                    run.name(),
                    format("%,.0f", outcome.callsPerSecond()),
                    millis(outcome.latencyNanos(0.5) / 1e6),
                    millis(outcome.latencyNanos(0.99) / 1e6),
                    stats == null ? "-" : format("%,d", stats.batches()),
                    stats == null ? "-" : format("%,.1f", stats.meanBatchSize()),
                    millis(run.commitMillis()),
                    alone == 0 ? "-" : format("%.1f", outcome.callsPerSecond() / alone));
        }
        return table;
    }

    private void tellOfTheDisk(PrintWriter out) {
        DoubleSummaryStatistics commits =
                runs.stream().mapToDouble(Comparison.Run::commitMillis).summaryStatistics();
        out.printf(Locale.ROOT, """
                This machine's fsync rules these figures: a lone commit of one row took %s. The slower it is,
                the more a batch saves; where it costs nothing, there is nothing to save.
                """, millis(runs.get(0).commitMillis()));
        if (commits.getMax() > commits.getMin() * UNSTEADY) {
            out.printf(Locale.ROOT, """
                    THE DISK WAS NOT STEADY: a lone commit took %s before one run and %s before another.
                    Run this again on a quiet machine before you believe the last column.
                    """, millis(commits.getMin()), millis(commits.getMax()));
        }
    }

    private void tellOfBatchesThatNobodyFills(PrintWriter out, Comparison.Run run) {
        BatcherStats stats = run.stats();
        if (stats == null) {
            return;
        }
        out.printf(
                Locale.ROOT,
                """

                A batchSize of %,d is more than %,d callers can fill, for each waits for its own row: %,d of
                %,d batches left by AGE, after a batchCycle of %d ms spent waiting for jobs that could not come.
                Choose no more than there are callers, or DispatchPolicy.natural(), which takes what is there
                as soon as the processor is free.
                """,
                run.batchSize(),
                callers,
                stats.batches(DispatchReason.AGE),
                stats.batches(),
                Comparison.BATCH_CYCLE.toMillis());
        logged.forEach(message -> {
            out.printf("%nIt noticed, and logged:%n");
            out.print(message.replaceAll("(.{1," + LINE + "})( |$)", "  $1\n")); // at blanks, as long as they fit
        });
    }

    private static String millis(double millis) {
        return format("%,.2f ms", millis);
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
