package io.microbatcher.cli.pipe;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import picocli.CommandLine;

/** The command inside of the test, on streams of the test's own. */
final class Pipe {
    private static final String CYCLE = "--batch-cycle";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private InputStream in = InputStream.nullInputStream();
    private OutputStream to = out;
    private boolean terminal;

    static Pipe of(String input) {
        return of(input.getBytes(StandardCharsets.UTF_8));
    }

    static Pipe of(byte[] input) {
        return new Pipe().from(new ByteArrayInputStream(input));
    }

    Pipe from(InputStream input) {
        this.in = input;
        return this;
    }

    Pipe to(OutputStream output) {
        this.to = output;
        return this;
    }

    Pipe onTerminal() {
        this.terminal = true;
        return this;
    }

    /** Unless told otherwise, batches leave when they are full or at the end of the input, and not by a clock. */
    int run(String... arguments) {
        Streams streams = new Streams(in, to, err, terminal, status -> {
            throw new AssertionError("halted with " + status);
        });
        return new CommandLine(new PipeCommand(streams))
                .setErr(new PrintWriter(err, true, StandardCharsets.UTF_8))
                .execute(withCycle(arguments));
    }

    private static String[] withCycle(String... arguments) {
        return Arrays.stream(arguments).anyMatch(argument -> argument.startsWith(CYCLE))
                ? arguments
                : Stream.concat(Stream.of(CYCLE, "1h"), Arrays.stream(arguments))
                        .toArray(String[]::new);
    }

    CompletableFuture<Integer> start(String... arguments) {
        CompletableFuture<Integer> status = new CompletableFuture<>();
        Thread thread = new Thread(() -> status.complete(run(arguments)), "pipe under test");
        thread.setDaemon(true);
        thread.start();
        return status;
    }

    byte[] bytes() {
        return out.toByteArray();
    }

    String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    List<String> lines() {
        return out().lines().toList();
    }

    String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    static String numbers(int count) {
        StringBuilder lines = new StringBuilder();
        for (int i = 1; i <= count; i++) {
            lines.append(i).append('\n');
        }
        return lines.toString();
    }
}
