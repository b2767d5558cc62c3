package io.microbatcher.cli.pipe;

import static io.microbatcher.cli.pipe.Pipe.numbers;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ExecTest {
    @TempDir
    Path directory;

    @Test
    void everyLineIsAJobAndEveryResultALine() {
        Pipe pipe = Pipe.of("one\ntwo\nthree\n");
        assertThat(pipe.run("--exec", "tr a-z A-Z")).isZero();
        assertThat(pipe.out()).isEqualTo("ONE\nTWO\nTHREE\n");
        assertThat(pipe.err()).contains("3 read, 3 succeeded, 0 failed");
    }

    @Test
    void theCommandRunsOnceForEachBatch() throws Exception {
        Path runs = directory.resolve("runs");
        Pipe pipe = Pipe.of(numbers(25));
        assertThat(pipe.run("--batch-size", "10", "--batch-cycle", "1h", "--exec", "echo x >> " + runs + "; cat"))
                .isZero();
        assertThat(Files.readAllLines(runs)).hasSize(3);
        assertThat(pipe.out()).isEqualTo(numbers(25));
    }

    @Test
    void resultsComeInTheOrderOfTheInputWhenBatchesOvertake() {
        Pipe pipe = Pipe.of(numbers(40));
        String slowFirst = "read first; [ $first = 1 ] && sleep 0.3; echo $first; cat";
        assertThat(pipe.run("--batch-size", "5", "--concurrency", "4", "--exec", slowFirst))
                .isZero();
        assertThat(pipe.out()).isEqualTo(numbers(40));
    }

    @Test
    void asCompletedDoesNotWaitForASlowBatch() {
        Path done = directory.resolve("done");
        Pipe pipe = Pipe.of(numbers(10));
        String firstWaits = "read first; if [ $first = 1 ]; then while [ ! -e " + done + " ]; do sleep 0.01; done;"
                + " else touch " + done + "; fi; echo $first; cat";
        assertThat(pipe.run("--batch-size", "5", "--concurrency", "2", "--as-completed", "--exec", firstWaits))
                .isZero();
        assertThat(pipe.lines())
                .containsExactlyInAnyOrderElementsOf(numbers(10).lines().toList());
    }

    @Test
    void bytesThatAreNotTextPassUnchanged() {
        byte[] noise = new byte[1_000_000];
        new Random(7).nextBytes(noise);
        noise[noise.length - 1] = '\n';
        Pipe pipe = Pipe.of(noise);
        assertThat(pipe.run("--exec", "cat", "--concurrency", "3", "--batch-size", "100"))
                .isZero();
        assertThat(pipe.bytes()).isEqualTo(noise);
    }

    @Test
    void carriageReturnsAndEmptyLinesPassUnchanged() {
        Pipe pipe = Pipe.of("a\r\n\n\r\nb\n");
        assertThat(pipe.run("--exec", "cat")).isZero();
        assertThat(pipe.out()).isEqualTo("a\r\n\n\r\nb\n");
    }

    @Test
    void aLastLineWithoutLineFeedCounts() {
        Pipe pipe = Pipe.of("a\nb");
        assertThat(pipe.run("--exec", "printf 'A\\nB'")).isZero();
        assertThat(pipe.out()).isEqualTo("A\nB\n");
    }

    @Test
    void noInputIsNoBatch() {
        Pipe pipe = Pipe.of("");
        assertThat(pipe.run("--exec", "exit 1")).isZero();
        assertThat(pipe.out()).isEmpty();
    }

    @Test
    void aBatchLargerThanAnyPipeDoesNotDeadlock() {
        String line = "x".repeat(1000) + "\n";
        Pipe pipe = Pipe.of(line.repeat(3000));
        assertThat(pipe.run("--exec", "cat", "--batch-size", "3000")).isZero();
        assertThat(pipe.out()).isEqualTo(line.repeat(3000));
    }

    @Test
    void aCommandNeedNotReadItsInput() {
        Pipe pipe = Pipe.of(numbers(100_000));
        assertThat(pipe.run("--exec", "seq 100000", "--batch-size", "100000", "--batch-cycle", "1h"))
                .isZero();
        assertThat(pipe.out()).isEqualTo(numbers(100_000));
    }

    @Test
    void aLineLargerThanTheBufferPasses() {
        String large = "y".repeat(1_000_000);
        Pipe pipe = Pipe.of("a\n" + large + "\nb\n");
        assertThat(pipe.run("--exec", "cat")).isZero();
        assertThat(pipe.out()).isEqualTo("a\n" + large + "\nb\n");
    }

    @Test
    void aStatusOtherThanZeroFailsTheBatchWithItsLastWords() {
        Path letters = directory.resolve("dead");
        Pipe pipe = Pipe.of(numbers(4));
        int status = pipe.run(
                "--batch-size",
                "2",
                "--dead-letter",
                letters.toString(),
                "--exec",
                "read a; [ $a = 1 ] && { echo out of paper >&2; exit 9; }; echo $a; cat");
        assertThat(status).isEqualTo(1);
        assertThat(pipe.lines()).containsExactly("3", "4");
        assertThat(letters).hasContent("""
                        {"outcome":"failed","file":"-","line":1,"reason":"exit status 9: out of paper","job":"1"}
                        {"outcome":"failed","file":"-","line":2,"reason":"exit status 9: out of paper","job":"2"}
                        """);
        assertThat(pipe.err()).contains("out of paper\n").contains("2 succeeded, 2 failed");
    }

    @Test
    void whatIsMissingFailsAndNothingElse() throws Exception {
        Path letters = directory.resolve("dead");
        Pipe pipe = Pipe.of(numbers(5));
        assertThat(pipe.run("--exec", "head -n 3", "--dead-letter", letters.toString()))
                .isEqualTo(1);
        assertThat(pipe.lines()).containsExactly("1", "2", "3");
        assertThat(Files.readAllLines(letters))
                .hasSize(2)
                .allSatisfy(letter -> assertThat(letter)
                        .contains("printed no line for it")
                        .doesNotContain("byId")
                        .doesNotContain("processor"));
    }

    @Test
    void linesThatBelongToNoJobAreReported() {
        Pipe pipe = Pipe.of(numbers(3));
        assertThat(pipe.run("--exec", "cat; echo more; printf x")).isEqualTo(1);
        assertThat(pipe.lines()).containsExactly("1", "2", "3");
        assertThat(pipe.err())
                .contains("the command printed 5 lines for 3 jobs")
                .contains("2 results without a job");
    }

    @Test
    void anUnknownCommandSaysSo() {
        Pipe pipe = Pipe.of("a\n");
        assertThat(pipe.run("--exec", "no-such-command")).isEqualTo(1);
        assertThat(pipe.err()).contains("line 1 of standard input: exit status 127 (the command was not found)");
    }

    @Test
    void whatTheShellSaysOfAnUnknownCommandIsPassedOnOnce() {
        Pipe pipe = Pipe.of(numbers(5));
        String letters = directory.resolve("dead").toString();
        int status = pipe.run("--exec", "no-such-command", "--batch-size", "1", "--dead-letter", letters);
        assertThat(status).isEqualTo(1);
        assertThat(pipe.err()).containsOnlyOnce("no-such-command").contains("5 failed");
    }

    @Test
    void whatIsSaidInPiecesIsPassedOnOnceToo() {
        Pipe pipe = Pipe.of(numbers(3));
        String letters = directory.resolve("dead").toString();
        String pieces = "printf no >&2; sleep 0.05; printf 'where\\n' >&2; exit 127";
        assertThat(pipe.run("--exec", pieces, "--batch-size", "1", "--dead-letter", letters))
                .isEqualTo(1);
        assertThat(pipe.err()).startsWith("nowhere\n").containsOnlyOnce("nowhere");
    }

    @Test
    void whatOnlyBeginsLikeOldNewsIsPassedOn() {
        Pipe pipe = Pipe.of(numbers(2));
        String letters = directory.resolve("dead").toString();
        String second = "read a; [ $a = 1 ] && { echo nowhere >&2; exit 127; }; printf no >&2; exit 127";
        assertThat(pipe.run("--exec", second, "--batch-size", "1", "--dead-letter", letters))
                .isEqualTo(1);
        assertThat(pipe.err()).startsWith("nowhere\nno");
    }

    @Test
    void whatACommandThatRanSaysIsPassedOnEveryTime() {
        Pipe pipe = Pipe.of(numbers(2));
        assertThat(pipe.run("--exec", "echo warning >&2; cat", "--batch-size", "1"))
                .isZero();
        assertThat(pipe.err()).containsPattern("(?s)warning\n.*warning\n");
    }

    @Test
    void theOutputOfASinkIsPassedThrough() {
        Pipe pipe = Pipe.of(numbers(5));
        assertThat(pipe.run("--exec-sink", "wc -l | tr -d ' '", "--batch-size", "2", "--batch-cycle", "1h"))
                .isZero();
        assertThat(pipe.lines()).containsExactly("2", "2", "1");
        assertThat(pipe.err()).contains("5 succeeded");
    }

    @Test
    void aSinkThatFailsFailsItsBatch() {
        Pipe pipe = Pipe.of(numbers(5));
        assertThat(pipe.run("--exec-sink", "exit 4")).isEqualTo(1);
        assertThat(pipe.err()).contains("exit status 4").contains("0 succeeded, 5 failed");
    }

    @Test
    void aCommandIgnoresTheInterruptOfTheTerminal() {
        Pipe pipe = Pipe.of("a\n");
        assertThat(pipe.run("--exec", "sh -c 'kill -INT $$'; cat")).isZero();
        assertThat(pipe.lines()).containsExactly("a");
    }

    @Test
    void aLineThatIsTooLongFailsAloneAndItsBeginningIsKept() throws Exception {
        Path letters = directory.resolve("dead");
        Pipe pipe = Pipe.of("a\n" + "b".repeat(300_000) + "\nc\n" + "d".repeat(101) + "\n" + "e".repeat(100) + "\nf\n"
                + "g".repeat(200));
        int status = pipe.run("--max-line-bytes", "100", "--exec", "cat", "--dead-letter", letters.toString());
        assertThat(status).isEqualTo(1);
        assertThat(pipe.lines()).containsExactly("a", "c", "e".repeat(100), "f");
        List<String> dead = Files.readAllLines(letters);
        assertThat(dead).hasSize(3).allSatisfy(letter -> assertThat(letter).endsWith("\"truncated\":true}"));
        assertThat(dead.get(0)).contains("\"line\":2", "a line of 300000 bytes, and 100 are allowed");
        assertThat(dead.get(1)).contains("\"line\":4", "a line of 101 bytes");
        assertThat(dead.get(2)).contains("\"line\":7", "a line of 200 bytes");
    }

    @Test
    void aResultThatIsTooLongFailsTheBatch() {
        Pipe pipe = Pipe.of("a\n");
        assertThat(pipe.run("--max-line-bytes", "1000", "--exec", "head -c 100000 /dev/zero"))
                .isEqualTo(1);
        assertThat(pipe.err()).contains("raise --max-line-bytes");
    }

    @Test
    void filesAreReadInOrderAndNamedInFailures() throws Exception {
        Path one = Files.writeString(directory.resolve("one"), "1\n2");
        Path two = Files.writeString(directory.resolve("two"), "bad\n4\n");
        Path letters = directory.resolve("dead");
        Pipe pipe = Pipe.of("standard input\n");
        int status = pipe.run(
                "--batch-size",
                "1",
                "--dead-letter",
                letters.toString(),
                "--exec",
                "read a; [ \"$a\" != bad ] && echo $a",
                one.toString(),
                "-",
                two.toString());
        assertThat(status).isEqualTo(1);
        assertThat(pipe.lines()).containsExactly("1", "2", "standard input", "4");
        assertThat(letters).content().contains("\"file\":\"" + two + "\",\"line\":1");
    }

    @Test
    void everyJobIsAnsweredWithManyBatchesAtOnce() {
        Pipe pipe = Pipe.of(numbers(2000));
        assertThat(pipe.run("--exec", "cat", "--batch-size", "50", "--concurrency", "8", "--as-completed"))
                .isZero();
        assertThat(pipe.lines())
                .containsExactlyInAnyOrderElementsOf(IntStream.rangeClosed(1, 2000)
                        .mapToObj(Integer::toString)
                        .toList());
    }
}
