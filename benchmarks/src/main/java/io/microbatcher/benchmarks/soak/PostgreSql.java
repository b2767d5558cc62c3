package io.microbatcher.benchmarks.soak;

import io.microbatcher.benchmarks.postgres.Server;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** PostgreSQL from a jar, started on a port of its own and deleted at the end. */
final class PostgreSql implements Database {
    private static final String VICTIMS = "soak";

    private final Server server;
    private final Connection own;

    private PostgreSql(Server server) throws SQLException {
        this.server = server;
        this.own = connectSafely();
        own.setAutoCommit(true);
    }

    static PostgreSql start() throws IOException, SQLException {
        return new PostgreSql(Server.forgetful()); // nothing has to survive the machine
    }

    @Override
    public String title() {
        try {
            return own.getMetaData().getDatabaseProductName() + " "
                    + own.getMetaData().getDatabaseProductVersion();
        } catch (SQLException unknown) {
            return "PostgreSQL";
        }
    }

    @Override
    public Connection connect() throws SQLException {
        return connect(VICTIMS);
    }

    @Override
    public Connection connectSafely() throws SQLException {
        return connect("soak-check");
    }

    private Connection connect(String name) throws SQLException {
        return DriverManager.getConnection(server.url() + "&ApplicationName=" + name + "&reWriteBatchedInserts=true");
    }

    @Override
    public boolean killOne() throws SQLException {
        try (Statement statement = own.createStatement();
                ResultSet killed = statement.executeQuery("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                        + " WHERE application_name = '" + VICTIMS + "' ORDER BY random() LIMIT 1")) {
            return killed.next() && killed.getBoolean(1);
        }
    }

    @Override
    public void close() throws IOException, SQLException {
        own.close();
        server.close();
    }
}
