package io.microbatcher.cli.pipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.TypeConversionException;

class OptionsTest {
    @TempDir
    Path directory;

    @Test
    void exactlyOneProcessorIsNeeded() {
        refused("but there is none");
        refused("but there are --exec and --http", "--exec", "cat", "--http", "http://localhost/");
    }

    @Test
    void optionsThatDoNotFitAreRefused() {
        refused("--batch-size must be 1 or more, but was 0", "--exec", "cat", "--batch-size", "0");
        refused("--concurrency must be 1 or more, but was -1", "--exec", "cat", "--concurrency", "-1");
        refused("'5' is no duration", "--exec", "cat", "--batch-cycle", "5");
        refused("'1x' is no size", "--exec", "cat", "--max-line-bytes", "1x");
        refused("'xml' is none of [text, json, csv]", "--http", "http://localhost/", "--format", "xml");
        refused("--format json or csv has no meaning without --jdbc or --http", "--exec", "cat", "--format", "csv");
        refused("--timeout has no meaning without --http", "--exec", "cat", "--timeout", "1s");
    }

    @Test
    void whatPipeItselfRefusesHasTheFormOfAllCommands() {
        Pipe pipe = Pipe.of("a\n");
        assertThat(pipe.run("--exec", "cat", "--batch-size", "0")).isEqualTo(2);
        assertThat(pipe.err()).isEqualTo("""
                        microbatcher pipe: --batch-size must be 1 or more, but was 0
                        Try 'microbatcher pipe --help' for what is possible.
                        """);
    }

    @Test
    void theSummaryRoundsSoThatItDoesNotDeceive() {
        Pipe pipe = Pipe.of(Pipe.numbers(5));
        assertThat(pipe.run("--exec", "cat")).isZero();
        assertThat(pipe.err())
                .contains("; 1 batch, 0.5% full; no line waited longer than ")
                .endsWith(" for its batch\n");
        assertThat(Amounts.percent(0)).isEqualTo("0%");
        assertThat(Amounts.percent(0.0004)).isEqualTo("<0.1%");
        assertThat(Amounts.percent(0.05)).isEqualTo("5%");
        assertThat(Amounts.percent(0.0512)).isEqualTo("5.1%");
        assertThat(Amounts.percent(0.334)).isEqualTo("33%");
        assertThat(Amounts.percent(0.9999)).isEqualTo("99%");
        assertThat(Amounts.percent(1)).isEqualTo("100%");
        assertThat(Amounts.count(1, "batch")).isEqualTo("1 batch");
        assertThat(Amounts.count(2_000, "batch")).isEqualTo("2,000 batches");
        assertThat(Amounts.count(1, "pending job")).isEqualTo("1 pending job");
        assertThat(Amounts.count(0, "line")).isEqualTo("0 lines");
    }

    @Test
    void filesThatCannotBeReadAreRefusedBeforeAnythingIsRun() throws Exception {
        Path good = Files.writeString(directory.resolve("good"), "1\n");
        Path ran = directory.resolve("ran");
        String missing = directory.resolve("missing").toString();
        refused("cannot read " + missing + ": no such file", "--exec", "touch " + ran, good.toString(), missing);
        refused("it is a directory", "--exec", "touch " + ran, directory.toString());
        assertThat(ran).doesNotExist();
        refused("cannot write --dead-letter", "--exec", "cat", "--dead-letter", missing + "/x");
    }

    @Test
    void durationsAndSizesAreReadAsPeopleWriteThem() {
        DurationConverter durations = new DurationConverter();
        assertThat(durations.convert("50ms")).isEqualTo(Duration.ofMillis(50));
        assertThat(durations.convert("1.5s")).isEqualTo(Duration.ofMillis(1500));
        assertThat(durations.convert("1m")).isEqualTo(Duration.ofMinutes(1));
        assertThat(durations.convert("0")).isZero();
        assertThat(durations.convert("999999999999999d")).isPositive();
        assertThatThrownBy(() -> durations.convert("-1s")).isInstanceOf(TypeConversionException.class);
        SizeConverter sizes = new SizeConverter();
        assertThat(sizes.convert("4096")).isEqualTo(4096);
        assertThat(sizes.convert("16MiB")).isEqualTo(16 << 20);
        assertThat(sizes.convert("64k")).isEqualTo(64 << 10);
    }

    @Test
    void aTimeoutBeyondAllClocksIsOne() {
        Pipe pipe = Pipe.of("");
        assertThat(pipe.run("--http", "http://localhost:9/", "--timeout", "999999999999999d"))
                .as(pipe.err())
                .isZero();
    }

    @Test
    void theSummaryIsWrittenAsAsked() {
        Pipe json = Pipe.of("a\n");
        assertThat(json.run("--exec", "cat", "--summary", "json")).isZero();
        assertThat(json.err())
                .startsWith("{\"read\":1,\"succeeded\":1,\"failed\":0")
                .endsWith("\"exit_status\":0}\n");
        Pipe none = Pipe.of("a\n");
        assertThat(none.run("--exec", "cat", "--summary", "none")).isZero();
        assertThat(none.err()).isEmpty();
    }

    @Test
    void theLiveLineIsForTerminalsUnlessAskedFor() throws Exception {
        String slow = "sleep 0.6; cat";
        Pipe file = Pipe.of("a\n");
        assertThat(file.run("--exec", slow)).isZero();
        assertThat(file.err()).doesNotContain("pending");
        Path seen = directory.resolve("seen");
        Pipe terminal = Pipe.of("a\n").onTerminal();
        CompletableFuture<Integer> status =
                terminal.start("--exec", "while [ ! -e " + seen + " ]; do sleep 0.01; done; cat");
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(terminal.err())
                        .containsPattern("0 done  0/s  1 pending  batches 0.1% full  0 failed  waited \\d+ ms"));
        Files.createFile(seen);
        assertThat(status.get(30, TimeUnit.SECONDS)).isZero();
        assertThat(terminal.err()).contains("\r\u001B[Kmicrobatcher pipe: 1 read");
        Pipe never = Pipe.of("a\n").onTerminal();
        assertThat(never.run("--exec", slow, "--progress", "never")).isZero();
        assertThat(never.err()).doesNotContain("pending");
    }

    private static void refused(String why, String... arguments) {
        Pipe pipe = Pipe.of("a\n");
        assertThat(pipe.run(arguments)).isEqualTo(2);
        assertThat(pipe.err()).contains(why);
        assertThat(pipe.out()).isEmpty();
    }
}
