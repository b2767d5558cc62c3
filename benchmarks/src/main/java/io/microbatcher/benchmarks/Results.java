package io.microbatcher.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** All that one run of one workload found, as it is kept in a file. */
public final class Results {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    public String workload = "";
    public String mode = "";
    public String command = "";
    public String date = "";
    public Map<String, String> machine = new LinkedHashMap<>();
    public Map<String, String> versions = new LinkedHashMap<>();

    /** Who cannot take part, or did not finish, and why. */
    public Map<String, String> missing = new LinkedHashMap<>();

    public List<Sample> samples = new ArrayList<>();

    public static Optional<Results> read(Path file) throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        return Optional.of(JSON.readValue(file.toFile(), Results.class));
    }

    public void write(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        JSON.writeValue(file.toFile(), this);
    }

    /** The cells that begin with a prefix, in the order in which they were measured. */
    public List<String> cells(String prefix) {
        return samples.stream()
                .map(Sample::cell)
                .filter(cell -> cell.startsWith(prefix))
                .distinct()
                .toList();
    }

    public List<String> contenders(String cell) {
        return samples.stream()
                .filter(sample -> sample.cell().equals(cell))
                .map(Sample::contender)
                .distinct()
                .toList();
    }

    public List<String> settings(String cell, String contender) {
        return samples.stream()
                .filter(sample ->
                        sample.cell().equals(cell) && sample.contender().equals(contender))
                .map(Sample::setting)
                .distinct()
                .toList();
    }

    public Spread spread(String cell, String contender, String metric) {
        return new Spread(samples.stream()
                .filter(sample ->
                        sample.cell().equals(cell) && sample.contender().equals(contender))
                .map(sample -> sample.metrics().get(metric))
                .filter(value -> value != null && !value.isNaN())
                .toList());
    }

    public Spread spread(String cell, String contender, String setting, String metric) {
        return new Spread(samples.stream()
                .filter(sample -> sample.cell().equals(cell)
                        && sample.contender().equals(contender)
                        && sample.setting().equals(setting))
                .map(sample -> sample.metrics().get(metric))
                .filter(value -> value != null && !value.isNaN())
                .toList());
    }

    /** How many forks there were. */
    public int forks() {
        TreeSet<Integer> forks = new TreeSet<>();
        samples.forEach(sample -> forks.add(sample.fork()));
        return forks.size();
    }
}
