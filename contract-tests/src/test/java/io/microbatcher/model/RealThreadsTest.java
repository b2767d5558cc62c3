package io.microbatcher.model;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Short rounds with real threads, real time and random delays where the batcher hands over to its users. A seed decides
 * what is configured and done, but not how threads meet: {@code -Dreal.seed=S -Dreal.rounds=N} makes a failure likely
 * again, not certain.
 */
@Tag("R1.1")
@Tag("R1.2")
@Tag("R2.1")
@Tag("R2.5")
@Tag("R3.1")
@Tag("R4.1")
@Tag("R4.2")
@Tag("R4.3")
@Tag("R4.4")
class RealThreadsTest {
    @Test
    void everyJobEndsOnceWithItsOwnResultHoweverThreadsMeet() {
        long first = Long.getLong("real.seed", 1);
        long rounds = Long.getLong("real.rounds", 250);
        for (long seed = first; seed < first + rounds; seed++) {
            try {
                new RealRound(seed).run();
            } catch (Throwable found) {
                throw new AssertionError(
                        "round " + seed + ": " + found.getMessage()
                                + "\n\ntry again: mvn -pl contract-tests -am verify -Dtest=RealThreadsTest"
                                + " -Dsurefire.failIfNoSpecifiedTests=false -Dtest.arguments=\"-Dreal.seed=" + seed
                                + " -Dreal.rounds=100\"",
                        found);
            }
        }
    }
}
