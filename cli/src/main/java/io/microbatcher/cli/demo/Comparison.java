package io.microbatcher.cli.demo;

import io.microbatcher.DispatchPolicy;
import java.io.PrintWriter;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;

/**
 * The same callers write the same rows to the same table, one at a time and through the batcher. All that is printed was
 * measured in this run, and the rows are counted in the table afterwards.
 *
 * <p>The ways take turns: a disk that other programs slow down for a while then slows all of them, not the one that
 * happens to be measured.
 */
final class Comparison {
    private static final int ROUNDS = 5;

    private final PrintWriter out;
    private final Progress progress;
    private final Ledger ledger;
    private final int callers;
    private final int batchSize;
    private final Duration duration;

    private final List<Way> ways = new ArrayList<>();
    private final List<Double> commitMillis = new ArrayList<>();

    Comparison(PrintWriter out, Progress progress, Ledger ledger, int callers, int batchSize, Duration duration) {
        this.out = out;
        this.progress = progress;
        this.ledger = ledger;
        this.callers = callers;
        this.batchSize = batchSize;
        this.duration = duration;
    }

    /** Returns whether the table holds exactly what the callers were told. */
    boolean run() throws SQLException, InterruptedException, ExecutionException {
        introduce();
        try (LibraryLog log = new LibraryLog()) {
            measure();
            new Verdict(callers, ways, commitMillis, log.messages()).print(out);
        }
        return prove();
    }

    private void introduce() {
        String fileSystem = ledger.fileSystem();
        out.printf(
                Locale.ROOT,
                """

                2. Why: callers that each write row after row to a database

                %s
                Callers: %,d. The rows are on %s.

                  one at a time   %s
                  nothing set     the same call through a MicroBatcher, a transaction for each batch, with
                                  every option at its default: the adaptive policy decides when to leave
                  batchSize N     with that batchSize, and a batchCycle of %d ms

                They take turns of %.2g s; the first round warms up and is not in the figures.

                """,
                ledger.introduction(),
                callers,
                fileSystem,
                ledger.oneAtATime().replace("\n", "\n                  "),
                Way.BATCH_CYCLE.toMillis(),
                turn().toNanos() / 1e9);
        if (fileSystem.equals("tmpfs")) {
            out.printf("Careful: tmpfs is memory, where an fsync costs nothing; rows belong on a disk.%n%n");
        }
        out.flush();
    }

    private Duration turn() {
        return duration.dividedBy(ROUNDS);
    }

    private void measure() throws SQLException, InterruptedException, ExecutionException {
        int moreThanCallers = Math.max(batchSize, callers * 2);
        try {
            ways.add(Way.oneAtATime(1, callers, ledger));
            ways.add(Way.untuned(2, callers, ledger));
            ways.add(Way.batched(3, callers, ledger, batchSize, DispatchPolicy.sizeOrAge()));
            ways.add(Way.batched(4, callers, ledger, moreThanCallers, DispatchPolicy.natural()));
            if (batchSize <= callers) {
                ways.add(Way.batched(5, callers, ledger, moreThanCallers, DispatchPolicy.sizeOrAge()));
            }
            for (int round = 1; round <= ROUNDS; round++) {
                round(round);
            }
        } finally {
            ways.forEach(Way::close);
            progress.clear();
        }
    }

    private void round(int round) throws SQLException, InterruptedException, ExecutionException {
        boolean measured = round > 1;
        long rowsBefore = ledger.rows();
        double commit = ledger.probeMillis();
        if (measured) {
            commitMillis.add(commit);
        }
        for (Way way : ways) {
            String turn = String.format(Locale.ROOT, "  round %d of %d, %s: ", round, ROUNDS, way.name());
            way.load().round(turn(), measured, () -> progress.show(turn + rows(ledger.rows() - rowsBefore)));
        }
        progress.clear();
        out.printf(
                "  round %d of %d: %s%s%n",
                round, ROUNDS, rows(ledger.rows() - rowsBefore), measured ? "" : " (warm-up)");
        out.flush();
    }

    private static String rows(long count) {
        return String.format(Locale.ROOT, "%,d rows written", count);
    }

    private boolean prove() throws SQLException {
        Ledger.Proof proof = ledger.prove(ways.stream().map(Way::load).toList());
        out.printf(
                Locale.ROOT,
                "%nChecked in the table: %,d calls returned, %,d rows are there, %s%n",
                proof.acknowledged(),
                proof.found(),
                proof.foreign() == 0
                        ? "every caller got the id of its own row."
                        : String.format(Locale.ROOT, "%,d of them were answered wrongly.", proof.foreign()));
        if (!proof.holds()) {
            out.printf("This is a bug. Please report it with what is printed above.%n");
        }
        out.flush();
        return proof.holds();
    }
}
