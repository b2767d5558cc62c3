package io.microbatcher.cli.demo;

import io.microbatcher.BatcherStats;
import io.microbatcher.DispatchReason;
import io.microbatcher.MicroBatcher;
import io.microbatcher.cli.text.Table;
import java.io.PrintWriter;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** The table of what was measured, and what it says. */
final class Verdict {
    /** Past this, two rounds had different disks under them. */
    private static final double UNSTEADY = 2;

    private static final int LINE = 96;

    private final int callers;
    private final List<Way> ways;
    private final List<Double> commitMillis;
    private final List<String> logged;

    Verdict(int callers, List<Way> ways, List<Double> commitMillis, List<String> logged) {
        this.callers = callers;
        this.ways = ways;
        this.commitMillis = commitMillis;
        this.logged = logged;
    }

    void print(PrintWriter out) {
        out.println();
        table().lines().forEach(out::println);
        out.println();
        if (comparable()) {
            out.printf(
                    "ratio: calls/s beside one at a time; lowest and highest: of the %d rounds that were measured.%n%n",
                    alone().size());
        }
        tellOfTheDisk(out);
        for (Way way : ways) {
            if (way.batcher() != null && way.batchSize() > callers) {
                tellOfBatchesThatNobodyFills(out, way, way.batcher());
            }
        }
        logged.forEach(message -> {
            out.printf("%nThe library noticed, and logged:%n");
            out.print(message.replaceAll("(.{1," + LINE + "})( |$)", "  $1\n")); // at blanks, as long as they fit
        });
        out.flush();
    }

    private Table table() {
        Table table = new Table("", "calls/s", "median", "99 %", "batches", "mean fill", "ratio", "lowest and highest");
        for (Way way : ways) {
            long[] latencies = way.load().sortedLatencyNanos();
            BatcherStats stats = way.batcher() == null ? null : way.batcher().stats();
            List<Double> ratios = ratios(way);
            table.add(
                    way.name(),
                    format("%,.0f", mean(way.load().callsPerSecond())),
                    millis(within(0.5, latencies)),
                    millis(within(0.99, latencies)),
                    stats == null ? "-" : format("%,d", stats.batches()),
                    stats == null ? "-" : format("%,.1f", stats.meanBatchSize()),
                    comparable() ? format("%.1f", mean(way.load().callsPerSecond()) / mean(alone())) : "-",
                    stats == null || !comparable()
                            ? "-"
                            : format("%.1f to %.1f", Collections.min(ratios), Collections.max(ratios)));
        }
        return table;
    }

    private List<Double> alone() {
        return ways.get(0).load().callsPerSecond();
    }

    /** A turn so short, or a disk so slow, that no call ended within it, is nothing to compare with. */
    private boolean comparable() {
        return Collections.min(alone()) > 0;
    }

    private List<Double> ratios(Way way) {
        List<Double> rates = way.load().callsPerSecond();
        return IntStream.range(0, rates.size())
                .mapToObj(round -> rates.get(round) / alone().get(round))
                .toList();
    }

    private static double mean(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).average().orElse(0);
    }

    /** Tells what a part of the sorted values stays within, in milliseconds. Not a number if there are none. */
    private static double within(double part, long[] sortedNanos) {
        int count = sortedNanos.length;
        return count == 0 ? Double.NaN : sortedNanos[Math.max(0, (int) Math.ceil(count * part) - 1)] / 1e6;
    }

    private void tellOfTheDisk(PrintWriter out) {
        double fastest = Collections.min(commitMillis);
        double slowest = Collections.max(commitMillis);
        out.printf(Locale.ROOT, """
                This machine's fsync rules these figures: with nobody else writing, a commit of one row took
                %s at the start of the best round and %s of the worst. The slower it is, the more a batch
                saves; where it costs nothing, there is nothing to save.
                """, millis(fastest), millis(slowest));
        List<Double> alone = alone();
        if (slowest > fastest * UNSTEADY || Collections.max(alone) > Collections.min(alone) * UNSTEADY) {
            out.printf("""
                    The disk was not steady: other programs seem to use it. Look at the last column rather than
                    at the one before, or run this again on a quiet machine.
                    """);
        }
    }

    private void tellOfBatchesThatNobodyFills(PrintWriter out, Way way, MicroBatcher<Entry, Long> batcher) {
        BatcherStats stats = batcher.stats();
        if (stats.batches(DispatchReason.AGE) == 0) {
            return;
        }
        out.printf(
                Locale.ROOT,
                """

                A batchSize of %,d is more than the callers (%,d) can fill, for each waits for its own row: %,d of
                %,d batches left by AGE, after a batchCycle of %d ms spent waiting for jobs that could not come.
                Choose no more than there are callers, or leave batchCycle out: the adaptive policy waits for
                nobody who cannot come.
                """,
                way.batchSize(),
                callers,
                stats.batches(DispatchReason.AGE),
                stats.batches(),
                Way.BATCH_CYCLE.toMillis());
    }

    private static String millis(double millis) {
        return Double.isNaN(millis) ? "-" : format("%,.2f ms", millis);
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
