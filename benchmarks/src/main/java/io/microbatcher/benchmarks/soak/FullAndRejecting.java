package io.microbatcher.benchmarks.soak;

import io.microbatcher.MicroBatcher;
import io.microbatcher.OverflowPolicy;
import java.time.Duration;

/** Bursts that are larger than the room there is: some are refused at once, and those are never written. */
final class FullAndRejecting implements Scenario {
    @Override
    public String name() {
        return "full, rejecting";
    }

    @Override
    public String exercises() {
        return "<code>maxPending</code> with <code>REJECT</code>";
    }

    @Override
    public void run(Round round) throws Exception {
        try (MicroBatcher<Entry, Long> batcher = round.watched(MicroBatcher.builder(round::write)
                .batchSize(20)
                .batchCycle(Duration.ofMillis(2))
                .maxPending(40)
                .overflow(OverflowPolicy.REJECT))) {
            round.together(3, (index, random) -> {
                while (round.goesOn()) {
                    for (int i = random.nextInt(40); i >= 0; i--) {
                        round.submit(batcher, round.entry(index, random));
                    }
                    Round.pause(random, 80_000);
                }
            });
        }
    }
}
