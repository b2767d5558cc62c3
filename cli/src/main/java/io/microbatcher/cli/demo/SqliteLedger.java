package io.microbatcher.cli.demo;

import java.io.IOException;
import java.nio.file.Files;
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
final class SqliteLedger implements Ledger {
    private static final int PROBES = 51;

    private final Path file;
    private final Connection connection;
    private final PreparedStatement insert;
    private final ReentrantLock lock = new ReentrantLock(true);

    /** How many rows there are, and so the id of the last one. Written under the lock. */
    private volatile long rows;

    SqliteLedger(Path file) throws SQLException {
        this.file = file;
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

    @Override
    public String introduction() {
        return "Each call writes one row to SQLite and returns when the row is on disk (journal_mode=WAL,\n"
                + "synchronous=FULL: a commit waits for one fsync). The file is\n" + file;
    }

    @Override
    public String oneAtATime() {
        return "a transaction for each row, on one connection behind a lock: SQLite lets\n"
                + "one writer in at a time, and a connection for each caller is slower";
    }

    @Override
    public String fileSystem() {
        try {
            return Files.getFileStore(file.toAbsolutePath()).type();
        } catch (IOException unknown) {
            return "a file system that is not known";
        }
    }

    @Override
    public long write(Entry entry) throws SQLException {
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

    @Override
    public List<Long> write(List<Entry> entries) throws SQLException {
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

    @Override
    public double probeMillis() throws SQLException {
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

    @Override
    public long rows() {
        return rows;
    }

    /** Closes the connection; as the last one, it also folds the write-ahead log into the file and deletes it. */
    @Override
    public void close() throws SQLException {
        insert.close();
        connection.close();
    }

    @Override
    public Proof prove(List<Load> runs) throws SQLException {
        try (Connection another = open(file)) {
            return Proof.of(another, runs);
        }
    }
}
