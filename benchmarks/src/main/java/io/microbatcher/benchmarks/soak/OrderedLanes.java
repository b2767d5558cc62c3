package io.microbatcher.benchmarks.soak;

import io.microbatcher.MicroBatcher;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** A lane for each key, one batch of it at a time: the rows of a key are in the order in which they were submitted. */
final class OrderedLanes implements Scenario {
    private static final int KEYS = 20;

    @Override
    public String name() {
        return "lanes";
    }

    @Override
    public String exercises() {
        return "<code>partitionBy</code>, <code>maxConcurrentBatchesPerKey(1)</code>, strict order of each key, cancellation";
    }

    @Override
    public boolean isOrdered() {
        return true;
    }

    @Override
    public void run(Round round) throws Exception {
        try (MicroBatcher<Entry, Long> batcher = round.watched(MicroBatcher.builder(round::write)
                .batchSize(10)
                .batchCycle(Duration.ofMillis(3))
                .maxConcurrentBatches(4)
                .partitionBy(entry -> entry.key)
                .maxConcurrentBatchesPerKey(1))) {
            round.together(4, (index, random) -> {
                while (round.goesOn()) {
                    for (int i = random.nextInt(30); i >= 0; i--) {
                        int key = index + 4 * random.nextInt(KEYS); // keys of this thread alone
                        CompletableFuture<Long> future = round.submit(batcher, round.entry(key, random));
                        if (round.faults.callerGivesUp()) {
                            future.cancel(true);
                        }
                    }
                    Round.pause(random, 60_000);
                }
            });
        }
    }
}
