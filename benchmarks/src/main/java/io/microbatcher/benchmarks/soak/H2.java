package io.microbatcher.benchmarks.soak;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** H2 in memory, for machines without a PostgreSQL that fits. */
final class H2 implements Database {
    private static final String URL = "jdbc:h2:mem:soak;MODE=PostgreSQL;LOCK_TIMEOUT=10000";
    private static final String VICTIM = "VICTIM";

    /** Also keeps the database in memory. */
    private final Connection own = connectSafely();

    /** @throws SQLException if H2 does not start */
    H2() throws SQLException {
        own.setAutoCommit(true);
        try (Statement statement = own.createStatement()) {
            statement.execute("CREATE USER " + VICTIM + " PASSWORD '' ADMIN");
        }
    }

    @Override
    public String title() {
        return "H2 in memory";
    }

    @Override
    public Connection connect() throws SQLException {
        return DriverManager.getConnection(URL, VICTIM, "");
    }

    @Override
    public Connection connectSafely() throws SQLException {
        return DriverManager.getConnection(URL, "sa", "");
    }

    @Override
    public boolean killOne() throws SQLException {
        try (Statement statement = own.createStatement();
                ResultSet killed = statement.executeQuery("SELECT ABORT_SESSION(session_id) FROM"
                        + " information_schema.sessions WHERE user_name = '" + VICTIM + "' ORDER BY RAND() LIMIT 1")) {
            return killed.next() && killed.getBoolean(1);
        }
    }

    @Override
    public void close() throws SQLException {
        own.close();
    }
}
