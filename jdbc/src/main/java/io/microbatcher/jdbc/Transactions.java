package io.microbatcher.jdbc;

import io.microbatcher.BatchProcessor;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Processes each batch in a transaction, tries it again when another transaction was in the way, and tells the callers
 * what has become of their jobs when the transaction is committed and the connection given back.
 */
final class Transactions<J, T extends @Nullable Object, R extends @Nullable Object>
        implements BatchProcessor.Streaming<J, R> {
    private static final Logger LOG = System.getLogger("io.microbatcher.jdbc");
    private static final long FIRST_BACKOFF_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final DataSource dataSource;
    private final int attempts;
    private final Function<? super J, ? extends T> prepare;
    private final Plan.Maker<T, R> maker;
    private volatile @Nullable Plan<T, R> plan;

    Transactions(
            DataSource dataSource, int attempts, Function<? super J, ? extends T> prepare, Plan.Maker<T, R> maker) {
        this.dataSource = dataSource;
        this.attempts = attempts;
        this.prepare = prepare;
        this.maker = maker;
    }

    @Override
    public void process(List<J> jobs, BatchProcessor.Answers<R> answers) throws Exception {
        Outcomes<R> outcomes = new Outcomes<>(jobs.size());
        List<Placed<T>> rows = prepare(jobs, outcomes);
        try {
            for (int attempt = 1; !rows.isEmpty(); attempt++) {
                try {
                    attempt(rows, outcomes);
                    return;
                } catch (SQLException failed) {
                    if (attempt >= attempts || Fault.of(failed) != Fault.CHANCE) {
                        throw failed instanceof UnpreparedException unprepared ? unprepared.thrown : failed;
                    }
                }
                backOff(attempt);
                rows = rows.stream()
                        .filter(row -> !outcomes.isSettled(row.position()) && !answers.isEnded(row.position()))
                        .toList();
            }
        } finally {
            outcomes.deliver(answers);
        }
    }

    private List<Placed<T>> prepare(List<J> jobs, Outcomes<R> outcomes) {
        List<Placed<T>> rows = new ArrayList<>(jobs.size());
        for (int i = 0; i < jobs.size(); i++) {
            try {
                rows.add(new Placed<>(i, prepare.apply(jobs.get(i))));
            } catch (RuntimeException notItsValues) {
                outcomes.fail(i, notItsValues);
                outcomes.settle(List.of(new Placed<>(i, jobs.get(i))));
            }
        }
        return rows;
    }

    /** Waits for a moment that doubles with each attempt, half of it left to chance, so that two batches part. */
    private static void backOff(int attempt) throws InterruptedException {
        long most = FIRST_BACKOFF_NANOS << Math.min(attempt - 1, 7);
        TimeUnit.NANOSECONDS.sleep(ThreadLocalRandom.current().nextLong(most / 2, most + 1));
    }

    private void attempt(List<Placed<T>> rows, Outcomes<R> outcomes) throws Exception {
        Connection connection = dataSource.getConnection();
        Throwable failure = null;
        try {
            new Transaction<>(connection, planOrUndo(connection), outcomes).run(rows);
        } catch (Throwable failed) {
            failure = failed;
            throw failed;
        } finally {
            if (failure == null ? outcomes.hasFailure(Fault::isOfTable) : Fault.isOfTable(failure)) {
                plan = null; // the next batch looks the table up again
            }
            giveBack(connection, failure);
        }
    }

    /** To look a table up begins a transaction, where the pool has switched auto-commit off. */
    private Plan<T, R> planOrUndo(Connection connection) throws SQLException {
        try {
            return plan(connection);
        } catch (SQLException | RuntimeException failed) {
            try {
                if (!connection.getAutoCommit()) {
                    connection.rollback();
                }
            } catch (SQLException broken) {
                failed.addSuppressed(broken);
            }
            throw failed;
        }
    }

    private Plan<T, R> plan(Connection connection) throws SQLException {
        Plan<T, R> known = plan;
        if (known == null) { // several threads may find out the same
            known = maker.make(connection);
            plan = known;
        }
        return known;
    }

    private static void giveBack(Connection connection, @Nullable Throwable failure) {
        boolean interrupted = Thread.interrupted(); // some drivers break a connection that an interrupted thread uses
        try {
            connection.close();
        } catch (SQLException | RuntimeException broken) {
            if (failure != null) {
                failure.addSuppressed(broken);
            } else { // what is committed is committed
                LOG.log(Level.WARNING, "a connection could not be closed after its transaction was committed", broken);
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
