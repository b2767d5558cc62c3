package io.microbatcher.benchmarks.postgres;

import io.microbatcher.BatcherStats;
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

    /** Of a lone caller that waits: what its calls take in the median, which a machine that others use disturbs least. */
    static final String MEDIAN = "medianMicros";

    /** How many connections all batches share: some for each core of the server's. */
    static final int CONNECTIONS = 4;

    /** The batcher's own default. */
    static final int BATCH_SIZE = 100;

    private final String nearUrl;
    private final String farUrl;
    private final Connections connections = new Connections();
    private boolean compiled;

    Trials(String nearUrl, String farUrl) {
        this.nearUrl = nearUrl;
        this.farUrl = farUrl;
    }

    /** Rows in a batch by hand: what so many callers have to do, shared among the connections. */
    static int handSize(int callers) {
        return Math.min(BATCH_SIZE, Math.max(1, callers / CONNECTIONS));
    }

    Map<String, Double> measure(Trial trial) throws SQLException, InterruptedException {
        if (!compiled) { // or the first cells would pay for the JVM's start, and they are those of a lone caller
            compiled = true;
            for (Way way : Way.values()) {
                Cell cell = Cell.parse(trial.cell());
                for (Operation operation : Operation.values()) {
                    measure(Trial.of(new Cell(operation, false, 16, cell.threads()).toString(), way.name())
                            .with("warmupMillis", trial.number("compileMillis"))
                            .with("measureMillis", 0));
                }
            }
        }
        Cell cell = Cell.parse(trial.cell());
        Way way = Way.valueOf(trial.contender());
        String url = cell.far() ? farUrl : nearUrl;
        List<Connection> own =
                connections.own(url, way == Way.ONE_AT_A_TIME ? cell.callers() : Math.min(CONNECTIONS, cell.callers()));
        Schema.removeEntries(own.get(0));
        Map<String, Double> metrics = new LinkedHashMap<>();
        long answered;
        try (BatchedCalls batcher =
                way.isOurs() ? batcher(way, cell.operation(), connections.pool(url, CONNECTIONS)) : null) {
            Load load = load(way, cell, own, batcher);
            try (load) {
                BlockedCallers.pauseMillis(trial.count("warmupMillis"));
                rate(load, batcher, trial.count("measureMillis"), metrics);
            }
            answered = load.returned();
            if (load.stopwatch() != null) {
                metrics.put(MEDIAN, load.stopwatch().medianMicros());
            }
        }
        if (cell.operation() == Operation.INSERT) {
            long found = Schema.entries(own.get(0));
            if (found != answered) {
                throw new IllegalStateException(answered + " rows were acknowledged, " + found + " are there");
            }
        }
        return metrics;
    }

    /** Nothing is set but the number of connections that it may use. */
    private static BatchedCalls batcher(Way way, Operation operation, DataSource source) {
        return operation.open(source, builder -> {
            builder.maxConcurrentBatches(CONNECTIONS);
            if (way == Way.ON_CALLERS_THREAD) {
                builder.executor(Runnable::run);
            }
        });
    }

    private static Load load(Way way, Cell cell, List<Connection> own, BatchedCalls batcher) {
        Consumer<Runnable> threads =
                cell.threads() == Cell.Threads.VIRTUAL ? Trials::startVirtual : BlockedCallers::platform;
        return switch (way) {
            case ONE_AT_A_TIME ->
                // callers count in steps of their number: each is always at the same connection
                blocked(job -> cell.operation().one(own.get((int) (job % own.size())), job), own.size(), threads);
            case BY_HAND -> new BatchLoops(cell.operation(), own, handSize(cell.callers()), threads);
            case BLOCKING, ON_CALLERS_THREAD -> blocked(batcher::run, cell.callers(), threads);
            case ASYNC -> new AsyncCaller(batcher, cell.callers(), threads);
        };
    }

    private static void rate(Load load, BatchedCalls batcher, int millis, Map<String, Double> metrics) {
        BatcherStats statsBefore = batcher == null ? null : batcher.stats();
        long before = load.returned();
        long begin = System.nanoTime();
        if (load.stopwatch() != null) {
            load.stopwatch().restart();
        }
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
        Stopwatch stopwatch = count == 1 ? new Stopwatch() : null;
        Peer peer = new Peer() {
            @Override
            public CompletableFuture<Long> submit(Long job) {
                throw new UnsupportedOperationException("these callers wait");
            }

            @Override
            public Long call(Long job) throws Exception {
                if (stopwatch == null) {
                    return call.call(job);
                }
                long begin = System.nanoTime();
                Long answer = call.call(job);
                stopwatch.add(System.nanoTime() - begin);
                return answer;
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
            public Stopwatch stopwatch() {
                return stopwatch;
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
    public void close() throws SQLException {
        connections.close();
    }
}
