package io.microbatcher.benchmarks.soak;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** H2 in memory, for machines without a PostgreSQL that fits. */
final class H2 implements Database {
    private static final String URL = "jdbc:h2:mem:soak;MODE=PostgreSQL;LOCK_TIMEOUT=120000";

    /** Keeps the database in memory. */
    private final Connection own = connectSafely();

    private final Queue<Connection> victims = new ConcurrentLinkedQueue<>();

    /** @throws SQLException if H2 does not start */
    H2() throws SQLException {}

    @Override
    public String title() {
        return "H2 in memory";
    }

    @Override
    public Connection connect() throws SQLException {
        Connection connection = connectSafely();
        victims.add(connection);
        return connection;
    }

    @Override
    public Connection connectSafely() throws SQLException {
        return DriverManager.getConnection(URL);
    }

    /** The server is in this process. Its own ABORT_SESSION leaves rows locked at times; closing rolls back. */
    @Override
    public boolean killOne() throws SQLException {
        victims.removeIf(H2::isClosed);
        Connection victim = victims.poll();
        if (victim != null) {
            victim.close();
        }
        return victim != null;
    }

    private static boolean isClosed(Connection connection) {
        try {
            return connection.isClosed();
        } catch (SQLException broken) {
            return true;
        }
    }

    @Override
    public void close() throws SQLException {
        own.close();
    }
}
