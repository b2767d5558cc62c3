package io.microbatcher.benchmarks.soak;

import io.microbatcher.MicroBatcher;
import io.microbatcher.RetryPolicy;
import java.time.Duration;

/** Rows that the database refuses, one or two among many: the others of their batch are written nevertheless. */
final class Bisections implements Scenario {
    @Override
    public String name() {
        return "bisections";
    }

    @Override
    public String exercises() {
        return "<code>retry</code> with <code>bisect</code>: rows that break a constraint fail alone";
    }

    @Override
    public void run(Round round) throws Exception {
        try (MicroBatcher<Entry, Long> batcher = round.watched(MicroBatcher.builder(round::write)
                .batchSize(64)
                .batchCycle(Duration.ofMillis(5))
                .maxConcurrentBatches(2)
                .retry(RetryPolicy.ofAttempts(1).bisect(Bisections::isRefused)))) {
            round.together(2, (index, random) -> {
                while (round.goesOn()) {
                    for (int i = random.nextInt(64); i >= 0; i--) {
                        boolean isPoison = random.nextInt(100) == 0;
                        Entry entry = isPoison ? round.poison(index) : round.entry(index, random);
                        round.submit(batcher, entry)
                                .whenComplete((amount, failure) -> round.check(
                                        isPoison ? failure != null : failure == null || !isRefused(failure.getCause()),
                                        () -> entry + " ended with " + failure));
                    }
                    Round.pause(random, 60_000);
                }
            });
        }
    }

    private static boolean isRefused(Throwable failure) {
        return failure instanceof NotWrittenException told && told.refused;
    }
}
