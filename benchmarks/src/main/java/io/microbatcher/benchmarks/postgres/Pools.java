package io.microbatcher.benchmarks.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.util.HashMap;
import java.util.Map;
import javax.sql.DataSource;

/**
 * Pools of connections, kept from one measurement to the next: a server takes milliseconds for each connection. The pools
 * of another URL are closed.
 */
final class Pools implements AutoCloseable {
    private final Map<Integer, HikariDataSource> bySize = new HashMap<>();
    private String url = "";

    /** Gives the pool of a size, with every connection made. */
    DataSource of(String wantedUrl, int size) {
        if (!url.equals(wantedUrl)) {
            close();
            url = wantedUrl;
        }
        return bySize.computeIfAbsent(size, this::open);
    }

    private HikariDataSource open(int size) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(size);
        config.setConnectionTimeout(Server.PATIENCE.toMillis());
        config.setInitializationFailTimeout(Server.PATIENCE.toMillis());
        HikariDataSource pool = new HikariDataSource(config);
        long until = System.nanoTime() + Server.PATIENCE.toNanos();
        while (pool.getHikariPoolMXBean().getTotalConnections() < size) {
            if (System.nanoTime() > until) {
                throw new IllegalStateException(
                        "only " + pool.getHikariPoolMXBean().getTotalConnections() + " of " + size + " connections");
            }
            io.microbatcher.benchmarks.workload.BlockedCallers.pauseMillis(5);
        }
        return pool;
    }

    @Override
    public void close() {
        bySize.values().forEach(HikariDataSource::close);
        bySize.clear();
    }
}
