package io.microbatcher.benchmarks.workload;

import io.microbatcher.benchmarks.Mode;
import io.microbatcher.benchmarks.Results;
import io.microbatcher.benchmarks.Sample;
import io.microbatcher.benchmarks.Session;
import io.microbatcher.benchmarks.Spread;
import io.microbatcher.benchmarks.Workload;
import io.microbatcher.benchmarks.report.BarChart;
import io.microbatcher.benchmarks.report.Figures;
import io.microbatcher.benchmarks.report.Page;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** P10: the command line, from end to end, beside what a shell has. */
public final class Pipe implements Workload {
    private static final String CELL = "lines";
    private static final String METRIC = "linesPerSecond";
    private static final String OURS = "microbatcher pipe --exec cat";
    private static final String XARGS = "xargs -n 1000";
    private static final String CAT = "cat";
    private static final long LIMIT_MINUTES = 10;

    @Override
    public String id() {
        return "P10";
    }

    @Override
    public String title() {
        return "The command line";
    }

    @Override
    public void run(Session session) throws Exception {
        Mode mode = session.mode();
        Path launcher = Path.of(System.getProperty("benchmarks.root", "."), "microbatcher")
                .toAbsolutePath();
        Map<String, List<String>> commands = new LinkedHashMap<>();
        if (Files.isExecutable(launcher)) {
            commands.put(OURS, List.of(launcher.normalize().toString(), "pipe", "--exec", "cat"));
        } else {
            session.missing(OURS, "there is no ./microbatcher");
        }
        commands.put(XARGS, List.of("xargs", "-n", "1000"));
        commands.put(CAT, List.of("cat"));
        int lines = mode.pick(20_000, 1_000_000, 10_000_000);
        Path input = Files.createTempFile("lines", ".txt");
        try {
            write(input, lines);
            for (int fork = 0; fork < Math.min(3, mode.forks()); fork++) {
                for (Map.Entry<String, List<String>> command : commands.entrySet()) {
                    measure(session, command.getKey(), command.getValue(), input, lines, fork);
                }
            }
        } finally {
            Files.deleteIfExists(input);
        }
    }

    private static void write(Path file, int lines) throws IOException {
        try (BufferedWriter out = Files.newBufferedWriter(file, StandardCharsets.US_ASCII)) {
            for (int i = 1; i <= lines; i++) {
                out.append("line-").append(Integer.toString(i)).append('\n');
            }
        }
    }

    private static void measure(Session session, String name, List<String> command, Path input, int lines, int fork)
            throws IOException, InterruptedException {
        Path output = Files.createTempFile("output", ".txt");
        try {
            if (fork == 0 && name.equals(OURS)) {
                time(command, Path.of("/dev/null"), output); // the launcher may have to build itself first
            }
            double seconds = time(command, input, output);
            if (seconds < 0) {
                session.failed(name, "failed or did not end within " + LIMIT_MINUTES + " minutes");
            } else if (!name.equals(XARGS) && Files.mismatch(input, output) >= 0) {
                session.failed(name, "its output differs from its input at byte " + Files.mismatch(input, output));
            } else {
                Map<String, Double> metrics = new LinkedHashMap<>();
                metrics.put(METRIC, lines / seconds);
                metrics.put("seconds", seconds);
                metrics.put("lines", (double) lines);
                session.add(new Sample(CELL, name, "", fork, metrics));
            }
        } finally {
            Files.deleteIfExists(output);
        }
    }

    /** Seconds from start to end; less than zero if the command failed. */
    private static double time(List<String> command, Path input, Path output) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        Process process = new ProcessBuilder(command)
                .redirectInput(input.toFile())
                .redirectOutput(output.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        if (!process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            return -1;
        }
        return process.exitValue() == 0 ? (System.nanoTime() - begin) / 1e9 : -1;
    }

    @Override
    public void report(Results results, Page page) {
        page.text(
                "A file of short lines (`line-1`, `line-2`, …) through each command, output into a file, from the start of"
                        + " the process to its end: the start of the JVM is in it. `xargs` runs its `echo` once for every 1,000"
                        + " words; `cat` is what the machine can do at best. That the output equals the input is checked.");
        double ours = results.spread(CELL, OURS, METRIC).median();
        page.atLeast("of xargs", ours / results.spread(CELL, XARGS, METRIC).median(), 1.0 / 3, "×");
        BarChart chart = new BarChart("Lines per second");
        List<List<String>> rows = new ArrayList<>();
        for (String name : results.contenders(CELL)) {
            Spread rate = results.spread(CELL, name, METRIC);
            chart.add(name, rate, name.equals(OURS));
            rows.add(List.of(
                    "`" + name + "`",
                    Figures.of(rate),
                    Figures.of(results.spread(CELL, name, "seconds").median()),
                    Figures.of(results.spread(CELL, name, "lines").median())));
        }
        page.plot("lines", "lines per second", chart.svg());
        page.table(List.of("", "lines/s", "seconds", "lines"), rows);
    }
}
