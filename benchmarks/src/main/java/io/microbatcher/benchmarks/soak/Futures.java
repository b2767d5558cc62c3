package io.microbatcher.benchmarks.soak;

import io.microbatcher.BatchListener;
import io.microbatcher.MicroBatcher;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Futures with callbacks that throw, jobs of different weight, an executor that refuses, flushes and drains. */
final class Futures implements Scenario {
    @Override
    public String name() {
        return "futures";
    }

    @Override
    public String exercises() {
        return "<code>submit</code>, <code>maxBatchWeight</code>, <code>maxPendingWeight</code>, <code>executor</code>, "
                + "<code>listener</code>, <code>flush</code>, <code>drain</code>";
    }

    @Override
    public void run(Round round) throws Exception {
        BatchListener listener = new BatchListener() {
            @Override
            public void dispatched(BatchInfo batch) {
                round.check(batch.weight() <= 5_000, () -> "a batch of weight " + batch.weight());
                round.faults.inCallback();
            }
        };
        try (MicroBatcher<Entry, Long> batcher = round.watched(MicroBatcher.builder(round::write)
                .batchSize(50)
                .batchCycle(Duration.ofMillis(5))
                .maxBatchWeight(5_000, entry -> entry.amount)
                .maxPendingWeight(200_000)
                .maxConcurrentBatches(2)
                .executor(round.faults.moody(round.threads))
                .listener(listener))) {
            round.together(2, (index, random) -> {
                while (round.goesOn()) {
                    List<CompletableFuture<Long>> burst = new ArrayList<>();
                    for (int i = random.nextInt(40); i >= 0; i--) {
                        CompletableFuture<Long> future = round.submit(batcher, round.entry(index, random));
                        future.thenRun(round.faults::inCallback);
                        burst.add(future);
                    }
                    switch (random.nextInt(10)) {
                        case 0 -> batcher.flush();
                        case 1 -> {
                            batcher.drain().join();
                            round.check(
                                    burst.stream().allMatch(CompletableFuture::isDone),
                                    () -> "drained, but a job submitted before has not ended");
                        }
                        default -> Round.pause(random, 60_000);
                    }
                }
            });
        }
    }
}
