package io.microbatcher.benchmarks;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;

/** What runs in a fork: its trials, one after the other, each written down as soon as it is known. */
public final class Fork {
    /** Kept, or its level would be forgotten. That waiting for the cycle is slow is what some trials are about. */
    private static final Logger LIBRARY = Logger.getLogger("io.microbatcher");

    private Fork() {}

    public static void main(String[] arguments) throws Exception {
        LIBRARY.setLevel(Level.SEVERE);
        ObjectMapper json = new ObjectMapper();
        Workload workload = Workloads.named(arguments[0]);
        int fork = Integer.parseInt(arguments[1]);
        List<Trial> trials = json.readValue(Path.of(arguments[2]).toFile(), new TypeReference<List<Trial>>() {});
        Path found = Path.of(arguments[3]);
        if (trials.size() > 1) { // or the first contender would pay for the start of the JVM
            warmUp(workload, trials.get(0));
        }
        for (Trial trial : trials) {
            Sample sample;
            try {
                sample = new Sample(trial.cell(), trial.contender(), trial.setting(), fork, workload.measure(trial));
            } catch (Exception | LinkageError failed) {
                failed.printStackTrace();
                sample = new Sample(trial.cell(), trial.contender(), "failed: " + failed, fork, Map.of());
            }
            Files.writeString(found, json.writeValueAsString(sample) + "\n", StandardOpenOption.APPEND);
        }
        System.exit(0); // peers may leave threads behind
    }

    private static void warmUp(Workload workload, Trial trial) {
        try {
            workload.measure(trial);
        } catch (Exception | LinkageError failed) {
            System.err.println("warming up with " + trial.contender() + " failed: " + failed);
        }
    }
}
