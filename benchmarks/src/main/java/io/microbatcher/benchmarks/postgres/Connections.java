package io.microbatcher.benchmarks.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;

/**
 * Connections to one URL at a time, kept from one measurement to the next: a server takes milliseconds for each. Asking for
 * another URL closes those of the one before.
 */
final class Connections implements AutoCloseable {
    /** How many are made at a time. */
    private static final int HASTE = 16;

    private final List<Connection> own = new ArrayList<>();
    private HikariDataSource pool;
    private String url = "";

    /** Gives so many connections, always the same, for callers that each keep one. */
    List<Connection> own(String wantedUrl, int count) throws SQLException, InterruptedException {
        turnTo(wantedUrl);
        ExecutorService threads = Executors.newFixedThreadPool(HASTE);
        try {
            List<Future<Connection>> made = new ArrayList<>();
            for (int i = own.size(); i < count; i++) {
                made.add(threads.submit(() -> DriverManager.getConnection(url)));
            }
            for (Future<Connection> connection : made) {
                own.add(connection.get());
            }
        } catch (ExecutionException refused) {
            throw new CompletionException("the server has no room for " + count + " connections", refused.getCause());
        } finally {
            threads.shutdownNow();
        }
        return own.subList(0, count);
    }

    /** Gives the pool that batches share. */
    DataSource pool(String wantedUrl, int size) throws SQLException {
        turnTo(wantedUrl);
        if (pool == null) {
            HikariConfig config = new HikariConfig();
            config.setJdbcUrl(url);
            config.setMaximumPoolSize(size);
            config.setConnectionTimeout(Server.PATIENCE.toMillis());
            pool = new HikariDataSource(config);
        }
        return pool;
    }

    private void turnTo(String wantedUrl) throws SQLException {
        if (!url.equals(wantedUrl)) {
            close();
            url = wantedUrl;
        }
    }

    @Override
    public void close() throws SQLException {
        for (Connection connection : own) {
            connection.close();
        }
        own.clear();
        if (pool != null) {
            pool.close();
            pool = null;
        }
    }
}
