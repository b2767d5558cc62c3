package io.microbatcher.benchmarks;

import io.microbatcher.benchmarks.peer.Contender;
import io.microbatcher.benchmarks.peer.Setting;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One measurement to be made in a fork.
 *
 * @param cell what is the same for all contenders that are compared, such as {@code callers=8}
 * @param contender a {@link Contender} by name, or another name that the workload knows
 * @param setting how the contender is tuned, as text
 * @param parameters the numbers of the cell
 */
public record Trial(String cell, String contender, String setting, Map<String, Double> parameters) {

    public static Trial of(String cell, Contender contender, Setting setting) {
        return new Trial(cell, contender.name(), setting.toString(), new LinkedHashMap<>());
    }

    public static Trial of(String cell, String contender) {
        return new Trial(cell, contender, "", new LinkedHashMap<>());
    }

    public Trial with(String name, double value) {
        Map<String, Double> more = new LinkedHashMap<>(parameters);
        more.put(name, value);
        return new Trial(cell, contender, setting, more);
    }

    /** Adds how long to warm up and to measure. */
    public Trial timed(Mode mode) {
        return with("warmupMillis", mode.warmupMillis()).with("measureMillis", mode.measureMillis());
    }

    public double number(String name) {
        Double value = parameters.get(name);
        if (value == null) {
            throw new IllegalArgumentException("trial " + cell + " has no parameter " + name);
        }
        return value;
    }

    public int count(String name) {
        return (int) number(name);
    }
}
