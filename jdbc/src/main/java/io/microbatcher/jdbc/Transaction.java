package io.microbatcher.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Savepoint;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One connection while it processes a batch.
 *
 * <p>A batch that is one statement is executed as it is: with auto-commit that is a transaction, without a round trip for
 * its beginning and its end. Whatever else there is, or what is left to do when that one statement fails, is one transaction
 * with a commit. In it a part of the batch that fails is undone up to the savepoint before it, and its halves are tried one
 * after the other, until those rows stand alone that are to blame. With {@code p} of them in {@code n} rows these are at
 * most {@code 2p log2(n)} statements more.
 *
 * <p>A database that complains only when it commits, as with deferred constraints, leaves no savepoint to go back to. Then
 * each half is tried in a transaction of its own, and so on.
 */
final class Transaction<T extends @Nullable Object, R extends @Nullable Object> {
    private final Connection connection;
    private final Plan<T, R> plan;
    private final Outcomes<R> outcomes;

    /** What a failure is undone up to; null: the beginning of the transaction. */
    private @Nullable Savepoint savepoint;

    /** Whether statements have succeeded since then, which must not be undone. */
    private boolean isAhead;

    /** Whether undoing has failed: nothing good can come of this connection. */
    private boolean isBroken;

    Transaction(Connection connection, Plan<T, R> plan, Outcomes<R> outcomes) {
        this.connection = connection;
        this.plan = plan;
        this.outcomes = outcomes;
    }

    void run(List<Placed<T>> rows) throws Exception {
        if (!connection.getAutoCommit()) {
            commitAll(rows, null);
            return;
        }
        Exception known = null;
        Plan.Execution<R> whole = plan.of(rows);
        if (whole.isOneStatement()) {
            outcomes.forget(rows);
            known = autoCommitted(whole, plan.writes() && rows.size() > 1);
            if (known == null || rows.size() == 1) {
                conclude(rows, known);
                return;
            }
        }
        connection.setAutoCommit(false);
        Throwable failure = null;
        try {
            commitAll(rows, known);
        } catch (Throwable failed) {
            failure = failed;
            throw failed;
        } finally {
            restoreAutoCommit(failure);
        }
    }

    private void conclude(List<Placed<T>> rows, @Nullable Exception failure) {
        if (failure != null) {
            outcomes.fail(rows.get(0).position(), failure);
        }
        outcomes.settle(rows);
    }

    /**
     * Executes the one statement; what it throws, if one of its rows is to blame.
     *
     * @param isInDoubt whether it would be executed again, so that it matters that it was not committed
     */
    private @Nullable Exception autoCommitted(Plan.Execution<R> whole, boolean isInDoubt) throws Exception {
        try {
            whole.on(connection, outcomes);
            return null;
        } catch (Exception failed) {
            switch (Fault.of(failed)) {
                case ROW -> {
                    if (isInDoubt && !Fault.isRefusal(failed)) {
                        throw Fault.inDoubt(failed); // not to be stored once more
                    }
                    return failed;
                }
                case CONNECTION -> throw plan.writes() ? Fault.inDoubt(failed) : failed;
                default -> throw failed;
            }
        }
    }

    /** Executes the rows in a transaction, which a failure that is known already has shown to be no single statement. */
    private void commitAll(List<Placed<T>> rows, @Nullable Exception known) throws Exception {
        savepoint = null;
        isAhead = false;
        boolean committing = false;
        try {
            isolate(rows, known);
            stopIfInterrupted();
            committing = true;
            connection.commit();
        } catch (Throwable failed) {
            Fault fault = Fault.of(failed);
            undoAll(failed);
            boolean inParts = committing ? isRefused(failed, fault) : failed instanceof SQLFeatureNotSupportedException;
            if (!isBroken && inParts && rows.size() > 1) {
                commitAll(rows.subList(0, rows.size() / 2), null);
                commitAll(rows.subList(rows.size() / 2, rows.size()), null);
                return;
            }
            if (!isBroken && inParts && failed instanceof Exception itsFault) {
                conclude(rows, itsFault);
                return;
            }
            boolean inDoubt = committing && plan.writes() && (fault == Fault.CONNECTION || fault == Fault.ROW);
            if (inDoubt && !inParts && failed instanceof Exception broken) {
                throw Fault.inDoubt(broken);
            }
            throw failed;
        }
        outcomes.settle(rows);
    }

    /** Whether a commit has certainly not taken place, so that its parts may be tried. */
    private boolean isRefused(Throwable failed, Fault fault) {
        return plan.writes() ? Fault.isRefusal(failed) : fault == Fault.ROW;
    }

    /**
     * Executes the rows, without those that are to blame for a failure.
     *
     * @param known how they fail when they are executed together; null if that has not been tried
     * @return whether they succeeded together
     */
    private boolean isolate(List<Placed<T>> rows, @Nullable Exception known) throws Exception {
        Exception failure = known == null ? tryAll(rows) : known;
        if (failure == null) {
            return true;
        }
        if (rows.size() == 1) {
            outcomes.fail(rows.get(0).position(), failure);
            return false;
        }
        List<Placed<T>> left = rows.subList(0, rows.size() / 2);
        List<Placed<T>> right = rows.subList(rows.size() / 2, rows.size());
        boolean leftSucceeded = isolate(left, null);
        // if that was not to blame, the other half is, and need not be tried as a whole
        isolate(right, leftSucceeded && right.size() > 1 ? failure : null);
        return false;
    }

    /** Executes the rows; what they throw, if one of them is to blame: then nothing of it is left. */
    private @Nullable Exception tryAll(List<Placed<T>> rows) throws Exception {
        stopIfInterrupted();
        if (isAhead) {
            if (savepoint != null) {
                connection.releaseSavepoint(savepoint);
            }
            savepoint = connection.setSavepoint();
            isAhead = false;
        }
        outcomes.forget(rows);
        try {
            plan.of(rows).on(connection, outcomes);
            isAhead = true;
            return null;
        } catch (Exception failed) {
            if (Fault.of(failed) != Fault.ROW) {
                throw failed;
            }
            undo(failed);
            return failed;
        }
    }

    private static void stopIfInterrupted() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("interrupted before the commit: the batch is rolled back");
        }
    }

    private void undo(Exception failure) throws Exception {
        try {
            if (savepoint == null) {
                connection.rollback();
            } else {
                connection.rollback(savepoint);
            }
        } catch (SQLException broken) { // the transaction as a whole may still be undone
            failure.addSuppressed(broken);
            throw failure;
        }
    }

    private void undoAll(Throwable failure) {
        boolean interrupted = Thread.interrupted(); // some drivers break a connection that an interrupted thread uses
        try {
            connection.rollback();
        } catch (SQLException | RuntimeException broken) {
            isBroken = true;
            failure.addSuppressed(broken);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Leaves a connection that is broken alone: to switch would be to commit what could not be rolled back. */
    private void restoreAutoCommit(@Nullable Throwable failure) {
        if (isBroken) {
            return;
        }
        try {
            connection.setAutoCommit(true);
        } catch (SQLException broken) {
            if (failure != null) {
                failure.addSuppressed(broken);
            } // else it is committed; closing the connection will show what is wrong with it
        }
    }
}
