package io.microbatcher.benchmarks.soak;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * The table that all batches are written to. A row is written once for each job's id, however often it is asked for, so
 * that what is there afterwards is the truth about jobs whose caller never heard of their end.
 */
final class Ledger implements AutoCloseable {
    private final Database database;
    private final Deque<Connection> idle = new ConcurrentLinkedDeque<>();

    Ledger(Database database) throws SQLException {
        this.database = database;
        try (Connection connection = database.connectSafely();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(true);
            statement.execute("CREATE TABLE entry (id BIGINT PRIMARY KEY, round BIGINT NOT NULL, place BIGSERIAL,"
                    + " lane INT NOT NULL, number INT NOT NULL, amount BIGINT NOT NULL CHECK (amount >= 0))");
            statement.execute("CREATE INDEX entry_round ON entry (round)");
        }
    }

    /** Whoever reads the rows of a round. */
    interface Reader {
        void row(long id, int key, int sequence, long amount);
    }

    /** Writes all of them in one transaction, or none. */
    void write(long round, List<Entry> entries) throws NotWrittenException, UnknownOutcomeException {
        Connection connection = connection();
        boolean committing = false;
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO entry (id, round, lane, number, amount)"
                        + " VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING")) {
            for (Entry entry : entries) {
                insert.setLong(1, entry.id);
                insert.setLong(2, round);
                insert.setInt(3, entry.key);
                insert.setInt(4, entry.sequence);
                insert.setLong(5, entry.amount);
                insert.addBatch();
            }
            insert.executeBatch();
            committing = true;
            connection.commit();
        } catch (SQLException | AssertionError failed) { // PostgreSQL's driver asserts what a kill makes untrue
            discard(connection);
            if (committing) {
                throw new UnknownOutcomeException("the connection broke during the commit", failed);
            }
            String state = failed instanceof SQLException told ? told.getSQLState() : null;
            boolean refused = state != null && state.startsWith("23"); // an integrity constraint
            throw new NotWrittenException("the batch was rolled back", refused, failed);
        }
        idle.push(connection);
    }

    private Connection connection() throws NotWrittenException {
        Connection connection = idle.poll();
        if (connection != null) {
            return connection;
        }
        try {
            connection = database.connect();
            connection.setAutoCommit(false);
            return connection;
        } catch (SQLException failed) {
            throw new NotWrittenException("no connection", false, failed);
        }
    }

    private static void discard(Connection connection) {
        try (connection) {
            connection.rollback();
        } catch (SQLException broken) {
            return; // it was killed, and its transaction with it
        }
    }

    /** Reads the rows of a round in the order in which they were written, and deletes them. */
    void settle(long round, Reader reader) throws SQLException {
        try (Connection connection = database.connectSafely();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            try (ResultSet rows = statement.executeQuery(
                    "SELECT id, lane, number, amount FROM entry WHERE round = " + round + " ORDER BY place")) {
                while (rows.next()) {
                    reader.row(rows.getLong(1), rows.getInt(2), rows.getInt(3), rows.getLong(4));
                }
            }
            statement.executeUpdate("DELETE FROM entry WHERE round = " + round);
            connection.commit();
        }
    }

    /** How many rows belong to no round that was settled. */
    long rows() throws SQLException {
        try (Connection connection = database.connectSafely();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT COUNT(*) FROM entry")) {
            rows.next();
            return rows.getLong(1);
        }
    }

    @Override
    public void close() {
        for (Connection connection = idle.poll(); connection != null; connection = idle.poll()) {
            discard(connection);
        }
    }
}
