package io.microbatcher.cli.pipe;

import io.microbatcher.BatcherStats;
import io.microbatcher.DispatchReason;
import java.util.Locale;

/** What the run has done, for people or for programs. */
final class Summary {
    /** How it is written. */
    enum Form {
        TEXT,
        JSON,
        NONE
    }

    private final Tally tally;
    private final BatcherStats stats;
    private final Watcher watcher;
    private final long nanos;
    private final int exitCode;

    Summary(Tally tally, BatcherStats stats, Watcher watcher, long nanos, int exitCode) {
        this.tally = tally;
        this.stats = stats;
        this.watcher = watcher;
        this.nanos = nanos;
        this.exitCode = exitCode;
    }

    String text() {
        StringBuilder text = new StringBuilder()
                .append(Amounts.count(tally.read.get()))
                .append(" read, ")
                .append(Amounts.count(tally.succeeded.get()))
                .append(" succeeded, ")
                .append(Amounts.count(tally.failed.get()))
                .append(" failed");
        appendUnlessNone(text, tally.unprocessed.get(), " unprocessed");
        appendUnlessNone(text, tally.unwritten.get(), " processed but unwritten");
        long surplus = tally.surplus.get();
        appendUnlessNone(text, surplus, surplus == 1 ? " result without a job" : " results without a job");
        return text.append(" in ")
                .append(Amounts.time(nanos))
                .append(" (")
                .append(Amounts.rate(tally.ended(), nanos))
                .append("); ")
                .append(Amounts.count(stats.batches(), "batch"))
                .append(", ")
                .append(Amounts.percent(stats.meanBatchFill()))
                .append(" full; no line waited longer than ")
                .append(Amounts.time(watcher.longestNanos()))
                .append(" for its batch")
                .toString();
    }

    private static void appendUnlessNone(StringBuilder text, long count, String what) {
        if (count > 0) {
            text.append(", ").append(Amounts.count(count)).append(what);
        }
    }

    String json() {
        StringBuilder json = new StringBuilder("{");
        append(json, "read", tally.read.get());
        append(json, "succeeded", tally.succeeded.get());
        append(json, "failed", tally.failed.get());
        append(json, "unprocessed", tally.unprocessed.get());
        append(json, "unwritten", tally.unwritten.get());
        append(json, "surplus", tally.surplus.get());
        append(json, "batches", stats.batches());
        for (DispatchReason reason : DispatchReason.values()) {
            append(json, "batches_by_" + reason.name().toLowerCase(Locale.ROOT), stats.batches(reason));
        }
        append(json, "longest_wait_ms", watcher.longestNanos() / 1_000_000);
        append(json, "duration_ms", nanos / 1_000_000);
        json.append(String.format(Locale.ROOT, "\"batch_fill\":%.4f,", stats.meanBatchFill()));
        return json.append("\"exit_status\":").append(exitCode).append('}').toString();
    }

    private static void append(StringBuilder json, String name, long value) {
        json.append('"').append(name).append("\":").append(value).append(',');
    }
}
