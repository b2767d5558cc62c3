package io.microbatcher.benchmarks.soak;

import io.microbatcher.BatchProcessor;
import io.microbatcher.MicroBatcher;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** A client that answers later, on threads of its own; how many batches it bears at a time is found out. */
final class AsyncStages implements Scenario {
    @Override
    public String name() {
        return "async";
    }

    @Override
    public String exercises() {
        return "<code>BatchProcessor.async</code>, <code>adaptiveConcurrency</code>";
    }

    @Override
    public void run(Round round) throws Exception {
        try (MicroBatcher<Entry, Long> batcher =
                round.watched(MicroBatcher.builder(BatchProcessor.<Entry, Long>async(batch -> stage(round, batch)))
                        .batchSize(20)
                        .adaptiveConcurrency(8))) {
            round.together(2, (index, random) -> {
                while (round.goesOn()) {
                    for (int i = random.nextInt(30); i >= 0; i--) {
                        round.submit(batcher, round.entry(index, random));
                    }
                    Round.pause(random, 60_000);
                }
            });
        }
    }

    private static CompletableFuture<List<Long>> stage(Round round, List<Entry> batch) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return round.write(batch);
                    } catch (NotWrittenException | UnknownOutcomeException failed) {
                        throw new CompletionException(failed);
                    }
                },
                round.threads);
    }
}
