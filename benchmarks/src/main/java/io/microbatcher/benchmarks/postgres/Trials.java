package io.microbatcher.benchmarks.postgres;

import io.microbatcher.BatcherStats;
import io.microbatcher.MicroBatcher;
import io.microbatcher.benchmarks.Trial;
import io.microbatcher.benchmarks.peer.Peer;
import io.microbatcher.benchmarks.workload.BlockedCallers;
import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import javax.sql.DataSource;

/** Measures one way in one cell at a time. */
final class Trials implements AutoCloseable {
    static final String RATE = "rowsPerSecond";
    static final String FILL = "rowsPerBatch";

    /** How many connections all batches share: some for each core of the server's. */
    static final int CONNECTIONS = 4;

    /** The batcher's own default. */
    static final int BATCH_SIZE = 100;

    private final String nearUrl;
    private final String farUrl;
    private final Pools pools = new Pools();

    Trials(String nearUrl, String farUrl) {
        this.nearUrl = nearUrl;
        this.farUrl = farUrl;
    }

    /** Rows in a batch by hand: what so many callers have to do, shared among the connections. */
    static int handSize(int callers) {
        return Math.min(BATCH_SIZE, Math.max(1, callers / CONNECTIONS));
    }

    Map<String, Double> measure(Trial trial) throws SQLException {
        Cell cell = Cell.parse(trial.cell());
        Way way = Way.valueOf(trial.contender());
        String url = cell.far() ? farUrl : nearUrl;
        boolean shared = way != Way.ONE_AT_A_TIME;
        DataSource source = pools.of(url, shared ? CONNECTIONS : cell.callers());
        DataSource checks = pools.of(url, 1);
        try (Connection connection = checks.getConnection()) {
            Schema.removeEntries(connection);
        }
        Map<String, Double> metrics = new LinkedHashMap<>();
        long answered;
        try (MicroBatcher<Long, Long> batcher = way.isOurs() ? batcher(cell.operation(), source) : null) {
            Load load = load(way, cell, source, batcher);
            try (load) {
                BlockedCallers.pauseMillis(trial.count("warmupMillis"));
                rate(load, batcher, trial.count("measureMillis"), metrics);
            }
            answered = load.returned();
        }
        if (cell.operation() == Operation.INSERT) {
            try (Connection connection = checks.getConnection()) {
                long found = Schema.entries(connection);
                if (found != answered) {
                    throw new IllegalStateException(answered + " rows were acknowledged, " + found + " are there");
                }
            }
        }
        return metrics;
    }

    private static MicroBatcher<Long, Long> batcher(Operation operation, DataSource source) {
        return MicroBatcher.builder((List<Long> jobs) -> {
                    try (Connection connection = source.getConnection()) {
                        return operation.many(connection, jobs);
                    }
                })
                .maxConcurrentBatches(CONNECTIONS)
                .build();
    }

    private static Load load(Way way, Cell cell, DataSource source, MicroBatcher<Long, Long> batcher) {
        Consumer<Runnable> threads =
                cell.threads() == Cell.Threads.VIRTUAL ? Trials::startVirtual : BlockedCallers::platform;
        return switch (way) {
            case ONE_AT_A_TIME ->
                blocked(
                        job -> {
                            try (Connection connection = source.getConnection()) {
                                return cell.operation().one(connection, job);
                            }
                        },
                        cell.callers(),
                        threads);
            case BY_HAND ->
                new BatchLoops(
                        cell.operation(),
                        source,
                        Math.min(CONNECTIONS, cell.callers()),
                        handSize(cell.callers()),
                        threads);
            case BLOCKING -> blocked(batcher::run, cell.callers(), threads);
            case ASYNC -> new AsyncCaller(batcher, cell.callers(), threads);
        };
    }

    private static void rate(Load load, MicroBatcher<?, ?> batcher, int millis, Map<String, Double> metrics) {
        BatcherStats statsBefore = batcher == null ? null : batcher.stats();
        long before = load.returned();
        long begin = System.nanoTime();
        BlockedCallers.pauseMillis(millis);
        long rows = load.returned() - before;
        metrics.put(RATE, rows * 1e9 / (System.nanoTime() - begin));
        if (batcher != null) {
            long batches = batcher.stats().batches() - statsBefore.batches();
            metrics.put(FILL, (double) rows / Math.max(1, batches));
        }
    }

    /** One call of a caller that waits. */
    private interface Call {
        Long call(Long job) throws Exception;
    }

    private static Load blocked(Call call, int count, Consumer<Runnable> threads) {
        Peer peer = new Peer() {
            @Override
            public CompletableFuture<Long> submit(Long job) {
                throw new UnsupportedOperationException("these callers wait");
            }

            @Override
            public Long call(Long job) throws Exception {
                return call.call(job);
            }

            @Override
            public void close() {
                // there is nothing to free
            }
        };
        BlockedCallers callers = new BlockedCallers(peer, count, threads);
        return new Load() {
            @Override
            public long returned() {
                return callers.returned();
            }

            @Override
            public void close() {
                callers.close();
            }
        };
    }

    private static void startVirtual(Runnable task) {
        try {
            Method start = Thread.class.getMethod("startVirtualThread", Runnable.class); // Java 21; built for 17
            start.invoke(null, task);
        } catch (ReflectiveOperationException failed) {
            throw new IllegalStateException("virtual threads need Java 21", failed);
        }
    }

    @Override
    public void close() {
        pools.close();
    }
}
