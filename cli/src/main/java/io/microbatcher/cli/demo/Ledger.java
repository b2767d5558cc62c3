package io.microbatcher.cli.demo;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * A table that rows are appended to. What a write has returned for is on disk.
 *
 * <p><b>Thread safety.</b> Any thread may write.
 */
interface Ledger extends AutoCloseable {
    /** Tells where rows are written to and what a commit waits for, in lines of at most 96 characters. */
    String introduction();

    /** Tells what a caller that writes one row at a time does, in one or two lines. */
    String oneAtATime();

    /** What kind of file system the rows are on. */
    String fileSystem();

    /** Writes one row in a transaction of its own, and returns its id. */
    long write(Entry entry) throws SQLException, InterruptedException;

    /** Writes rows in one transaction, and returns their ids by position. */
    List<Long> write(List<Entry> entries) throws SQLException, InterruptedException;

    /** Tells how long a transaction of one row takes now, with nobody else writing: the median of some, in milliseconds. */
    double probeMillis() throws SQLException;

    /** Counts what has been written, without waiting for a writer. */
    long rows();

    /** Reads the table anew and compares it with what the callers were told. */
    Proof prove(List<Load> runs) throws SQLException;

    @Override
    void close() throws SQLException;

    /**
     * What the table holds against what the callers were told.
     *
     * @param acknowledged how many calls returned
     * @param found how many rows the table holds
     * @param foreign how many of them were answered with another row's id, or not at all
     */
    record Proof(long acknowledged, long found, long foreign) {
        static Proof of(Connection connection, List<Load> runs) throws SQLException {
            long acknowledged = runs.stream().mapToLong(Load::calls).sum();
            long found = 0;
            long foreign = 0;
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("SELECT id, run, caller, number FROM entry")) {
                while (row.next()) {
                    found++;
                    Load run = runs.get(row.getInt(2) - 1);
                    if (run.idOf(row.getInt(3), row.getInt(4)) != row.getLong(1)) {
                        foreign++;
                    }
                }
            }
            return new Proof(acknowledged, found, foreign);
        }

        boolean holds() {
            return acknowledged == found && foreign == 0;
        }
    }
}
