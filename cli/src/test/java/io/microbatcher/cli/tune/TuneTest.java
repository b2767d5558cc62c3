package io.microbatcher.cli.tune;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.microbatcher.cli.Main;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class TuneTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    @Test
    void showsTheTradeAndRecommendsTheLinesToWrite() {
        Path svg = folder.resolve("trade.svg");

        assertThat(execute("--callers=16", "--cost=2ms+20us*n", "--jobs=500", "--svg=" + svg))
                .isZero();

        assertThat(out.toString())
                .startsWith("16 callers that block; a batch costs 2 ms and 20 µs for each job; the backend serves 1")
                .containsPattern("configurations\\s+tried, 500 jobs each, seed 1")
                .containsPattern("jobs/s +mean +99 % +calls/s +jobs a call\\R")
                .containsPattern(" no batching +4\\d\\d +3\\d\\.\\d ms")
                .containsPattern("    MicroBatcher.builder\\(processor\\)\\R {12}\\.batchSize\\(\\d+\\)\\R");
        assertThat(svg).content().startsWith("<svg ").endsWith("</svg>\n");
    }

    @Test
    void theLeastRateIsNoOverload() {
        assertThat(execute("--rate=0.01/s", "--cost=1ms", "--jobs=100"))
                .as(out.toString())
                .isZero();
    }

    @Test
    void theSameSeedPrintsTheSame() {
        String[] arguments = {"--rate=800/s", "--burst=4", "--cost=2ms+20us*n", "--noise=0.2", "--jobs=500", "--seed=5"
        };
        assertThat(execute(arguments)).isZero();
        String first = out.toString();
        out.getBuffer().setLength(0);

        assertThat(execute(arguments)).isZero();

        assertThat(out.toString()).isEqualTo(first).contains("800 jobs/s in bursts of 4");
    }

    @Test
    void onlyTheSizesAndCyclesThatAreNamedAreTried() throws Exception {
        assertThat(execute(
                        "--callers=4", "--cost=1ms", "--jobs=100", "--format=json", "--sizes=4,8", "--cycles=1ms,3ms"))
                .isZero();

        JsonNode candidates = json().get("candidates");
        assertThat(candidates.findValuesAsText("name"))
                .containsExactlyInAnyOrder(
                        "no batching",
                        "adaptive, size 4",
                        "natural, size 4",
                        "size or age, cycle 1 ms, size 4",
                        "size or age, cycle 3 ms, size 4",
                        "adaptive, size 8",
                        "natural, size 8",
                        "size or age, cycle 1 ms, size 8",
                        "size or age, cycle 3 ms, size 8");
    }

    @Test
    void anOverloadEndsWithOneAndSaysSo() {
        assertThat(execute("--rate=1000/s", "--cost=10ms*n", "--jobs=100")).isOne();

        assertThat(out.toString()).contains("Overload: no configuration keeps up with 1,000 jobs/s");
    }

    @Test
    void aCommandIsMeasured() throws Exception {
        Path input = Files.writeString(folder.resolve("input"), "one\ntwo\n");
        Path seen = folder.resolve("seen");

        assertThat(execute(
                        "--callers=4",
                        "--exec=sleep 0.02; cat >>" + seen, // which is more than noise
                        "--input=" + input,
                        "--measure-seconds=0.5",
                        "--jobs=100",
                        "--format=json"))
                .isZero();

        JsonNode fit = json().get("fit");
        assertThat(fit.get("sizes").findValuesAsText("jobs")).containsExactly("1", "2", "5", "10");
        assertThat(fit.get("worstError").asDouble()).isNotNegative();
        assertThat(json().at("/setting/fixedNanos").asDouble()).isPositive();
        assertThat(Files.readAllLines(seen)).contains("one", "two").containsOnly("one", "two");
    }

    @Test
    void aCommandThatFailsIsReportedWithItsLastWords() {
        assertThat(execute("--callers=4", "--exec=echo no such table >&2; exit 3"))
                .isOne();

        assertThat(err.toString()).contains("the command failed with exit status 3 for 1 job: no such table");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void aCommandThatHangsIsKilled() {
        assertThat(execute("--callers=4", "--exec=sleep 1000", "--measure-seconds=0.1"))
                .isOne();

        assertThat(err.toString()).contains("the command took longer than the");
    }

    @Test
    void theCheckPutsPredictionAndMeasurementSideBySide() {
        assertThat(execute("--callers=2", "--cost=5ms", "--jobs=200", "--check", "--check-seconds=0.1"))
                .isZero();

        String figures = " +[\\d,.]+( ms)? +[\\d,.]+( ms)? +[+-][\\d.]+ %\\R";
        assertThat(out.toString())
                .contains("Check: the recommended configuration on threads and in real time")
                .containsPattern("jobs/s" + figures)
                .containsPattern("jobs a call" + figures)
                .containsPattern("mean" + figures);
    }

    @Test
    void badConfigurationsAreTriedWithoutAWordInTheLog() {
        List<String> logged = new ArrayList<>();
        Logger logger = Logger.getLogger("io.microbatcher");
        Handler handler = handlerThatKeeps(logged);
        logger.addHandler(handler);
        try {
            assertThat(execute("--callers=4", "--cost=1ms", "--sizes=100", "--cycles=5ms", "--jobs=1000"))
                    .isZero();
        } finally {
            logger.removeHandler(handler);
        }

        assertThat(out.toString()).contains("! The trap: ");
        assertThat(logged).isEmpty();
        assertThat(logger.getLevel()).isNull();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            --cost=1ms                                  | exactly one of --callers and --rate says where the jobs come from, but there is none
            --callers=2 --rate=5 --cost=1ms             | exactly one of --callers and --rate says where the jobs come from, but there are both
            --callers=2                                 | exactly one of --cost and --exec says what a batch costs, but there is none
            --callers=2 --cost=1ms --exec=cat           | exactly one of --cost and --exec says what a batch costs, but there are both
            --callers=2 --cost=2+1us*n                  | invalid value for option '--cost': expected a unit (ns, us, µs, ms or s), but found '+', at column 2
            --callers=0 --cost=1ms                      | --callers must be 1 to 10,000, but was 0
            --rate=0 --cost=1ms                         | --rate must be 0.01/s or more, but was 0.0/s
            --rate=0.000000001 --cost=1ms               | --rate must be 0.01/s or more, but was 1.0E-9/s
            --rate=5/min --cost=1ms                     | '5/min' is no rate
            --callers=2 --burst=3 --cost=1ms            | --burst needs --rate
            --rate=5 --think=1ms --cost=1ms             | --think needs --callers
            --rate=5 --input=x --cost=1ms               | --input needs --exec
            --callers=2 --cost=1ms --noise=3            | --noise must be 0 to 2, but was 3.0
            --callers=2 --cost=1ms --sizes=4,0          | --sizes must be 1 to 100,000, but was 0
            --callers=2 --cost=1ms --cycles=4           | expected a unit (ns, us, µs, ms or s), but found the end, at column 2
            --callers=2 --cost=1ms --jobs=1             | --jobs must be 100 to 10,000,000, but was 1
            --callers=2 --cost=1ms --served=0           | --served must be 1 to 1,000, but was 0
            --callers=2 --cost=1ms --latency-target=0ms | --latency-target must be more than 0
            --callers=3000 --cost=1ms --check           | --check runs a thread for each caller
            """)
    void nonsenseIsRefusedBeforeAnythingHappens(String arguments, String complaint) {
        assertThat(execute(arguments.split(" ", -1))).isEqualTo(2);

        assertThat(err.toString()).contains(complaint);
        assertThat(out.toString()).isEmpty();
    }

    private JsonNode json() throws Exception {
        return new ObjectMapper().readTree(out.toString());
    }

    private static Handler handlerThatKeeps(List<String> messages) {
        return new Handler() {
            @Override
            public void publish(LogRecord line) {
                messages.add(line.getMessage());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
    }

    private int execute(String... arguments) {
        return Main.commandLine()
                .setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF))
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(Stream.concat(Stream.of("tune"), Stream.of(arguments)).toArray(String[]::new));
    }
}
