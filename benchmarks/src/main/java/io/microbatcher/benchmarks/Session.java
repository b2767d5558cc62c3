package io.microbatcher.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One run of one workload: starts the forks and gathers what they measured. */
public final class Session {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    /** What a trial may take beyond its own time before its fork is given up. */
    private static final long PATIENCE_SECONDS = 30;

    private final Mode mode;
    private final Results results;
    private boolean failed;

    Session(Mode mode, Results results) {
        this.mode = mode;
        this.results = results;
    }

    public Mode mode() {
        return mode;
    }

    public Results results() {
        return results;
    }

    public void missing(String who, String why) {
        results.missing.put(who, why);
    }

    /** Something that should have been measured was not: the run does not count as one that went well. */
    public void failed(String who, String why) {
        missing(who, why);
        failed = true;
    }

    boolean hasFailed() {
        return failed;
    }

    public void add(Sample sample) {
        results.samples.add(sample);
    }

    public void say(String text) {
        System.out.println("[" + results.workload + "] " + text);
    }

    /** Measures every trial in each of the mode's forks: contenders side by side, in another order each time. */
    public void interleave(Workload workload, List<Trial> trials) throws Exception {
        interleave(workload, trials, mode.forks());
    }

    public void interleave(Workload workload, List<Trial> trials, int forks) throws Exception {
        interleave(workload, trials, forks, JAVA);
    }

    public void interleave(Workload workload, List<Trial> trials, int forks, String java, String... options)
            throws Exception {
        for (int fork = 0; fork < forks; fork++) {
            say("fork " + (fork + 1) + " of " + forks + ", " + trials.size() + " trials");
            for (Sample sample : fork(workload, rotated(trials, fork), fork, java, options)) {
                add(sample);
            }
        }
    }

    /** Measures trials once, in one fork, and keeps nothing: to choose settings. */
    public List<Sample> tryOut(Workload workload, List<Trial> trials) throws Exception {
        say("choosing settings: " + trials.size() + " trials");
        return fork(workload, trials, 0, JAVA);
    }

    private static List<Trial> rotated(List<Trial> trials, int fork) {
        List<Trial> order = new ArrayList<>(trials);
        Collections.rotate(order, -fork * (trials.size() / 3 + 1));
        return order;
    }

    private List<Sample> fork(Workload workload, List<Trial> trials, int fork, String java, String... options)
            throws IOException, InterruptedException {
        Path plan = Files.createTempFile("trials", ".json");
        Path found = Files.createTempFile("samples", ".jsonl");
        try {
            JSON.writeValue(plan.toFile(), trials);
            List<String> command = new ArrayList<>(List.of(java, "-Xms1g", "-Xmx4g", "-XX:+UseG1GC"));
            command.addAll(List.of(options));
            command.addAll(List.of("-cp", System.getProperty("java.class.path"), Fork.class.getName()));
            command.addAll(List.of(workload.id(), Integer.toString(fork), plan.toString(), found.toString()));
            Process process = new ProcessBuilder(command).inheritIO().start();
            if (!process.waitFor(limitSeconds(trials), TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
                failed("fork " + (fork + 1), "did not finish within " + limitSeconds(trials) + " s and was ended");
            } else if (process.exitValue() != 0) {
                failed("fork " + (fork + 1), "ended with exit code " + process.exitValue());
            }
            List<Sample> samples = new ArrayList<>();
            for (String line : Files.readAllLines(found)) {
                Sample sample = JSON.readValue(line, Sample.class);
                if (sample.metrics().isEmpty()) {
                    failed(sample.contender() + " in " + sample.cell(), sample.setting());
                } else {
                    samples.add(sample);
                }
            }
            return samples;
        } finally {
            Files.deleteIfExists(plan);
            Files.deleteIfExists(found);
        }
    }

    private static long limitSeconds(List<Trial> trials) {
        double millis = 0;
        for (Trial trial : trials) {
            millis += trial.parameters().getOrDefault("warmupMillis", 0.0)
                    + trial.parameters().getOrDefault("measureMillis", 0.0);
        }
        return (long) (PATIENCE_SECONDS + 3 * millis / 1_000 + 2L * trials.size());
    }
}
