package io.microbatcher.benchmarks.jmh;

import io.microbatcher.benchmarks.Spread;
import io.microbatcher.benchmarks.report.Figures;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Compares the designs of the way in and of the way out, and prints the tables of the decision that rests on them. */
public final class Designs {
    private static final int ROUNDS = 2;
    private static final int[] PRODUCERS = {1, 2, 4};

    /** By table, row and column: a value for each fork. */
    private final Map<String, Map<String, Map<String, List<Double>>>> tables = new LinkedHashMap<>();

    private Designs() {}

    public static void run() throws RunnerException, IOException, InterruptedException {
        Designs designs = new Designs();
        for (int round = 0; round < ROUNDS; round++) { // or a busy neighbour would meet all forks of one design
            for (int producers : PRODUCERS) {
                designs.intake(producers);
            }
            designs.wake();
        }
        designs.print();
    }

    private void intake(int producers) throws RunnerException {
        String table = producers + (producers == 1 ? " producer" : " producers");
        for (RunResult result : new Runner(new OptionsBuilder()
                        .include(IntakeDesigns.class.getName() + "\\..*")
                        .threadGroups(1, producers) // by name: consume, produce
                        .forks(1)
                        .warmupIterations(1)
                        .warmupTime(TimeValue.milliseconds(700))
                        .measurementIterations(1)
                        .measurementTime(TimeValue.seconds(1))
                        .verbosity(VerboseMode.SILENT)
                        .jvmArgs("-Xms1g", "-Xmx1g", "-XX:+UseG1GC")
                        .build())
                .run()) {
            String design = result.getParams().getParam("design");
            double bursts = metric(result, "bursts");
            found(table, design, "push, median, ns", metric(result, "weightedMedianNanos") / bursts);
            found(table, design, "push, mean, ns", metric(result, "pushNanos") / bursts / IntakeDesigns.BURST);
            found(table, design, "take, mean, ns", metric(result, "takeNanos") / metric(result, "takenTimed"));
            found(table, design, "jobs/s", metric(result, "taken"));
        }
    }

    private static double metric(RunResult result, String name) {
        List<Double> scores = new ArrayList<>();
        result.getSecondaryResults().forEach((key, secondary) -> {
            if (key.equals(name) || key.endsWith(":" + name)) {
                scores.add(secondary.getScore());
            }
        });
        if (scores.size() != 1) {
            throw new IllegalStateException(
                    "not one " + name + " among " + result.getSecondaryResults().keySet());
        }
        return scores.get(0);
    }

    private void wake() throws IOException, InterruptedException {
        Process fork = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-Xms1g",
                        "-Xmx1g",
                        "-cp",
                        System.getProperty("java.class.path"),
                        WakeDesigns.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader lines = fork.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] cells = line.split("\t", -1);
                found(cells[0] + " callers", cells[1], cells[2] + ", µs", Double.parseDouble(cells[3]));
            }
        }
        if (fork.waitFor() != 0) {
            throw new IllegalStateException("the fork failed");
        }
    }

    private void found(String table, String row, String column, double value) {
        tables.computeIfAbsent(table, absent -> new LinkedHashMap<>())
                .computeIfAbsent(row, absent -> new LinkedHashMap<>())
                .computeIfAbsent(column, absent -> new ArrayList<>())
                .add(value);
    }

    private void print() {
        tables.forEach((table, rows) -> {
            List<String> columns = List.copyOf(rows.values().iterator().next().keySet());
            System.out.println("\n| " + table + " | " + String.join(" | ", columns) + " |");
            System.out.println("| --- |" + " ---: |".repeat(columns.size()));
            rows.forEach((row, values) -> {
                StringBuilder line = new StringBuilder("| " + row + " |");
                columns.forEach(column -> line.append(' ')
                        .append(Figures.of(new Spread(values.get(column))))
                        .append(" |"));
                System.out.println(line);
            });
        });
    }
}
