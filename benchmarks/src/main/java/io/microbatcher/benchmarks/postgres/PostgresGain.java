package io.microbatcher.benchmarks.postgres;

import io.microbatcher.benchmarks.Mode;
import io.microbatcher.benchmarks.Results;
import io.microbatcher.benchmarks.Session;
import io.microbatcher.benchmarks.Trial;
import io.microbatcher.benchmarks.Workload;
import io.microbatcher.benchmarks.report.Page;
import io.microbatcher.benchmarks.workload.VirtualCallers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What the micro-batcher gains over a real PostgreSQL, on this machine and with a longer way to it. */
public final class PostgresGain implements Workload {
    static final Duration ROUND_TRIP = Duration.ofNanos(1_500_000);

    private static final List<Integer> CALLERS = List.of(1, 8, 64, 256, 512);

    /** As many as the most callers have, those that the batches share, and some for the server itself. */
    private static final int MOST_CONNECTIONS = 540;

    private static final int PROBES = 201;

    private static final String NEAR = "postgres.near";
    private static final String FAR = "postgres.far";

    /** Of the fork; kept for its connections. */
    private Trials trials;

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
            session.results().machine.put("PostgreSQL", prepare(near));
            session.results()
                    .machine
                    .put("an empty round trip takes", roundTrip(near) + ", " + roundTrip(far) + " far");
            String[] urls = {"-D" + NEAR + "=" + near, "-D" + FAR + "=" + far};
            String java =
                    Path.of(System.getProperty("java.home"), "bin", "java").toString();
            session.interleave(this, trials(mode, Cell.Threads.PLATFORM), mode.forks(), java, urls);
            String newest = System.getProperty("newest.jvm", "");
            if (newest.isEmpty() || !VirtualCallers.hasVirtualThreads(newest)) {
                session.missing("virtual threads", "need a JDK 21 or later beside the default one, or NEWEST_JVM");
            } else {
                session.interleave(this, trials(mode, Cell.Threads.VIRTUAL), mode.forks(), newest, urls);
            }
        }
    }

    /** Every way in turn, several times over: on a machine that others use, too, each has its share of bad moments. */
    private static List<Trial> trials(Mode mode, Cell.Threads threads) {
        List<Trial> trials = new ArrayList<>();
        for (boolean far : new boolean[] {false, true}) {
            for (Operation operation : Operation.values()) {
                for (int callers : mode == Mode.SMOKE ? List.of(8) : CALLERS) {
                    Cell cell = new Cell(operation, far, callers, threads);
                    List<Way> ways = new ArrayList<>(List.of(Way.values()));
                    if (callers > 1) {
                        ways.remove(Way.ON_CALLERS_THREAD);
                    }
                    for (int turn = 0; turn < mode.pick(1, 2, 5); turn++) {
                        ways.forEach(way -> trials.add(trial(cell, way, mode)));
                        Collections.rotate(ways, 1);
                    }
                }
            }
        }
        return trials;
    }

    static Trial trial(Cell cell, Way way, Mode mode) {
        return Trial.of(cell.toString(), way.name())
                .with("compileMillis", mode.pick(20, 500, 1_500))
                .with("warmupMillis", mode.pick(20, 80, 200))
                .with("measureMillis", mode.pick(50, 200, 500));
    }

    /** Makes the tables, and tells what the server is and how it is set. */
    static String prepare(String url) throws SQLException, IOException {
        try (Connection connection = DriverManager.getConnection(url)) {
            Schema.create(connection);
            String version = connection.getMetaData().getDatabaseProductVersion();
            String folder = setting(connection, "data_directory");
            return version + " with fsync " + setting(connection, "fsync") + ", synchronous_commit "
                    + setting(connection, "synchronous_commit") + ", its files on "
                    + Files.getFileStore(Path.of(folder)).type();
        }
    }

    private static String setting(Connection connection, String name) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet value = statement.executeQuery("SHOW " + name)) {
            value.next();
            return value.getString(1);
        }
    }

    /** The median time of a statement that does nothing. */
    private static String roundTrip(String url) throws SQLException {
        List<Long> nanos = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            for (int i = 0; i < PROBES; i++) {
                long begin = System.nanoTime();
                statement.execute("");
                nanos.add(System.nanoTime() - begin);
            }
        }
        Collections.sort(nanos);
        return String.format(Locale.ROOT, "%.2f ms", nanos.get(PROBES / 2) / 1e6);
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
        new GainReport(results, page).write();
    }
}
