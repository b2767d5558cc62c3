package io.microbatcher.cli.demo;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * An SQLite file that rows are appended to. What a write has returned for is on disk: the journal is a write-ahead log,
 * and {@code synchronous=FULL} has each commit wait for one fsync of it.
 *
 * <p><b>Thread safety.</b> Any thread may write: one connection, behind a lock that serves in order of arrival. SQLite
 * lets one writer in at a time whatever the number of connections, and with one for each caller a writer that finds
 * another inside sleeps before it tries again.
 */
final class Ledger implements AutoCloseable {
    private static final int PROBES = 51;

    private final Connection connection;
    private final PreparedStatement insert;
    private final ReentrantLock lock = new ReentrantLock(true);

    /** How many rows there are, and so the id of the last one. Written under the lock. */
    private volatile long rows;

    Ledger(Path file) throws SQLException {
        this.connection = open(file);
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA journal_mode=WAL");
            statement.execute("PRAGMA synchronous=FULL");
            statement.execute("PRAGMA fullfsync=ON"); // macOS: fsync alone does not reach the disk; no effect elsewhere
            statement.execute("CREATE TABLE entry (id INTEGER PRIMARY KEY, run INTEGER NOT NULL,"
                    + " caller INTEGER NOT NULL, number INTEGER NOT NULL)");
            statement.execute("CREATE TABLE probe (nanos INTEGER NOT NULL)");
        }
        this.insert = connection.prepareStatement("INSERT INTO entry (id, run, caller, number) VALUES (?, ?, ?, ?)");
    }

    static Connection open(Path file) throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + file);
    }

    /** Writes one row in a transaction of its own, and returns its id. */
    long write(Entry entry) throws SQLException {
        lock.lock();
        try {
            long id = rows + 1;
            insert(id, entry);
            rows = id;
            return id;
        } finally {
            lock.unlock();
        }
    }

    /** Writes rows in one transaction, and returns their ids by position. */
    List<Long> write(List<Entry> entries) throws SQLException {
        lock.lock();
        try {
            List<Long> ids = new ArrayList<>(entries.size());
            long id = rows;
            connection.setAutoCommit(false);
            try {
                for (Entry entry : entries) {
                    insert(++id, entry);
                    ids.add(id);
                }
                connection.commit();
            } catch (SQLException | RuntimeException e) {
                connection.rollback();
                throw e;
            } finally {
                connection.setAutoCommit(true);
            }
            rows = id;
            return ids;
        } finally {
            lock.unlock();
        }
    }

    private void insert(long id, Entry entry) throws SQLException {
        insert.setLong(1, id);
        insert.setInt(2, entry.run());
        insert.setInt(3, entry.caller());
        insert.setInt(4, entry.number());
        insert.executeUpdate();
    }

    /** Tells how long a transaction of one row takes now, with nobody else writing: the median of some, in milliseconds. */
    double probeMillis() throws SQLException {
        long[] nanos = new long[PROBES];
        try (PreparedStatement probe = connection.prepareStatement("INSERT INTO probe (nanos) VALUES (?)")) {
            for (int i = 0; i < PROBES; i++) {
                long startNanos = System.nanoTime();
                probe.setLong(1, startNanos);
                probe.executeUpdate();
                nanos[i] = System.nanoTime() - startNanos;
            }
        }
        Arrays.sort(nanos);
        return nanos[PROBES / 2] / 1e6;
    }

    /** Tells how SQLite really is set: it keeps its own counsel about a pragma that it does not like. */
    String setting(String pragma) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet value = statement.executeQuery("PRAGMA " + pragma)) {
            return value.getString(1);
        }
    }

    /** Counts what has been written, without waiting for a writer. */
    long rows() {
        return rows;
    }

    /** Closes the connection; as the last one, it also folds the write-ahead log into the file and deletes it. */
    @Override
    public void close() throws SQLException {
        insert.close();
        connection.close();
    }

    /** Reads the file anew and compares it with what the callers were told. */
    static Proof prove(Path file, List<Load> runs) throws SQLException {
        long acknowledged = runs.stream().mapToLong(Load::calls).sum();
        long found = 0;
        long foreign = 0;
        try (Connection connection = open(file);
                Statement statement = connection.createStatement();
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

    /**
     * What the file holds against what the callers were told.
     *
     * @param acknowledged how many calls returned
     * @param found how many rows the file holds
     * @param foreign how many of them were answered with another row's id, or not at all
     */
    record Proof(long acknowledged, long found, long foreign) {
        boolean holds() {
            return acknowledged == found && foreign == 0;
        }
    }
}
