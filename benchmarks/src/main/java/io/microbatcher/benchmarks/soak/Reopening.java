package io.microbatcher.benchmarks.soak;

import io.microbatcher.MicroBatcher;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;

/** Batchers that are closed in each of the three ways while others still submit, and opened again. */
final class Reopening implements Scenario {
    @Override
    public String name() {
        return "close and reopen";
    }

    @Override
    public String exercises() {
        return "<code>close</code>, <code>shutdown</code>, <code>shutdownNow</code> against <code>submit</code>";
    }

    @Override
    public void run(Round round) throws Exception {
        var random = round.random();
        while (round.goesOn()) {
            MicroBatcher<Entry, Long> batcher = round.watched(
                    MicroBatcher.builder(round::write).batchSize(10).batchCycle(Duration.ofMillis(random.nextInt(20))));
            List<Future<?>> submitters = List.of(
                    round.threads.submit(() -> submit(round, batcher, 0)),
                    round.threads.submit(() -> submit(round, batcher, 1)));
            Round.pause(random, 50_000);
            switch (random.nextInt(3)) {
                case 0 -> batcher.close();
                case 1 -> batcher.shutdown().join();
                default -> batcher.shutdownNow();
            }
            batcher.close();
            round.check(batcher.stats().pending() == 0, () -> "closed, but has pending jobs: " + batcher.stats());
            for (Future<?> submitter : submitters) {
                submitter.get();
            }
        }
    }

    private static void submit(Round round, MicroBatcher<Entry, Long> batcher, int key) {
        var random = round.random();
        for (int i = 0; i < 40; i++) {
            round.submit(batcher, round.entry(key, random));
            Round.pause(random, 2_000);
        }
    }
}
