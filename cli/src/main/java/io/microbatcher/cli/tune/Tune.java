package io.microbatcher.cli.tune;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Tries configurations on a simulated backend, shows the trade and recommends one. */
@Command(
        name = "tune",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        usageHelpAutoWidth = true,
        customSynopsis = "microbatcher tune (--callers N | --rate JOBS/s) (--cost COST | --exec COMMAND) [OPTION]...",
        description = {
            "Recommends a configuration: runs the batcher itself on a simulated clock, with many configurations, "
                    + "against a backend of which the cost of a batch is known or measured."
        },
        footer = {"", "Durations are written 50us, 5ms or 1.5s. docs/tune.md has examples."})
public final class Tune implements Callable<Integer> {
    private static final int INTERRUPTED = 130;
    private static final int MOST_CALLERS = 10_000;
    private static final int MOST_THREADS = 2_000;
    private static final int MOST_SERVED = 1_000;
    private static final int MOST_SIZES = 50;
    private static final int LARGEST_SIZE = 100_000;
    private static final int MOST_JOBS = 10_000_000;
    private static final double MOST_NOISE = 2;

    /** With it the most jobs take as long to come as the simulated clock can count. */
    private static final double LEAST_RATE = 0.01;

    /** Each caller, and each burst, counts at least so often. */
    private static final int ROUNDS = 20;

    /** And there are jobs for at least so many batches of the largest size that was asked for. */
    private static final int FULL_BATCHES = 4;

    /** About what is seen on a machine that is not idle. */
    private static final long WAKE_NANOS = 20_000;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private CommandSpec spec;

    @Option(
            names = "--callers",
            paramLabel = "N",
            order = 1,
            description = "Callers that block: each submits its next job when it has its result.")
    private @Nullable Integer callers;

    @Option(
            names = "--rate",
            paramLabel = "JOBS/s",
            order = 2,
            converter = Notation.RateConverter.class,
            description = "Jobs that come by themselves, at random times, such as 500/s.")
    private @Nullable Double rate;

    @Option(
            names = "--burst",
            paramLabel = "N",
            order = 3,
            description = "With --rate: how many come at the same moment. Default: 1.")
    private @Nullable Integer burst;

    @Option(
            names = "--think",
            paramLabel = "TIME",
            order = 4,
            converter = Notation.DurationConverter.class,
            description = "With --callers: how long one does something else between two jobs. Default: 0ms.")
    private @Nullable Duration think;

    @Option(
            names = "--cost",
            paramLabel = "COST",
            order = 5,
            converter = Notation.CostConverter.class,
            description = "What a batch of n jobs costs, such as '2ms+20us*n'.")
    private @Nullable CostModel cost;

    @Option(
            names = "--noise",
            paramLabel = "PART",
            order = 6,
            description =
                    "How much the cost scatters: 0.1 is a tenth more or less. Default: 0; with --exec as measured.")
    private @Nullable Double noise;

    @Option(
            names = "--exec",
            paramLabel = "COMMAND",
            order = 7,
            description = "Measures the cost: runs COMMAND with /bin/sh for batches of several sizes, with a line for "
                    + "each job on its standard input.")
    private @Nullable String exec;

    @Option(
            names = "--input",
            paramLabel = "FILE",
            order = 8,
            description = "With --exec: lines that are jobs, used in turns. Default: the numbers from 1 to 1000.")
    private @Nullable Path input;

    @Option(
            names = "--measure-seconds",
            paramLabel = "S",
            order = 9,
            defaultValue = "10",
            description = "With --exec: how long to measure, up to 600. Default: ${DEFAULT-VALUE}.")
    private double measureSeconds;

    @Option(
            names = "--served",
            paramLabel = "N",
            order = 10,
            defaultValue = "1",
            description = "How many batches the backend serves at a time; more queue there. Default: ${DEFAULT-VALUE}.")
    private int served;

    @Option(
            names = "--latency-target",
            paramLabel = "TIME",
            order = 11,
            converter = Notation.DurationConverter.class,
            description = "What 99 of 100 jobs should not exceed: the fewest calls that meet it are recommended.")
    private @Nullable Duration latencyTarget;

    @Option(
            names = "--sizes",
            paramLabel = "N",
            split = ",",
            order = 12,
            description = "The batch sizes to try. Default: from 2 to 500, and with --callers what they can fill.")
    private List<Integer> sizes = List.of();

    @Option(
            names = "--cycles",
            paramLabel = "TIME",
            split = ",",
            order = 13,
            converter = Notation.DurationConverter.class,
            description =
                    "The batch cycles to try. Default: 5ms, and about a quarter, once and four times what a batch of one costs.")
    private List<Duration> cycles = List.of();

    @Option(
            names = "--jobs",
            paramLabel = "N",
            order = 14,
            defaultValue = "10000",
            description = "How many jobs to simulate for each configuration. Default: ${DEFAULT-VALUE}.")
    private int jobs;

    @Option(
            names = "--seed",
            paramLabel = "N",
            order = 15,
            defaultValue = "1",
            description = "Of all that is random; the same seed gives the same figures. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(names = "--svg", paramLabel = "FILE", order = 16, description = "Draws the trade into a file.")
    private @Nullable Path svg;

    @Option(
            names = "--format",
            paramLabel = "text|json",
            order = 17,
            defaultValue = "text",
            description = "What to print. Default: ${DEFAULT-VALUE}.")
    private Format format = Format.text;

    @Option(
            names = "--check",
            order = 18,
            description = "Runs what is recommended on threads and in real time too, and compares.")
    private boolean check;

    @Option(
            names = "--check-seconds",
            paramLabel = "S",
            order = 19,
            defaultValue = "3",
            description = "How long that takes, up to 600. Default: ${DEFAULT-VALUE}.")
    private double checkSeconds;

    /** Makes the command as users know it. */
    public Tune() {}

    /** What is printed; the names are what users write. */
    enum Format {
        text,
        json
    }

    @Override
    @SuppressWarnings("try") // nothing is asked of it but to be there
    public Integer call() throws IOException {
        validate();
        try (QuietLog log = new QuietLog()) {
            return tune();
        } catch (InterruptedException e) {
            say("interrupted");
            return INTERRUPTED;
        }
    }

    private int tune() throws IOException, InterruptedException {
        ShellCommand command = exec == null ? null : new ShellCommand(exec, lines());
        Optional<Fit> fit = command == null ? Optional.empty() : Optional.of(measure(command));
        Setting setting = setting(fit.map(Fit::cost).orElse(cost));
        List<Candidate> candidates = Candidates.of(setting, sizes, cycles, latencyTarget);
        say("trying " + candidates.size() + " configurations ...");
        Report report = Report.of(Trials.run(setting, candidates), fit, latencyTarget);
        if (svg != null) {
            Files.writeString(svg, new Plot(report).svg());
        }
        PrintWriter out = spec.commandLine().getOut();
        TextReport text = new TextReport(report, out);
        if (format == Format.text) {
            text.write();
            out.flush();
        }
        Check checked = check && report.advice().isPresent()
                ? check(setting, report.advice().get().chosen(), command)
                : null;
        if (format == Format.json) {
            out.println(new JsonReport(report).text(checked));
        } else if (checked != null) {
            text.check(checked);
        }
        out.flush();
        return report.advice().isPresent() ? 0 : 1;
    }

    private Setting setting(@Nullable CostModel model) {
        if (model == null) {
            throw new IllegalStateException("validated: there is a cost or a command");
        }
        Workload workload = callers != null
                ? new Workload.ClosedLoop(callers, think == null ? 0 : think.toNanos())
                : new Workload.OpenLoop(rate == null ? 0 : rate, burst == null ? 1 : burst);
        int together = callers != null ? callers : burst == null ? 1 : burst;
        int largest = sizes.stream().mapToInt(Integer::intValue).max().orElse(1);
        return new Setting(
                workload,
                noise == null ? model : model.withNoise(noise),
                served,
                WAKE_NANOS,
                Math.max(jobs, Math.max(ROUNDS * together, FULL_BATCHES * largest)),
                seed);
    }

    private Fit measure(ShellCommand command) throws IOException, InterruptedException {
        int largest = sizes.isEmpty()
                ? Math.min(100, callers == null ? 100 : Math.max(10, callers))
                : sizes.stream().mapToInt(Integer::intValue).max().orElseThrow();
        say("measuring the command for up to " + Figures.nanos(measureSeconds * 1e9) + " ...");
        return new Measurement(command, seconds(measureSeconds)).run(largest);
    }

    private Check check(Setting setting, Outcome predicted, @Nullable ShellCommand command)
            throws IOException, InterruptedException {
        say("checking in real time, about " + Figures.nanos(checkSeconds * 1e9) + " ...");
        Duration limit = seconds(checkSeconds * 5 + 10);
        RealRun run = command == null
                ? RealRun.ofModel(setting, predicted.candidate())
                : RealRun.ofCommand(setting, predicted.candidate(), command, limit);
        int enough = (int) Math.min(MOST_JOBS, Math.max(1, predicted.jobsPerSecond() * checkSeconds));
        return new Check(predicted, run.run(enough, limit));
    }

    private List<String> lines() throws IOException {
        if (input == null) {
            return IntStream.rangeClosed(1, 1_000).mapToObj(String::valueOf).toList();
        }
        List<String> lines = Files.readAllLines(input, StandardCharsets.UTF_8);
        require(!lines.isEmpty(), "--input must have a line or more, but " + input + " is empty");
        return lines;
    }

    private void validate() {
        exactlyOne("--callers", callers, "--rate", rate, "where the jobs come from");
        exactlyOne("--cost", cost, "--exec", exec, "what a batch costs");
        require(burst == null || rate != null, "--burst needs --rate: callers that block come one by one");
        require(think == null || callers != null, "--think needs --callers: with --rate nobody waits");
        require(input == null || exec != null, "--input needs --exec: it has the lines that the command is given");
        require(exec == null || !exec.isBlank(), "--exec must not be blank");
        within("--callers", callers, 1, MOST_CALLERS);
        require(
                rate == null || rate >= LEAST_RATE,
                "--rate must be " + LEAST_RATE + "/s or more, but was " + (rate == null ? "" : rate + "/s"));
        within("--burst", burst, 1, MOST_JOBS / ROUNDS);
        within("--noise", noise, 0, MOST_NOISE);
        within("--served", served, 1, MOST_SERVED);
        within("--jobs", jobs, 100, MOST_JOBS);
        within("--measure-seconds", measureSeconds, 0.1, 600);
        within("--check-seconds", checkSeconds, 0.1, 600);
        require(
                sizes.size() <= MOST_SIZES && cycles.size() <= MOST_SIZES,
                "--sizes and --cycles may name " + MOST_SIZES + " each at most");
        sizes.forEach(size -> within("--sizes", size, 1, LARGEST_SIZE));
        require(latencyTarget == null || !latencyTarget.isZero(), "--latency-target must be more than 0, but was 0");
        require(
                !check || callers == null || callers <= MOST_THREADS,
                "--check runs a thread for each caller: no more than " + MOST_THREADS + " callers, but there are "
                        + callers);
    }

    private void exactlyOne(
            String one, @Nullable Object given, String other, @Nullable Object otherGiven, String what) {
        require(
                (given == null) != (otherGiven == null),
                "exactly one of " + one + " and " + other + " says " + what + ", but there "
                        + (given == null ? "is none" : "are both"));
    }

    private void within(String option, @Nullable Number value, double least, double most) {
        require(
                value == null || (value.doubleValue() >= least && value.doubleValue() <= most),
                option + " must be " + Figures.count(least) + " to " + Figures.count(most) + ", but was " + value);
    }

    private void require(boolean holds, String complaint) {
        if (!holds) {
            throw new ParameterException(spec.commandLine(), complaint);
        }
    }

    private void say(String what) {
        PrintWriter err = spec.commandLine().getErr();
        err.println("microbatcher tune: " + what);
        err.flush();
    }

    private static Duration seconds(double seconds) {
        return Duration.ofNanos((long) (seconds * 1e9));
    }
}
