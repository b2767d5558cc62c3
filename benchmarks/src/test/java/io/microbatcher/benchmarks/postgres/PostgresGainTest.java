package io.microbatcher.benchmarks.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.microbatcher.benchmarks.Mode;
import io.microbatcher.benchmarks.Results;
import io.microbatcher.benchmarks.Sample;
import io.microbatcher.benchmarks.report.Page;
import io.microbatcher.benchmarks.report.Sheet;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class PostgresGainTest {
    @TempDir
    Path folder;

    @Test
    void everyWayIsAnsweredByTheServerNearAndFarAndAWrongAnswerIsNoticed() throws Exception {
        assumeTrue(hasServer(), "no PostgreSQL for this machine");
        try (Server server = Server.durable(30);
                RoundTripProxy proxy = RoundTripProxy.before(server.port(), Duration.ofMillis(1));
                Trials trials = new Trials(server.url(), Server.url(proxy.port()))) {
            assertThat(PostgresGain.prepare(server.url())).contains("18.", "fsync on", "synchronous_commit on");
            for (boolean far : new boolean[] {false, true}) {
                for (Operation operation : Operation.values()) {
                    Cell cell = new Cell(operation, far, 6, Cell.Threads.PLATFORM);
                    for (Way way : Way.values()) {
                        Map<String, Double> metrics = trials.measure(PostgresGain.trial(cell, way, Mode.SMOKE));
                        assertThat(metrics).containsKey(Trials.RATE);
                        assertThat(metrics.containsKey(Trials.FILL)).isEqualTo(way.isOurs());
                        assertThat(metrics).doesNotContainKey(Trials.MEDIAN);
                    }
                }
            }

            Cell lone = new Cell(Operation.FIND_BY_ID, false, 1, Cell.Threads.PLATFORM);
            assertThat(trials.measure(PostgresGain.trial(lone, Way.ON_CALLERS_THREAD, Mode.SMOKE)))
                    .containsKey(Trials.MEDIAN);

            execute(server, "UPDATE account SET balance = 0");

            Cell cell = new Cell(Operation.FIND_BY_ID, false, 6, Cell.Threads.PLATFORM);
            for (Way way : Way.values()) {
                assertThatThrownBy(() -> trials.measure(PostgresGain.trial(cell, way, Mode.SMOKE)))
                        .as(way.label())
                        .hasMessageContaining("a caller failed")
                        .hasRootCauseInstanceOf(AssertionError.class);
            }
        }
    }

    @Test
    void thePageTellsRatiosOfTurnsSideBySideAndTheBars() throws Exception {
        Results results = new Results();
        results.workload = "postgres";
        results.mode = "full";
        Cell cell = new Cell(Operation.INSERT, true, 64, Cell.Threads.VIRTUAL);
        double[] disturbed = {1, 10, 3}; // the machine, turn by turn
        for (int turn = 0; turn < disturbed.length; turn++) {
            results.samples.add(sample(cell, Way.ONE_AT_A_TIME, 1_000 * disturbed[turn]));
            results.samples.add(sample(cell, Way.BLOCKING, 2_500 * disturbed[turn]));
        }
        Cell lone = new Cell(Operation.FIND_BY_ID, false, 1, Cell.Threads.PLATFORM);
        results.samples.add(sample(lone, Way.ONE_AT_A_TIME, 1_000, 80));
        results.samples.add(sample(lone, Way.BLOCKING, 1_000, 120));
        results.write(folder.resolve("kept/postgres.json"));

        Page.write(Sheet.POSTGRES, folder, folder.resolve("kept"));

        assertThat(Files.readString(folder.resolve("postgres.md")))
                .contains(
                        "| virtual threads, far, insert, callers=64, blocked: of one row at a time | ≥ 2× | 2.50× | 1.25 | met |")
                .contains(
                        "local, find by id, callers=1: median time of a call, of one row at a time | ≤ 1.10× | 1.50× | 0.73 | **missed** |")
                .contains("| 64 | 3,000 (1,000 – 10,000) |")
                .contains("(postgres/virtual-threads-far-insert.svg)");
        assertThat(folder.resolve("postgres/virtual-threads-far-insert.svg")).exists();
    }

    private static Sample sample(Cell cell, Way way, double rate) {
        return new Sample(cell.toString(), way.name(), "", 0, Map.of(Trials.RATE, rate));
    }

    private static Sample sample(Cell cell, Way way, double rate, double medianMicros) {
        Map<String, Double> metrics = Map.of(Trials.RATE, rate, Trials.MEDIAN, medianMicros);
        return new Sample(cell.toString(), way.name(), "", 0, metrics);
    }

    private static void execute(Server server, String sql) throws Exception {
        try (Connection connection = DriverManager.getConnection(server.url());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static boolean hasServer() {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT).replaceAll("mac.*", "darwin");
        String architecture = System.getProperty("os.arch").replace("amd64", "x86_64");
        return PostgresGainTest.class.getResource("/postgres-" + system + "-" + architecture + ".txz") != null;
    }
}
