package io.microbatcher.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the rows of a batch become statements, in a database that is known. Holds no connection: it is made once and used by
 * all batches.
 */
interface Plan<T extends @Nullable Object, R extends @Nullable Object> {
    /** Prepares to execute these rows: one or more, a whole batch or a part of it. */
    Execution<R> of(List<Placed<T>> rows);

    /** Whether it changes anything, so that it matters if nobody knows whether a commit has taken place. */
    boolean writes();

    /** Some rows on their way into statements. */
    interface Execution<R extends @Nullable Object> {
        /** Whether it is one statement, which is a transaction by itself. */
        boolean isOneStatement();

        /**
         * Executes it, and notes what it answers. What it throws is somebody's fault, to be found out by the caller: the
         * transaction has to be undone up to where it was before.
         */
        void on(Connection connection, Outcomes<? super R> outcomes) throws Exception;
    }

    /** Makes a plan from what the database tells about itself. */
    @FunctionalInterface
    interface Maker<T extends @Nullable Object, R extends @Nullable Object> {
        Plan<T, R> make(Connection connection) throws SQLException;
    }
}
