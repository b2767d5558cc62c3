package io.microbatcher.cli.tune;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A command that processes a batch: started with {@code /bin/sh} for each, with a line for each job on its standard
 * input. What it prints is thrown away but for its last words, in case that it fails.
 */
final class ShellCommand {
    private static final int LAST_WORDS = 300;
    private static final long PATIENCE_MILLIS = 1_000;

    private final String command;
    private final List<String> lines;

    /** @param lines what jobs look like, one or more; used in turns */
    ShellCommand(String command, List<String> lines) {
        this.command = command;
        this.lines = List.copyOf(lines);
    }

    /**
     * Runs it once and tells how long that took.
     *
     * @throws IOException if it fails, or takes longer than the limit; then it is killed
     */
    long nanosFor(int jobs, Duration limit) throws IOException, InterruptedException {
        byte[] input = input(jobs);
        long started = System.nanoTime();
        Process process = new ProcessBuilder("/bin/sh", "-c", command)
                .redirectErrorStream(true)
                .start();
        start(new FutureTask<>(() -> write(process, input), null));
        FutureTask<String> words = start(new FutureTask<>(() -> lastWords(process)));
        try {
            if (!process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new IOException("the command took longer than the " + Figures.duration(limit)
                        + " that were left to measure it, with " + jobs + " jobs");
            }
            long took = System.nanoTime() - started;
            if (process.exitValue() != 0) {
                throw new IOException("the command failed with exit status " + process.exitValue() + " for " + jobs
                        + (jobs == 1 ? " job" : " jobs") + said(words));
            }
            return Math.max(1, took);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private byte[] input(int jobs) {
        StringBuilder input = new StringBuilder();
        for (int job = 0; job < jobs; job++) {
            input.append(lines.get(job % lines.size())).append('\n');
        }
        return input.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static <T extends @Nullable Object> FutureTask<T> start(FutureTask<T> task) {
        Thread thread = new Thread(task, "tune-pipe");
        thread.setDaemon(true);
        thread.start();
        return task;
    }

    /** Does not wait for ever: something that the command left behind may hold the pipe open. */
    private static String said(FutureTask<String> words) throws InterruptedException {
        try {
            String text = words.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS).strip();
            return text.isEmpty() ? "" : ": " + text;
        } catch (ExecutionException | TimeoutException unknown) {
            return "";
        }
    }

    private static void write(Process process, byte[] input) {
        try (OutputStream stdin = process.getOutputStream()) {
            stdin.write(input);
        } catch (IOException enough) {
            return; // a command need not read all that it is given
        }
    }

    private static String lastWords(Process process) {
        StringBuilder words = new StringBuilder();
        byte[] chunk = new byte[8_192];
        try (InputStream stdout = process.getInputStream()) {
            for (int count = stdout.read(chunk); count >= 0; count = stdout.read(chunk)) {
                words.append(new String(chunk, 0, count, StandardCharsets.UTF_8));
                words.delete(0, Math.max(0, words.length() - LAST_WORDS));
            }
        } catch (IOException killed) {
            return words.toString();
        }
        return words.toString();
    }
}
