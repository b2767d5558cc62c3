package io.microbatcher.benchmarks.soak;

import io.microbatcher.MicroBatcher;
import java.time.Duration;

/** Threads that block, some of them with a limit; the batcher finds out when to leave. */
final class BlockingCalls implements Scenario {
    @Override
    public String name() {
        return "blocking";
    }

    @Override
    public String exercises() {
        return "<code>run</code>, <code>run</code> with a timeout, the adaptive policy";
    }

    @Override
    public void run(Round round) throws Exception {
        try (MicroBatcher<Entry, Long> batcher =
                round.watched(MicroBatcher.builder(round::write).batchSize(16).adaptive())) {
            round.together(8, (index, random) -> {
                while (round.goesOn()) {
                    Entry entry = round.entry(index, random);
                    if (random.nextInt(4) == 0) {
                        Duration limit = Duration.ofMillis(random.nextInt(2, 200));
                        round.call(entry, () -> batcher.run(entry, limit));
                    } else {
                        round.call(entry, () -> batcher.run(entry));
                    }
                    Round.pause(random, 20_000);
                }
            });
        }
    }
}
