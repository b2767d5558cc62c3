package io.microbatcher.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class DemoTest {
    private static final FiveJobs.Pace FAST =
            new FiveJobs.Pace(Duration.ofMillis(150), Duration.ofMillis(5), Duration.ofMillis(1));

    @TempDir
    private static Path folder;

    private static Path database;
    private static String told;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeAll
    static void runOnce() {
        database = folder.resolve("kept.db");
        StringWriter all = new StringWriter();
        int code = execute(all, all, "--callers=4", "--seconds=0.2", "--file=" + database);
        told = all.toString();
        assertThat(code).describedAs(told).isZero();
    }

    @Test
    void fiveCallersSubmitOneJobEachAndEachGetsItsDouble() {
        for (int job = 1; job <= 5; job++) {
            assertThat(told)
                    .containsOnlyOnce("caller " + job + "   submits " + job + System.lineSeparator())
                    .containsOnlyOnce("caller " + job + "   gets " + job * 2 + System.lineSeparator());
        }
    }

    @Test
    void everyBatchOfTheStoryHoldsThreeAtMostAndSaysWhyItLeft() {
        List<MatchResult> batches = Pattern.compile("batch \\d+ +leaves with (\\d) jobs?: (SIZE|AGE), ")
                .matcher(told)
                .results()
                .toList();

        assertThat(batches).hasSizeGreaterThanOrEqualTo(2);
        assertThat(batches).allSatisfy(batch -> assertThat(size(batch)).isBetween(1, 3));
        assertThat(batches)
                .allSatisfy(batch -> assertThat(batch.group(2)).isEqualTo(size(batch) == 3 ? "SIZE" : "AGE"));
        assertThat(batches.stream().mapToInt(DemoTest::size).sum()).isEqualTo(5);
        assertThat(told).contains("Five calls became " + batches.size() + " calls of the processor");
    }

    @Test
    void theTableHoldsEveryWayOfWritingWithItsFigures() {
        String figure = " +[\\d,]+(\\.\\d+)?";
        String latency = " +([\\d,.]+ ms|-)"; // none if the disk let no call end within the short turns
        String speed = figure + latency + latency;
        String ratio = " +([\\d,.]+|-)";
        assertThat(told).containsPattern("one at a time" + speed + " +- +-" + ratio + " +-\\R");
        for (String name : List.of("nothing set", "batchSize 4", "batchSize 8", "batchSize 8, natural\\(\\)")) {
            assertThat(told).containsPattern(name + speed + figure + figure + ratio + " +([\\d.]+ to [\\d.]+|-)\\R");
        }
    }

    @Test
    void theFileHoldsAsManyRowsAsCallsReturned() throws Exception {
        MatchResult proof = Pattern.compile("([\\d,]+) calls returned, ([\\d,]+) rows are there, every caller got")
                .matcher(told)
                .results()
                .findFirst()
                .orElseThrow();
        long written = Pattern.compile("round \\d of 5: ([\\d,]+) rows written")
                .matcher(told)
                .results()
                .mapToLong(line -> number(line.group(1)))
                .sum();

        assertThat(written).isPositive();
        assertThat(number(proof.group(1))).isEqualTo(written);
        assertThat(number(proof.group(2))).isEqualTo(written);
        try (Connection connection = SqliteLedger.open(database);
                Statement statement = connection.createStatement();
                ResultSet count = statement.executeQuery("SELECT count(*) FROM entry")) {
            assertThat(count.getLong(1)).isEqualTo(written);
        }
    }

    @Test
    void theColumnsThatNeedItAreExplained() {
        assertThat(told).contains("lowest and highest").contains("of the 4 rounds that were measured");
        assertThat(told).doesNotContainPattern("[A-Z]{4,} [A-Z]{3,}");
    }

    @Test
    void aBatchSizeThatTheCallersCannotFillIsExplained() {
        assertThat(told)
                .contains("A batchSize of 8 is more than the callers (4) can fill")
                .contains("batches left by AGE");
    }

    @Test
    void aFileThatIsNamedStaysAndTheWriteAheadLogDoesNot() {
        assertThat(folder).isDirectoryContaining(database::equals);
        assertThat(folder.toFile().list()).containsExactly("kept.db");
    }

    @Test
    void interruptedItEndsWithoutItsTemporaryFile() throws Exception {
        CompletableFuture<Integer> code = new CompletableFuture<>();
        Thread command = new Thread(() -> code.complete(execute(out, err, "--callers=2", "--seconds=60")));
        command.start();
        await().atMost(Duration.ofSeconds(30))
                .until(() -> temporaryDatabase() != null && Files.exists(temporaryDatabase()));

        command.interrupt();

        assertThat(code.get(30, TimeUnit.SECONDS)).isEqualTo(130);
        assertThat(temporaryDatabase().getParent()).doesNotExist();
        assertThat(err.toString()).contains("interrupted");
    }

    @Test
    void interruptedInTheStoryItEndsAsWell() throws Exception {
        CompletableFuture<Integer> code = new CompletableFuture<>();
        Thread command = new Thread(() -> code.complete(
                execute(new Demo(new FiveJobs.Pace(Duration.ofDays(1), Duration.ZERO, Duration.ZERO)), out, err)));
        command.start();
        await().atMost(Duration.ofSeconds(30)).until(() -> out.toString().contains("submits 5"));

        command.interrupt();

        assertThat(code.get(30, TimeUnit.SECONDS)).isEqualTo(130);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    --callers=0       | --callers must be 1 to 1000, but was 0
                    --callers=1001    | --callers must be 1 to 1000, but was 1001
                    --callers=many    | Invalid value for option '--callers'
                    --seconds=0       | --seconds must be more than 0 and at most 60, but was 0.0
                    --seconds=61      | --seconds must be more than 0 and at most 60, but was 61.0
                    --seconds=NaN     | --seconds must be more than 0 and at most 60, but was NaN
                    --batch-size=0    | --batch-size must be 1 or more, but was 0
                    --file=no/such/db | --file must be in a folder that exists
                    --file=.          | --file must name a new file, but . exists
                    --postgres --file=x.db   | --file is for SQLite
                    --postgres --callers=301 | --callers must be 1 to 300 with --postgres, but was 301
                    """)
    void anOptionOutOfRangeIsRefusedBeforeAnythingHappens(String option, String complaint) {
        assertThat(execute(out, err, option.split(" ", -1))).isEqualTo(2);

        assertThat(err.toString()).contains(complaint);
        assertThat(out.toString()).isEmpty();
    }

    private Path temporaryDatabase() {
        return out.toString()
                .lines()
                .filter(line -> line.endsWith("demo.db"))
                .map(Path::of)
                .findFirst()
                .orElse(null);
    }

    private static int size(MatchResult batch) {
        return Integer.parseInt(batch.group(1));
    }

    private static long number(String withCommas) {
        return Long.parseLong(withCommas.replace(",", ""));
    }

    private static int execute(StringWriter out, StringWriter err, String... arguments) {
        return execute(new Demo(FAST), out, err, arguments);
    }

    private static int execute(Demo demo, StringWriter out, StringWriter err, String... arguments) {
        return new CommandLine(demo)
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }
}
