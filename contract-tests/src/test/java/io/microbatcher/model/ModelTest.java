package io.microbatcher.model;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Runs thousands of random scenarios against a model, each made by a seed. {@code -Dmodel.seeds=N} says how many,
 * {@code -Dmodel.seed=S} where to begin: with one seed it is a replay.
 */
@Tag("R1.1")
@Tag("R1.8")
@Tag("R2.1")
@Tag("R2.2")
@Tag("R2.3")
@Tag("R2.4")
@Tag("R2.5")
@Tag("R2.6")
@Tag("R3.1")
@Tag("R3.2")
@Tag("R3.4")
class ModelTest {
    private static final int LAST_STEPS = 60;

    private final Logger library = Logger.getLogger("io.microbatcher");
    private final @Nullable Level before = library.getLevel();

    @BeforeEach
    void listenersThrowOnPurpose() {
        library.setLevel(Level.OFF);
    }

    @AfterEach
    void restoreTheLog() {
        library.setLevel(before);
    }

    @Test
    void theBatcherDoesWhatTheModelSays() {
        long first = Long.getLong("model.seed", 1);
        long count = Long.getLong("model.seeds", 20_000);
        for (long seed = first; seed < first + count; seed++) {
            Throwable found = run(seed, -1, null);
            if (found != null) {
                throw new AssertionError(report(seed, found), found);
            }
        }
    }

    /** Runs one seed: what went wrong, or null. {@code steps} below 0: as many as the seed says. */
    private static @Nullable Throwable run(long seed, int steps, @Nullable List<String> trace) {
        SplittableRandom random = new SplittableRandom(seed);
        Scenario scenario = Scenario.random(random);
        Simulation simulation = new Simulation(steps < 0 ? scenario : scenario.withSteps(steps), random, trace != null);
        try {
            simulation.run();
            return null;
        } catch (Throwable found) {
            return found;
        } finally {
            Thread.interrupted();
            if (trace != null && simulation.trace != null) {
                trace.addAll(simulation.trace);
            }
        }
    }

    /** Runs a seed that failed again with fewer steps, until it fails, and tells the story. */
    private static String report(long seed, Throwable found) {
        Scenario scenario = Scenario.random(new SplittableRandom(seed));
        List<String> trace = new ArrayList<>();
        Throwable shortest = null;
        int steps = -1;
        while (shortest == null && steps < scenario.steps()) {
            trace.clear();
            shortest = run(seed, ++steps, trace);
        }
        List<String> last = trace.subList(Math.max(0, trace.size() - LAST_STEPS), trace.size());
        return "seed " + seed + ": " + found.getMessage()
                + "\n\nreplay: mvn -pl contract-tests -am verify -Dtest=ModelTest -Dsurefire.failIfNoSpecifiedTests=false"
                + " -Dtest.arguments=\"-Dmodel.seed=" + seed + " -Dmodel.seeds=1\""
                + "\n\n" + scenario
                + "\n\nafter " + steps + " steps: "
                + (shortest == null ? "did not fail again" : shortest.getMessage())
                + "\n\nthe last steps (virtual nanoseconds; indented: inside of a call of the batcher):\n"
                + String.join("\n", last) + "\n";
    }
}
