package io.microbatcher.benchmarks.soak;

import io.microbatcher.MicroBatcher;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;

/** Batches that hang until they are interrupted, and others that just about exceed their time. */
final class TimeLimits implements Scenario {
    private static final Duration LIMIT = Duration.ofMillis(200);

    @Override
    public String name() {
        return "time limits";
    }

    @Override
    public String exercises() {
        return "<code>batchTimeout</code>, interrupted processors, answers that come too late";
    }

    @Override
    public boolean isLate() {
        return true;
    }

    @Override
    public void run(Round round) throws Exception {
        Phaser calls = new Phaser(1); // a processor may be at it when its batch has ended
        try (MicroBatcher<Entry, Long> batcher = round.watched(MicroBatcher.builder((List<Entry> batch) -> {
                    calls.register();
                    try {
                        round.faults.hangs(LIMIT);
                        return round.write(batch);
                    } finally {
                        calls.arriveAndDeregister();
                    }
                })
                .batchSize(20)
                .batchCycle(Duration.ofMillis(5))
                .maxConcurrentBatches(2)
                .batchTimeout(LIMIT))) {
            round.together(2, (index, random) -> {
                while (round.goesOn()) {
                    for (int i = random.nextInt(20); i >= 0; i--) {
                        round.submit(batcher, round.entry(index, random));
                    }
                    Round.pause(random, 60_000);
                }
            });
        }
        calls.awaitAdvanceInterruptibly(calls.arrive(), 1, TimeUnit.MINUTES);
    }
}
