package io.microbatcher.cli.demo;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;

/**
 * A PostgreSQL that is started for the demo and deleted afterwards, with a connection for each caller. A commit waits for
 * the disk: {@code fsync} and {@code synchronous_commit} are on, which embedded servers have off otherwise.
 */
final class PostgresLedger implements Ledger {
    /** What the server keeps for itself, and some. */
    private static final int SPARE_CONNECTIONS = 12;

    private static final int PROBES = 51;

    private final EmbeddedPostgres server;
    private final int callers;
    private final String version;
    private final Path folder;
    private final AtomicLong lastId = new AtomicLong();
    private final AtomicLong rows = new AtomicLong();

    /** Those that nobody uses; what was used last is used next, so that a server's caches are warm. */
    private final BlockingDeque<Connection> idle = new LinkedBlockingDeque<>();

    private PostgresLedger(EmbeddedPostgres server, int callers) throws SQLException {
        this.server = server;
        this.callers = callers;
        for (int i = 0; i < callers; i++) {
            idle.add(open());
        }
        try (Connection connection = open();
                Statement statement = connection.createStatement()) {
            this.version = connection.getMetaData().getDatabaseProductVersion();
            this.folder = Path.of(setting(connection, "data_directory"));
            statement.execute("CREATE TABLE entry (id int8 PRIMARY KEY, run int4 NOT NULL, caller int4 NOT NULL,"
                    + " number int4 NOT NULL)");
            statement.execute("CREATE TABLE probe (nanos int8 NOT NULL)");
        }
    }

    /** Starts a server for so many callers. */
    static PostgresLedger start(int callers) throws IOException, SQLException {
        EmbeddedPostgres server = EmbeddedPostgres.builder()
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("max_connections", Integer.toString(callers + SPARE_CONNECTIONS))
                .setPGStartupWait(Duration.ofMinutes(1))
                .start();
        try {
            return new PostgresLedger(server, callers);
        } catch (SQLException | RuntimeException failed) {
            server.close();
            throw failed;
        }
    }

    private Connection open() throws SQLException {
        return DriverManager.getConnection(server.getJdbcUrl("postgres", "postgres") + "&sslmode=disable");
    }

    @Override
    public String introduction() {
        return "Each call writes one row to PostgreSQL " + version.replaceAll(" .*", "")
                + " and returns when the row is on disk (fsync and\n"
                + "synchronous_commit are on). The server was started for this demo and shares the cores of this\n"
                + "machine with the callers.";
    }

    @Override
    public String oneAtATime() {
        return "an INSERT for each row, on " + callers + " connections: as many as there are callers";
    }

    @Override
    public String fileSystem() {
        try {
            return Files.getFileStore(folder).type();
        } catch (IOException unknown) {
            return "a file system that is not known";
        }
    }

    @Override
    public long write(Entry entry) throws SQLException, InterruptedException {
        return write(List.of(entry)).get(0);
    }

    /** One statement: it is a transaction of its own, and one way to the server and back. */
    @Override
    public List<Long> write(List<Entry> entries) throws SQLException, InterruptedException {
        long[] ids = LongStream.generate(lastId::incrementAndGet)
                .limit(entries.size())
                .toArray();
        Connection connection = idle.takeFirst();
        try (PreparedStatement insert = connection.prepareStatement(
                entries.size() == 1
                        ? "INSERT INTO entry (id, run, caller, number) VALUES (?, ?, ?, ?)"
                        : "INSERT INTO entry (id, run, caller, number)"
                                + " SELECT * FROM unnest(?::int8[], ?::int4[], ?::int4[], ?::int4[])")) {
            if (entries.size() == 1) {
                Entry entry = entries.get(0);
                insert.setLong(1, ids[0]);
                insert.setInt(2, entry.run());
                insert.setInt(3, entry.caller());
                insert.setInt(4, entry.number());
            } else {
                insert.setObject(1, ids);
                insert.setObject(2, entries.stream().mapToInt(Entry::run).toArray());
                insert.setObject(3, entries.stream().mapToInt(Entry::caller).toArray());
                insert.setObject(4, entries.stream().mapToInt(Entry::number).toArray());
            }
            insert.executeUpdate();
        } finally {
            idle.addFirst(connection);
        }
        rows.addAndGet(entries.size());
        return Arrays.stream(ids).boxed().toList();
    }

    @Override
    public double probeMillis() throws SQLException {
        long[] nanos = new long[PROBES];
        try (Connection connection = open();
                PreparedStatement probe = connection.prepareStatement("INSERT INTO probe (nanos) VALUES (?)")) {
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

    @Override
    public long rows() {
        return rows.get();
    }

    @Override
    public Proof prove(List<Load> runs) throws SQLException {
        try (Connection connection = open()) {
            return Proof.of(connection, runs);
        }
    }

    /** Tells how the server really is set. */
    String setting(String name) throws SQLException {
        try (Connection connection = open()) {
            return setting(connection, name);
        }
    }

    private static String setting(Connection connection, String name) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet value = statement.executeQuery("SHOW " + name)) {
            value.next();
            return value.getString(1);
        }
    }

    @Override
    public void close() throws SQLException {
        List<Connection> open = new ArrayList<>();
        idle.drainTo(open);
        for (Connection connection : open) {
            connection.close();
        }
        try {
            server.close();
        } catch (IOException left) {
            throw new SQLException("the server's files could not be deleted", left);
        }
    }
}
