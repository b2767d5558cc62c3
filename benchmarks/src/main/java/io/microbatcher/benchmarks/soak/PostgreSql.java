package io.microbatcher.benchmarks.soak;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/** PostgreSQL from a jar, started on a port of its own and deleted at the end. */
final class PostgreSql implements Database {
    private static final String VICTIMS = "soak";

    /** A machine may be so busy that starting, or a connection, takes long: no failure of the batcher's. */
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final EmbeddedPostgres server;
    private final Connection own;

    private PostgreSql(EmbeddedPostgres server) throws SQLException {
        this.server = server;
        this.own = connectSafely();
        own.setAutoCommit(true);
    }

    static PostgreSql start() throws IOException, SQLException {
        // nothing has to survive the machine: what is tested is who knows what, not the disk
        return new PostgreSql(EmbeddedPostgres.builder()
                .setServerConfig("fsync", "off")
                .setPGStartupWait(PATIENCE)
                .start());
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
        return DriverManager.getConnection(server.getJdbcUrl("postgres", "postgres") + "&ApplicationName=" + name
                + "&reWriteBatchedInserts=true&connectTimeout=" + PATIENCE.toSeconds());
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
