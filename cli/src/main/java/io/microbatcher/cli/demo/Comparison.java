package io.microbatcher.cli.demo;

import io.microbatcher.BatcherStats;
import io.microbatcher.DispatchPolicy;
import io.microbatcher.MicroBatcher;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The same callers write the same rows to the same file, one at a time and through the batcher. All that is printed was
 * measured in this run, and the rows are counted in the file afterwards.
 */
final class Comparison {
    static final Duration BATCH_CYCLE = Duration.ofMillis(5);

    private final PrintWriter out;
    private final Progress progress;
    private final Path file;
    private final int callers;
    private final int batchSize;
    private final Duration duration;

    private final List<Run> runs = new ArrayList<>();

    Comparison(PrintWriter out, Progress progress, Path file, int callers, int batchSize, Duration duration) {
        this.out = out;
        this.progress = progress;
        this.file = file;
        this.callers = callers;
        this.batchSize = batchSize;
        this.duration = duration;
    }

    /**
     * One way of writing, measured.
     *
     * @param batchSize the batcher's, 0 where there was none
     * @param commitMillis how long a transaction of one row took just before, with nobody else writing
     * @param stats null where there was no batcher
     */
    record Run(
            String name,
            int batchSize,
            double commitMillis,
            Load.Outcome outcome,
            @Nullable BatcherStats stats) {}

    /** Returns whether the file holds exactly what the callers were told. */
    boolean run() throws SQLException, IOException, InterruptedException, ExecutionException {
        introduce();
        try (LibraryLog log = new LibraryLog()) {
            measure();
            new Verdict(callers, runs, log.messages()).print(out);
        }
        return prove();
    }

    private void measure() throws SQLException, InterruptedException, ExecutionException {
        int moreThanCallers = Math.max(batchSize, callers * 2);
        try (Ledger ledger = new Ledger(file)) {
            ledger.probeMillis(); // the first ones measure the loading of classes
            oneAtATime(ledger);
            batched(ledger, batchSize, DispatchPolicy.sizeOrAge());
            if (batchSize <= callers) {
                batched(ledger, moreThanCallers, DispatchPolicy.sizeOrAge());
            }
            batched(ledger, moreThanCallers, DispatchPolicy.natural());
        }
    }

    private void introduce() throws IOException {
        String fileSystem =
                Files.getFileStore(file.toAbsolutePath().getParent()).type();
        out.printf(
                Locale.ROOT,
                """

                2. WHY: %,d CALLERS THAT EACH WRITE ROW AFTER ROW TO A DATABASE

                Each call writes one row to SQLite and returns when the row is on disk (journal_mode=WAL,
                synchronous=FULL: a commit waits for one fsync). The file is on %s:
                %s

                  one at a time   a transaction for each row, on one connection behind a lock: SQLite lets
                                  one writer in at a time, and a connection for each caller is slower
                  batchSize N     the same call through a MicroBatcher, a transaction for each batch,
                                  batchCycle %d ms

                Each way is measured for %.1f s, of which the first fifth warms up. Just before, a lone caller
                commits %d rows to see what the disk is worth at that moment: their median is "lone commit".

                """,
                callers,
                fileSystem,
                file,
                BATCH_CYCLE.toMillis(),
                duration.toNanos() / 1e9,
                Ledger.PROBES);
        if (fileSystem.equals("tmpfs")) {
            out.printf("Careful: tmpfs is memory, where an fsync costs nothing. Name a disk with --file.%n%n");
        }
        out.flush();
    }

    private void oneAtATime(Ledger ledger) throws SQLException, InterruptedException, ExecutionException {
        String name = "one at a time";
        double commitMillis = ledger.probeMillis();
        Load.Outcome outcome = load(name, ledger, ledger::write);
        runs.add(new Run(name, 0, commitMillis, outcome, null));
    }

    private void batched(Ledger ledger, int size, DispatchPolicy policy)
            throws SQLException, InterruptedException, ExecutionException {
        String name = String.format(Locale.ROOT, "batchSize %,d", size)
                + (policy == DispatchPolicy.natural() ? ", natural()" : "");
        double commitMillis = ledger.probeMillis();
        try (MicroBatcher<Entry, Long> batcher = MicroBatcher.<Entry, Long>builder(ledger::write)
                .name(name)
                .batchSize(size)
                .batchCycle(BATCH_CYCLE)
                .dispatchPolicy(policy)
                .build()) {
            Load.Outcome outcome = load(name, ledger, batcher::run);
            runs.add(new Run(name, size, commitMillis, outcome, batcher.stats()));
        }
    }

    private Load.Outcome load(String name, Ledger ledger, Load.Write write)
            throws InterruptedException, ExecutionException {
        int run = runs.size() + 1;
        long rowsBefore = ledger.rows();
        try {
            Load.Outcome outcome = new Load(callers, duration)
                    .run(run, write, seconds -> report(name, seconds, ledger.rows() - rowsBefore));
            progress.clear();
            out.printf(Locale.ROOT, "  %-24s %,12d rows written%n", name, outcome.calls());
            out.flush();
            return outcome;
        } finally {
            progress.clear();
        }
    }

    private void report(String name, double seconds, long rows) {
        progress.show(String.format(
                Locale.ROOT, "  %-24s %,12d rows, %.1f of %.1f s", name, rows, seconds, duration.toNanos() / 1e9));
    }

    private boolean prove() throws SQLException {
        Ledger.Proof proof = Ledger.prove(file, runs.stream().map(Run::outcome).toList());
        out.printf(
                Locale.ROOT,
                "%nChecked in the file: %,d calls returned, %,d rows are there, %s%n",
                proof.acknowledged(),
                proof.found(),
                proof.foreign() == 0
                        ? "every caller got the id of its own row."
                        : String.format(Locale.ROOT, "%,d of them were answered WRONGLY.", proof.foreign()));
        if (!proof.holds()) {
            out.printf("THIS IS A BUG. Please report it with what is printed above.%n");
        }
        out.flush();
        return proof.holds();
    }
}
