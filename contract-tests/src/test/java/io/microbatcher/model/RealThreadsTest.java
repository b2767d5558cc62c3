package io.microbatcher.model;

import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The same options as {@link EverythingAtOnceTest}, with real threads, real time and random delays where the batcher hands
 * over to its users: in short rounds, of which each checks what it was told, see {@link Ticket} and {@link RealRound}.
 * {@code -Dmodel.seeds=N} says how many, {@code -Dmodel.seed=S} where to begin. A seed decides what is configured and
 * done, but not how threads meet: {@code -Dmodel.repeats=M} runs each of them M times.
 */
@Tag("R1.1")
@Tag("R1.2")
@Tag("R1.8")
@Tag("R2.1")
@Tag("R2.5")
@Tag("R2.6")
@Tag("R3.1")
@Tag("R3.2")
@Tag("R3.4")
@Tag("R4.1")
@Tag("R4.2")
@Tag("R4.3")
@Tag("R4.4")
@Tag("R5.7")
@Tag("R5.8")
@Tag("R6.1")
@Tag("R6.4")
@Tag("R7.1")
@Tag("R7.3")
@Tag("R7.4")
@Tag("R8.1")
@Tag("R8.3")
@Tag("R8.5")
class RealThreadsTest {
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
    void everyJobEndsOnceWithItsOwnResultHoweverThreadsMeet() {
        long first = Long.getLong("model.seed", 1);
        long count = Long.getLong("model.seeds", 300);
        long repeats = Long.getLong("model.repeats", 1);
        for (long seed = first; seed < first + count; seed++) {
            for (long repeat = 0; repeat < repeats; repeat++) {
                run(seed);
            }
        }
    }

    private static void run(long seed) {
        RealRound round = new RealRound(seed);
        try {
            round.run();
        } catch (Throwable found) {
            throw new AssertionError(
                    "seed " + seed + ": " + found.getMessage() + "\n\n" + round
                            + "\n\ntry again: mvn -pl contract-tests -am verify -Dtest=RealThreadsTest"
                            + " -Dsurefire.failIfNoSpecifiedTests=false -Dtest.arguments=\"-Dmodel.seed=" + seed
                            + " -Dmodel.seeds=1 -Dmodel.repeats=1000\"",
                    found);
        }
    }
}
