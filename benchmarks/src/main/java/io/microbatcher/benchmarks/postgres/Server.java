package io.microbatcher.benchmarks.postgres;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;

/** PostgreSQL from a jar, started on a port of its own and deleted at the end. */
public final class Server implements AutoCloseable {
    /** A machine may be so busy that starting, or a connection, takes long: no failure of what is measured or tested. */
    public static final Duration PATIENCE = Duration.ofMinutes(3);

    private final EmbeddedPostgres process;

    private Server(EmbeddedPostgres process) {
        this.process = process;
    }

    /** Starts one for which a commit is on disk, as for a user; what comes in a jar has that turned off. */
    public static Server durable(int mostConnections) throws IOException {
        return start(Map.of(
                "fsync", "on",
                "synchronous_commit", "on",
                "max_connections", Integer.toString(mostConnections)));
    }

    /** Starts one that never waits for the disk: what is tested is who knows what. */
    public static Server forgetful() throws IOException {
        return start(Map.of("fsync", "off"));
    }

    private static Server start(Map<String, String> settings) throws IOException {
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder().setPGStartupWait(PATIENCE);
        settings.forEach(builder::setServerConfig);
        return new Server(builder.start());
    }

    public int port() {
        return process.getPort();
    }

    /** The URL for JDBC, with parameters already: more are added with {@code &}. */
    public String url() {
        return url(port());
    }

    /** The URL for JDBC if this server is reached on another port. */
    static String url(int port) {
        return "jdbc:postgresql://localhost:" + port
                + "/postgres?user=postgres&sslmode=disable&gssEncMode=disable&connectTimeout=" + PATIENCE.toSeconds();
    }

    @Override
    public void close() throws IOException {
        process.close();
    }
}
