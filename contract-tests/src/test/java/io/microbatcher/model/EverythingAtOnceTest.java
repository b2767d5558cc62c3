package io.microbatcher.model;

import java.util.SplittableRandom;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Thousands of random runs with any options together, retries, bisection, time limits, lanes, policies, channels and
 * contexts among them, on virtual time. {@link ModelTest} knows for a few options what exactly has to happen; here
 * anything may, as long as no rule is broken: see {@link RandomRun}. {@code -Dmodel.seeds=N} says how many,
 * {@code -Dmodel.seed=S} where to begin.
 */
@Tag("R1.1")
@Tag("R1.2")
@Tag("R1.7")
@Tag("R1.8")
@Tag("R2.1")
@Tag("R3.1")
@Tag("R3.2")
@Tag("R3.4")
@Tag("R4.1")
@Tag("R5.7")
@Tag("R6.2")
@Tag("R7.1")
class EverythingAtOnceTest {
    private final Logger library = Logger.getLogger("io.microbatcher");
    private final @Nullable Level before = library.getLevel();

    @BeforeEach
    void muchGoesWrongOnPurpose() {
        library.setLevel(Level.OFF);
    }

    @AfterEach
    void restoreTheLog() {
        library.setLevel(before);
    }

    @Test
    void noRuleIsBrokenWhateverIsCombined() {
        long first = Long.getLong("model.seed", 1);
        long count = Long.getLong("model.seeds", 8_000);
        for (long seed = first; seed < first + count; seed++) {
            RandomRun run = new RandomRun(new SplittableRandom(seed));
            try {
                run.run();
            } catch (Throwable found) {
                throw new AssertionError("seed " + seed + ": " + found.getMessage() + "\n" + run, found);
            }
        }
    }
}
