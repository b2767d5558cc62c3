package io.microbatcher.benchmarks.soak;

import java.util.List;

/**
 * A use of the batcher that goes on for rounds. What a round accepts is compared with the database when it is over, so a
 * scenario only has to make batchers, let the round watch them, and tell it of each answer. To add one, write its file and
 * name it in {@link #all()}.
 */
interface Scenario {
    /** One or two words. */
    String name();

    /** Which features it uses. */
    String exercises();

    /** Submits jobs while the round {@link Round#goesOn() goes on}, and closes what it has opened. */
    void run(Round round) throws Exception;

    /** Whether the jobs of a key must be written in the order in which they were submitted. */
    default boolean isOrdered() {
        return false;
    }

    /** Whether processors may answer jobs that have ended without them. */
    default boolean isLate() {
        return false;
    }

    static List<Scenario> all() {
        return List.of(
                new BlockingCalls(),
                new Futures(),
                new Channels(),
                new OrderedLanes(),
                new AnswersById(),
                new AsyncStages(),
                new StreamedAnswers(),
                new LatencyTargets(),
                new FullAndBlocking(),
                new FullAndRejecting(),
                new Retries(),
                new Bisections(),
                new TimeLimits(),
                new Coalesced(),
                new Reopening());
    }
}
