package io.microbatcher.cli.pipe;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command {@code pipe}: a Unix filter that processes lines in batches. */
@Command(
        name = "pipe",
        sortOptions = false,
        customSynopsis =
                "microbatcher pipe (--exec COMMAND | --exec-sink COMMAND | --jdbc URL --sql SQL | --http URL) [OPTION]... [FILE]...",
        mixinStandardHelpOptions = true,
        usageHelpAutoWidth = true,
        description = "Turns lines into batches: each line of the input is a job, each result a line of the output.",
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "  0:every job succeeded",
            "  1:jobs failed, or a command printed more lines than it got",
            "  2:wrong options, an unreadable file, a CSV header or SQL that does not fit",
            "  3:reading the input or writing the output failed",
            "129, 130, 143:ended by SIGHUP, SIGINT or SIGTERM, after the pending jobs were finished",
            "141:the reader of the output has gone"
        })
public final class PipeCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "FILE",
            arity = "0..*",
            description = "read jobs from these files instead of the standard " + "input, which is -")
    private List<String> files = new ArrayList<>();

    @Option(
            names = "--exec",
            paramLabel = "COMMAND",
            order = 1,
            description = "run COMMAND with /bin/sh for each batch: jobs on its standard input, a line back for each")
    private @Nullable String exec;

    @Option(
            names = "--exec-sink",
            paramLabel = "COMMAND",
            order = 2,
            description = "the same for a COMMAND without results; what it prints is passed through")
    private @Nullable String execSink;

    @Option(
            names = "--jdbc",
            paramLabel = "URL",
            order = 3,
            description = "execute --sql for each job, a batch in one transaction; SQLite and H2 are included")
    private @Nullable String jdbc;

    @Option(
            names = "--sql",
            paramLabel = "SQL",
            order = 4,
            description = "the statement, with parameters such as :name; in text there is :line")
    private @Nullable String sql;

    @Option(
            names = "--jdbc-user",
            paramLabel = "NAME",
            order = 5,
            description = "the user of the database; the password is read from the variable " + Database.PASSWORD)
    private @Nullable String user;

    @Option(
            names = "--driver-path",
            paramLabel = "JAR",
            order = 6,
            split = ":",
            description = "jars of other JDBC drivers, separated by colons")
    private List<Path> driverPath = new ArrayList<>();

    @Option(
            names = "--print-counts",
            order = 7,
            description = "print how many rows each job of --jdbc changed; otherwise it has no output")
    private boolean printCounts;

    @Option(
            names = "--http",
            paramLabel = "URL",
            order = 8,
            description = "post each batch as a JSON array, and take an array of the same length back")
    private @Nullable String http;

    @Option(
            names = "--header",
            paramLabel = "'NAME: VALUE'",
            order = 9,
            description = "a header of each request; may be repeated")
    private List<String> headers = new ArrayList<>();

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            order = 10,
            converter = DurationConverter.class,
            description = "the longest wait for a response; default 30s")
    private @Nullable Duration timeout;

    @Option(
            names = "--format",
            paramLabel = "text|json|csv",
            order = 11,
            converter = ChoiceConverter.OfFormat.class,
            description = "how --jdbc and --http read lines; default text")
    private Plan.@Nullable Format format;

    @Option(
            names = "--batch-size",
            paramLabel = "N",
            order = 12,
            defaultValue = "1000",
            description = "the most jobs of a batch; default ${DEFAULT-VALUE}")
    private int batchSize;

    @Option(
            names = "--batch-cycle",
            paramLabel = "TIME",
            order = 13,
            defaultValue = "200ms",
            converter = DurationConverter.class,
            description =
                    "the longest wait of a job for its batch to fill, such as 50ms, 2s, 1m; default ${DEFAULT-VALUE}")
    private Duration batchCycle = Duration.ZERO;

    @Option(
            names = "--concurrency",
            paramLabel = "N",
            order = 14,
            defaultValue = "1",
            description = "how many batches are processed at once; default ${DEFAULT-VALUE}")
    private int concurrency;

    @Option(
            names = "--as-completed",
            order = 15,
            description = "print results as they arrive instead of in the order of the input")
    private boolean asCompleted;

    @Option(
            names = "--dead-letter",
            paramLabel = "FILE",
            order = 16,
            description = "add jobs that failed to FILE, as JSON lines, and go on; without it the first failure stops "
                    + "the intake")
    private @Nullable Path deadLetter;

    @Option(
            names = "--max-pending",
            paramLabel = "N",
            order = 17,
            description =
                    "the most jobs that are read ahead of the output; default 2 x batch size x " + "(concurrency + 1)")
    private @Nullable Integer maxPending;

    @Option(
            names = "--max-pending-bytes",
            paramLabel = "SIZE",
            order = 18,
            defaultValue = "64m",
            converter = SizeConverter.class,
            description = "the most bytes that are read ahead of the output; default ${DEFAULT-VALUE}")
    private long maxPendingBytes;

    @Option(
            names = "--max-line-bytes",
            paramLabel = "SIZE",
            order = 19,
            defaultValue = "16m",
            converter = SizeConverter.class,
            description = "the longest line, of input or output; a longer one fails; default ${DEFAULT-VALUE}")
    private long maxLineBytes;

    @Option(
            names = "--progress",
            paramLabel = "auto|always|never",
            order = 20,
            defaultValue = "auto",
            converter = ChoiceConverter.OfProgress.class,
            description = "a live line on the standard error; auto: if it is a terminal")
    private Progress.When progress = Progress.When.AUTO;

    @Option(
            names = "--summary",
            paramLabel = "text|json|none",
            order = 21,
            converter = ChoiceConverter.OfSummary.class,
            description = "what is said at the end on the standard error; default text")
    private Summary.@Nullable Form summary;

    private final Streams streams;

    /** Makes a command on the process's own streams. */
    public PipeCommand() {
        this(Streams.ofProcess());
    }

    PipeCommand(Streams streams) {
        this.streams = streams;
    }

    /** Runs; returns the exit status. */
    @Override
    public Integer call() {
        Screen screen = new Screen(streams.err());
        try {
            checkProcessor();
            checkCombination();
            checkRanges();
            return run(screen);
        } catch (RefusedException why) {
            screen.message(why.getMessage()
                    + (why.exitCode == ExitCodes.USAGE
                            ? "\nTry 'microbatcher pipe --help' for what is possible."
                            : ""));
            return why.exitCode;
        }
    }

    private int run(Screen screen) throws RefusedException {
        NamedSql named = jdbc == null || sql == null ? null : NamedSql.parse(sql, jdbc);
        Plan.Format lines = isCommand() ? Plan.Format.BYTES : format == null ? Plan.Format.TEXT : format;
        List<String> needed = named == null ? List.of() : named.names();
        if (named != null && lines == Plan.Format.TEXT) {
            checkTextParameters(needed);
        }
        Plan plan = new Plan(
                files,
                lines,
                needed,
                batchSize,
                batchCycle,
                concurrency,
                asCompleted,
                maxPending(),
                maxPendingBytes,
                (int) maxLineBytes,
                deadLetter,
                progress == Progress.When.ALWAYS || (progress == Progress.When.AUTO && streams.terminal()),
                summary);
        return new Run(plan, streams, screen).execute((window, output, toScreen, course) -> {
            if (named != null && jdbc != null) {
                return new JdbcWork(new Database(jdbc, user, driverPath), named, printCounts);
            }
            if (http != null) {
                return new HttpWork(http, headers, timeout == null ? Duration.ofSeconds(30) : timeout, window);
            }
            String command = exec == null ? execSink : exec;
            return new ExecWork(
                    String.valueOf(command), exec == null, (int) maxLineBytes, window, output, toScreen, course);
        });
    }

    private boolean isCommand() {
        return exec != null || execSink != null;
    }

    private int maxPending() {
        if (maxPending != null) {
            return maxPending;
        }
        long twice = 2L * batchSize * (concurrency + 1L);
        return (int) Math.min(Integer.MAX_VALUE, twice);
    }

    private void checkProcessor() throws RefusedException {
        List<String> chosen = new ArrayList<>();
        if (exec != null) {
            chosen.add("--exec");
        }
        if (execSink != null) {
            chosen.add("--exec-sink");
        }
        if (jdbc != null) {
            chosen.add("--jdbc");
        }
        if (http != null) {
            chosen.add("--http");
        }
        if (chosen.size() != 1) {
            throw RefusedException.usage(
                    "exactly one of --exec, --exec-sink, --jdbc and --http says what is done with a "
                            + "batch, but there "
                            + (chosen.isEmpty() ? "is none" : "are " + String.join(" and ", chosen)));
        }
        if (isCommand() && Stream.of(exec, execSink).anyMatch(command -> command != null && command.isBlank())) {
            throw RefusedException.usage(chosen.get(0) + " needs a command, but was blank");
        }
    }

    private void checkCombination() throws RefusedException {
        if (jdbc != null && sql == null) {
            throw RefusedException.usage("--jdbc needs --sql, such as --sql 'INSERT INTO t VALUES (:line)'");
        }
        refuse(jdbc == null && sql != null, "--sql", "--jdbc");
        refuse(jdbc == null && user != null, "--jdbc-user", "--jdbc");
        refuse(jdbc == null && !driverPath.isEmpty(), "--driver-path", "--jdbc");
        refuse(jdbc == null && printCounts, "--print-counts", "--jdbc");
        refuse(http == null && !headers.isEmpty(), "--header", "--http");
        refuse(http == null && timeout != null, "--timeout", "--http");
        refuse(isCommand() && format != null && format != Plan.Format.TEXT, "--format json or csv", "--jdbc or --http");
    }

    private static void refuse(boolean wrong, String option, String needed) throws RefusedException {
        if (wrong) {
            throw RefusedException.usage(option + " has no meaning without " + needed);
        }
    }

    private void checkRanges() throws RefusedException {
        require(batchSize >= 1, "--batch-size must be 1 or more, but was " + batchSize);
        require(concurrency >= 1, "--concurrency must be 1 or more, but was " + concurrency);
        require(maxPending == null || maxPending >= 1, "--max-pending must be 1 or more, but was " + maxPending);
        require(maxPendingBytes >= 1, "--max-pending-bytes must be 1 or more, but was " + maxPendingBytes);
        require(
                maxLineBytes >= 1 && maxLineBytes <= 1L << 30,
                "--max-line-bytes must be from 1 to 1g, but was " + maxLineBytes);
        require(
                timeout == null || timeout.compareTo(Duration.ofMillis(1)) >= 0,
                "--timeout must be 1ms or more, but was " + timeout);
    }

    private static void require(boolean right, String message) throws RefusedException {
        if (!right) {
            throw RefusedException.usage(message);
        }
    }

    private static void checkTextParameters(List<String> names) throws RefusedException {
        for (String name : names) {
            require(
                    name.equals(TextRow.NAME),
                    "the SQL has :" + name + ", but a line of text has :line only; use --format json or --format csv");
        }
    }
}
