package io.microbatcher.cli.pipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What only a process of its own shows: signals, pipes that close, and which classes it loads. */
@Timeout(90)
class ProcessTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void endWhatWasStarted() {
        started.forEach(process -> {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        });
    }

    private Process start(List<String> jvm, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvm);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), PipeProcess.class.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectError(directory.resolve("err").toFile())
                .start();
        started.add(process);
        return process;
    }

    private String err() {
        try {
            return Files.readString(directory.resolve("err"));
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private static void write(OutputStream to, String text) throws IOException {
        to.write(text.getBytes(StandardCharsets.UTF_8));
        to.flush();
    }

    private static void signal(Process process, String name) throws Exception {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
        assertThat(kill.waitFor()).isZero();
    }

    @Test
    void aSignalFinishesWhatWasAcceptedWhileTheInputIsStillOpen() throws Exception {
        for (String name : List.of("INT", "TERM")) {
            Path begun = directory.resolve("begun" + name);
            Path go = directory.resolve("go" + name);
            Process process = start(
                    List.of(),
                    "--batch-size",
                    "2",
                    "--exec",
                    "touch " + begun + "; while [ ! -e " + go + " ]; do sleep 0.01; done; cat");
            write(process.getOutputStream(), "1\n2\n3\n");
            await().atMost(LONG).until(() -> Files.exists(begun));
            signal(process, name);
            await().atMost(LONG).until(() -> err().contains("interrupted: finishing 3 pending jobs"));
            Files.createFile(go);
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(name.equals("INT") ? 130 : 143);
            assertThat(process.inputReader().lines()).containsExactly("1", "2", "3");
            assertThat(err()).contains("3 read, 3 succeeded, 0 failed");
        }
    }

    @Test
    void aSecondSignalGivesUpAndEveryJobIsAccountedFor() throws Exception {
        Path begun = directory.resolve("begun");
        Path letters = directory.resolve("dead");
        Process process = start(
                List.of(),
                "--batch-size",
                "2",
                "--dead-letter",
                letters.toString(),
                "--exec",
                "touch " + begun + "; sleep 1000; cat");
        write(process.getOutputStream(), "1\n2\n3\n");
        await().atMost(LONG).until(() -> Files.exists(begun));
        signal(process, "INT");
        await().atMost(LONG).until(() -> err().contains("interrupted"));
        List<ProcessHandle> children = process.descendants().toList();
        assertThat(children).isNotEmpty();
        signal(process, "INT");
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(130);
        assertThat(Files.readAllLines(letters))
                .hasSize(3)
                .allSatisfy(letter -> assertThat(letter).startsWith("{\"outcome\":\"unprocessed\""));
        await().atMost(LONG).until(() -> children.stream().noneMatch(ProcessHandle::isAlive));
    }

    @Test
    void aSecondSignalEndsARunWhoseOutputNobodyReads() throws Exception {
        Process process = start(List.of(), "--exec", "yes | head -c 1000000 | tr -d '\\n'; echo");
        write(process.getOutputStream(), "1\n");
        assertThat(process.getInputStream().read()).isEqualTo('y'); // then the pipe is full
        signal(process, "TERM");
        await().atMost(LONG).until(() -> err().contains("interrupted"));
        signal(process, "TERM");
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(143);
    }

    @Test
    void aReaderThatHasGoneEndsTheProcessQuietly() throws Exception {
        Path input = Files.writeString(directory.resolve("input"), Pipe.numbers(200_000));
        Process closed = start(List.of(), "--exec", "cat", input.toString());
        try (BufferedReader reader = closed.inputReader()) {
            assertThat(reader.readLine()).isEqualTo("1");
        }
        assertThat(closed.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(closed.exitValue()).isEqualTo(141);
        assertThat(err()).isEmpty();
    }

    @Test
    void aCommandOnFilesLoadsNeitherJsonNorDatabases() throws Exception {
        Path input = Files.writeString(directory.resolve("input"), "1\n2\n");
        Process process = start(
                List.of("-Xlog:class+load:file=" + directory.resolve("classes")), "--exec", "cat", input.toString());
        assertThat(process.inputReader().lines()).containsExactly("1", "2");
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(Files.readString(directory.resolve("classes")))
                .contains("io.microbatcher.cli.pipe.ExecWork")
                .doesNotContain("com.fasterxml", "org.h2", "org.sqlite", "java.net.http");
    }
}
