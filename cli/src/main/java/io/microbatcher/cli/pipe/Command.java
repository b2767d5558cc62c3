package io.microbatcher.cli.pipe;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * One run of the command. Three threads serve it, so that no pipe can fill up while another one waits: one writes, one
 * passes on its standard error, and the batch's own reads.
 *
 * <p>The command ignores SIGINT: the terminal sends it to everything in the foreground, and the batch is to be finished
 * first. {@link #kill} is what ends it early.
 */
final class Command {
    /** No pipe is smaller, so this much never blocks a writer. */
    private static final int SMALLEST_PIPE = 4096;

    private static final int CHUNK = 64 * 1024;
    private static final int EXCERPT = 512;
    private static final int NOT_EXECUTABLE = 126;
    private static final int NOT_FOUND = 127;
    private static final long PATIENCE_MILLIS = 500;

    private final Process process;
    private final Executor threads;
    private final Screen screen;
    private final Set<String> said;
    private final byte[] excerpt = new byte[EXCERPT];
    private int excerptLength;
    private final CompletableFuture<Void> errors;
    private volatile boolean killed;

    private Command(Process process, Executor threads, Screen screen, Set<String> said) {
        this.process = process;
        this.threads = threads;
        this.screen = screen;
        this.said = said;
        this.errors = CompletableFuture.runAsync(this::passErrors, threads);
    }

    /** @param said what commands that could not be run have printed, which is not passed on again */
    static Command start(String command, Executor threads, Screen screen, Set<String> said) throws WorkException {
        try { // what is ignored stays ignored in the command; on the same line its error messages count lines right
            Process process = new ProcessBuilder("/bin/sh", "-c", "trap '' INT; " + command).start();
            return new Command(process, threads, screen, said);
        } catch (IOException failed) {
            throw new WorkException("the command cannot be started: " + Reasons.oneLine(failed.getMessage()));
        }
    }

    /** Writes the jobs to the command, now or while it runs. */
    void feed(List<Line> jobs) {
        long bytes = 0;
        for (Line job : jobs) {
            bytes += job.length + 1;
        }
        if (bytes <= SMALLEST_PIPE) {
            write(jobs);
        } else {
            threads.execute(() -> write(jobs));
        }
    }

    private void write(List<Line> jobs) {
        byte[] chunk = new byte[CHUNK];
        int filled = 0;
        try (OutputStream in = process.getOutputStream()) {
            for (Line job : jobs) {
                if (job.length >= CHUNK - filled) {
                    in.write(chunk, 0, filled);
                    filled = 0;
                }
                if (job.length >= CHUNK) {
                    in.write(job.buffer, job.offset, job.length);
                } else {
                    System.arraycopy(job.buffer, job.offset, chunk, filled, job.length);
                    filled += job.length;
                }
                chunk[filled++] = '\n';
            }
            in.write(chunk, 0, filled);
        } catch (IOException enough) {
            return; // a command need not read all that it is given; its exit status tells whether that is fine
        }
    }

    void read(Reply reply) throws WorkException {
        try (InputStream out = process.getInputStream()) {
            reply.readFrom(out);
        } catch (IOException failed) {
            kill();
            throw new WorkException("the output of the command cannot be read: " + failed.getMessage());
        } catch (WorkException unusable) {
            kill();
            throw unusable;
        }
    }

    /** Passes the command's output on as it comes. */
    void pass(Output output, Course course) throws WorkException {
        byte[] chunk = new byte[CHUNK];
        try (InputStream out = process.getInputStream()) {
            for (int count = out.read(chunk); count >= 0; count = out.read(chunk)) {
                pass(chunk, count, output, course);
            }
        } catch (IOException failed) {
            throw new WorkException("the output of the command cannot be read: " + failed.getMessage());
        }
    }

    private static void pass(byte[] chunk, int count, Output output, Course course) {
        if (!output.isBroken()) {
            try {
                output.write(chunk, count);
            } catch (IOException failed) {
                course.outputFailed(failed);
            }
        }
    }

    /** Waits for the command to end. */
    void await() throws WorkException {
        int status = Uninterruptibly.get(process::waitFor);
        if (status != 0) {
            String reason = stderr();
            if (status == NOT_EXECUTABLE || status == NOT_FOUND) {
                said.add(excerpt());
            }
            throw new WorkException(describe(status) + reason);
        }
    }

    private static String describe(int status) {
        String exit = "exit status " + status;
        return switch (status) {
            case NOT_EXECUTABLE -> exit + " (the command cannot be executed)";
            case NOT_FOUND -> exit + " (the command was not found)";
            default -> status > 128 ? exit + " (ended by signal " + (status - 128) + ")" : exit;
        };
    }

    private String stderr() {
        try { // its last words; but something it left behind may hold the pipe open for ever
            Uninterruptibly.<Void, Exception>get(() -> errors.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS));
        } catch (TimeoutException | ExecutionException asFarAsItGoes) {
            return "";
        } catch (Exception never) {
            throw new IllegalStateException(never);
        }
        String text = Reasons.oneLine(new String(excerpt, 0, excerptLength, StandardCharsets.UTF_8));
        return text.isEmpty() ? "" : ": " + text;
    }

    private void passErrors() {
        byte[] chunk = new byte[4096];
        boolean mayBeOldNews = !said.isEmpty();
        try (InputStream err = process.getErrorStream()) {
            for (int count = err.read(chunk); count >= 0; count = err.read(chunk)) {
                int before = excerptLength;
                int kept = Math.min(count, EXCERPT - excerptLength);
                System.arraycopy(chunk, 0, excerpt, excerptLength, kept);
                excerptLength += kept;
                if (mayBeOldNews && kept == count && said.stream().anyMatch(old -> old.startsWith(excerpt()))) {
                    continue; // held back until it is known
                }
                if (mayBeOldNews) {
                    pass(excerpt, before);
                }
                mayBeOldNews = false;
                pass(chunk, count);
            }
        } catch (IOException gone) {
            return; // killed
        }
        if (mayBeOldNews && !said.contains(excerpt())) {
            pass(excerpt, excerptLength);
        }
    }

    private void pass(byte[] text, int length) {
        if (!killed && length > 0) { // a shell says that what it ran was ended, which is no news
            screen.through(text, length);
        }
    }

    private String excerpt() {
        return new String(excerpt, 0, excerptLength, StandardCharsets.ISO_8859_1); // byte by byte
    }

    /** Ends the command and all that it has started: politely, and a moment later for good. */
    void kill() {
        killed = true;
        // named before the first of them ends: what has lost its parent is no descendant any more; and the shell first,
        // which would go on with what comes after the command that it waits for
        List<ProcessHandle> all = Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .toList();
        all.forEach(ProcessHandle::destroy);
        CompletableFuture.delayedExecutor(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)
                .execute(() -> all.forEach(ProcessHandle::destroyForcibly));
    }
}
