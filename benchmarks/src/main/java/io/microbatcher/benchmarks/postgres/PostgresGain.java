package io.microbatcher.benchmarks.postgres;

import io.microbatcher.benchmarks.Mode;
import io.microbatcher.benchmarks.Results;
import io.microbatcher.benchmarks.Session;
import io.microbatcher.benchmarks.Trial;
import io.microbatcher.benchmarks.Workload;
import io.microbatcher.benchmarks.report.Page;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What the micro-batcher gains over a real PostgreSQL, near and with a longer way. */
public final class PostgresGain implements Workload {
    static final Duration ROUND_TRIP = Duration.ofNanos(1_500_000);

    /** As many as the most callers have, those that the batches share, and some for the server itself. */
    private static final int MOST_CONNECTIONS = 540;

    private static final String NEAR = "postgres.near";
    private static final String FAR = "postgres.far";

    private Trials trials; // of the fork

    @Override
    public String id() {
        return "postgres";
    }

    @Override
    public String title() {
        return "What it gains over PostgreSQL";
    }

    @Override
    public void run(Session session) throws Exception {
        Mode mode = session.mode();
        try (Server server = Server.durable(MOST_CONNECTIONS);
                RoundTripProxy proxy = RoundTripProxy.before(server.port(), ROUND_TRIP)) {
            String near = server.url();
            String far = Server.url(proxy.port());
            try (Connection connection = DriverManager.getConnection(near)) {
                Schema.create(connection);
            }
            String[] urls = {"-D" + NEAR + "=" + near, "-D" + FAR + "=" + far};
            for (int fork = 0; fork < mode.forks(); fork++) {
                session.interleave(this, trials(mode, Cell.Threads.PLATFORM), 1, java(), urls);
                session.interleave(this, trials(mode, Cell.Threads.VIRTUAL), 1, System.getProperty("newest.jvm"), urls);
            }
        }
    }

    private static String java() {
        return java.nio.file.Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private static List<Trial> trials(Mode mode, Cell.Threads threads) {
        List<Trial> trials = new ArrayList<>();
        for (boolean far : new boolean[] {false, true}) {
            for (Operation operation : Operation.values()) {
                for (int callers : mode.pick(List.of(8), List.of(1, 8, 64, 256, 512), List.of(1, 8, 64, 256, 512))) {
                    Cell cell = new Cell(operation, far, callers, threads);
                    for (Way way : Way.values()) {
                        if (way != Way.ON_CALLERS_THREAD || callers == 1) {
                            trials.add(trial(cell, way, mode));
                        }
                    }
                }
            }
        }
        trials.removeIf(t -> !t.toString().matches(System.getProperty("x.only", ".*"))); //XX
        return trials;
    }

    private static Trial trial(Cell cell, Way way, Mode mode) {
        return Trial.of(cell.toString(), way.name())
                .with("compileMillis", mode.pick(20, 700, 1_500))
                .with("warmupMillis", mode.pick(20, 150, 500))
                .with("measureMillis", mode.pick(50, 600, 1_500));
    }

    @Override
    public Map<String, Double> measure(Trial trial) throws Exception {
        if (trials == null) {
            trials = new Trials(System.getProperty(NEAR), System.getProperty(FAR));
        }
        return trials.measure(trial);
    }

    @Override
    public void report(Results results, Page page) {
        page.text("-");
    }
}
