package io.microbatcher.cli.demo;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Shows the batcher at work on five jobs, then measures what it is for. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = "Shows the batcher at work on five jobs, then measures what it is for on this machine.")
public final class Demo implements Callable<Integer> {
    private static final int MOST_CALLERS = 1_000;
    private static final int MOST_CONNECTIONS = 300;
    private static final int MOST_SECONDS = 60;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private CommandSpec spec;

    @Option(
            names = "--callers",
            paramLabel = "N",
            defaultValue = "32",
            description = "Threads that write, 1 to 1,000. Default: ${DEFAULT-VALUE}.")
    private int callers;

    @Option(
            names = "--seconds",
            paramLabel = "S",
            defaultValue = "2.5",
            description = "How long each way of writing runs, up to 60. Default: ${DEFAULT-VALUE}.")
    private double seconds;

    @Option(
            names = "--batch-size",
            paramLabel = "N",
            description = "Jobs in a batch, 1 or more. Default: as many as there are callers.")
    private @Nullable Integer batchSize;

    @Option(
            names = "--file",
            paramLabel = "PATH",
            description = "Where the database goes; it stays there. Default: a temporary file that is deleted.")
    private @Nullable Path file;

    @Option(
            names = "--postgres",
            description = "Write to a PostgreSQL that is started for the demo, and not to SQLite; up to 300 callers.")
    private boolean postgres;

    private final FiveJobs.Pace pace;

    /** Makes the command as users know it. */
    public Demo() {
        this(FiveJobs.Pace.READABLE);
    }

    Demo(FiveJobs.Pace pace) {
        this.pace = pace;
    }

    @Override
    @SuppressWarnings("try") // nothing is asked of it but to be there
    public Integer call() throws IOException, SQLException {
        validate();
        try (OrderlyEnd end = new OrderlyEnd()) {
            if (postgres) {
                return show(() -> PostgresLedger.start(callers));
            }
            Path named = file;
            return named == null ? inTemporaryFolder() : show(() -> new SqliteLedger(named));
        }
    }

    private void validate() {
        require(
                callers >= 1 && callers <= MOST_CALLERS,
                "--callers must be 1 to " + MOST_CALLERS + ", but was " + callers);
        require(
                seconds > 0 && seconds <= MOST_SECONDS,
                "--seconds must be more than 0 and at most " + MOST_SECONDS + ", but was " + seconds);
        require(batchSize == null || batchSize >= 1, "--batch-size must be 1 or more, but was " + batchSize);
        require(
                !postgres || callers <= MOST_CONNECTIONS,
                "--callers must be 1 to " + MOST_CONNECTIONS + " with --postgres, but was " + callers);
        require(!postgres || file == null, "--file is for SQLite; leave out --postgres or --file");
        if (file != null) {
            Path folder = file.toAbsolutePath().getParent();
            require(
                    !Files.exists(file),
                    "--file must name a new file, but " + file + " exists; delete it or choose another");
            require(
                    folder != null && Files.isDirectory(folder),
                    "--file must be in a folder that exists, but " + folder + " does not");
        }
    }

    private void require(boolean holds, String complaint) {
        if (!holds) {
            throw new ParameterException(spec.commandLine(), complaint);
        }
    }

    private int inTemporaryFolder() throws IOException, SQLException {
        try (TemporaryFolder folder = TemporaryFolder.create()) {
            Path database = folder.path().resolve("demo.db");
            return show(() -> new SqliteLedger(database));
        }
    }

    /** Makes the table to write to. */
    @FunctionalInterface
    private interface Opening {
        Ledger open() throws IOException, SQLException;
    }

    private int show(Opening opening) throws IOException, SQLException {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        Progress progress = new Progress(err, System.getenv("MICROBATCHER_STDERR_TTY") != null);
        int size = batchSize == null ? callers : batchSize;
        try {
            FiveJobs.rehearse();
            new FiveJobs(out, pace).tell();
            Duration duration = Duration.ofNanos((long) (seconds * 1e9));
            progress.show("starting the database ...");
            try (Ledger ledger = opening.open()) {
                progress.clear();
                return new Comparison(out, progress, ledger, callers, size, duration).run() ? 0 : 1;
            }
        } catch (InterruptedException e) {
            err.println("microbatcher demo: interrupted");
            err.flush();
            return OrderlyEnd.INTERRUPTED;
        } catch (ExecutionException e) {
            throw of(e);
        }
    }

    /** What a caller met, without the layers around it: a database that refuses is no bug of this program. */
    private static SQLException of(ExecutionException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException refusal) {
                return refusal;
            }
        }
        throw new IllegalStateException("a caller failed", failure);
    }
}
