package io.microbatcher.benchmarks.soak;

import io.microbatcher.MicroBatcher;
import io.microbatcher.RetryPolicy;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Batches that certainly were not written are tried again, and the order of each key survives that. */
final class Retries implements Scenario {
    private static final int KEYS = 10;

    @Override
    public String name() {
        return "retries";
    }

    @Override
    public String exercises() {
        return "<code>retry</code> with backoff and jitter, strict order of each key through retries, <code>jobTimeout</code>";
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
                .maxConcurrentBatchesPerKey(1)
                .jobTimeout(Duration.ofSeconds(20))
                .retry(RetryPolicy.ofAttempts(4)
                        .backoff(Duration.ofMillis(2), Duration.ofMillis(50))
                        .jitter(0.5)
                        .when(NotWrittenException.class::isInstance)))) {
            round.together(2, (index, random) -> {
                while (round.goesOn()) {
                    for (int i = random.nextInt(30); i >= 0; i--) {
                        int key = index + 2 * random.nextInt(KEYS); // keys of this thread alone
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
