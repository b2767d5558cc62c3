package io.microbatcher.benchmarks.soak;

import io.microbatcher.MicroBatcher;
import java.time.Duration;

/** Jobs one by one, and as few batches as a target allows. */
final class LatencyTargets implements Scenario {
    @Override
    public String name() {
        return "latency target";
    }

    @Override
    public String exercises() {
        return "<code>latencyTarget</code>";
    }

    @Override
    public void run(Round round) throws Exception {
        try (MicroBatcher<Entry, Long> batcher =
                round.watched(MicroBatcher.builder(round::write).batchSize(40).latencyTarget(Duration.ofMillis(40)))) {
            round.together(2, (index, random) -> {
                while (round.goesOn()) {
                    round.submit(batcher, round.entry(index, random));
                    Round.pause(random, 8_000);
                }
            });
        }
    }
}
