package io.microbatcher.benchmarks.soak;

import io.microbatcher.MicroBatcher;
import io.microbatcher.OverflowPolicy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;

/** Room for less than a batch, callers that wait for it, jobs that run out of time and futures that are cancelled. */
final class FullAndBlocking implements Scenario {
    @Override
    public String name() {
        return "full, blocking";
    }

    @Override
    public String exercises() {
        return "<code>maxPending</code> with <code>BLOCK</code>, <code>jobTimeout</code>, cancellation";
    }

    @Override
    public void run(Round round) throws Exception {
        try (MicroBatcher<Entry, Long> batcher = round.watched(MicroBatcher.builder(round::write)
                .batchSize(100)
                .batchCycle(Duration.ofSeconds(1))
                .maxPending(30)
                .overflow(OverflowPolicy.BLOCK)
                .jobTimeout(Duration.ofMillis(60)))) {
            round.together(6, (index, random) -> {
                Deque<CompletableFuture<Long>> recent = new ArrayDeque<>();
                while (round.goesOn()) {
                    for (int i = random.nextInt(10); i >= 0; i--) {
                        recent.add(round.submit(batcher, round.entry(index, random)));
                    }
                    if (round.faults.callerGivesUp()) {
                        recent.removeLast().cancel(true);
                    }
                    while (recent.size() > 20) {
                        recent.removeFirst();
                    }
                    Round.pause(random, 80_000);
                }
            });
        }
    }
}
