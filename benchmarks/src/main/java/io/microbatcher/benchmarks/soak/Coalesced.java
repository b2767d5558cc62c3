package io.microbatcher.benchmarks.soak;

import io.microbatcher.Coalescing;
import io.microbatcher.JobFailedException;
import io.microbatcher.MicroBatcher;
import io.microbatcher.RetryPolicy;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Several callers ask for one and the same row: it is written once, and each of them has its own answer. */
final class Coalesced implements Scenario {
    @Override
    public String name() {
        return "coalesced";
    }

    @Override
    public String exercises() {
        return "<code>coalesceBy</code> with <code>JOIN_IN_FLIGHT</code>, cancellation of some callers of a row, <code>retry</code>";
    }

    @Override
    public void run(Round round) throws Exception {
        MicroBatcher.Builder<Entry, Long> builder = MicroBatcher.builder(round::write)
                .batchSize(20)
                .batchCycle(Duration.ofMillis(3))
                .maxConcurrentBatches(2)
                .coalesceBy(entry -> entry.id, Coalescing.JOIN_IN_FLIGHT)
                .retry(RetryPolicy.ofAttempts(3)
                        .backoff(Duration.ofMillis(1), Duration.ofMillis(20))
                        .when(NotWrittenException.class::isInstance));
        try (MicroBatcher<Entry, Long> batcher = round.watch(builder.build())) {
            round.together(2, (index, random) -> {
                while (round.goesOn()) {
                    for (int i = random.nextInt(20); i >= 0; i--) {
                        Entry entry = round.entry(index, random);
                        CompletableFuture<Long> row = batcher.submit(entry);
                        for (int more = random.nextInt(3); more > 0; more--) {
                            row = unlessWritten(row, askToo(round, batcher, entry));
                        }
                        round.observe(entry, row);
                    }
                    Round.pause(random, 60_000);
                }
            });
        }
    }

    /** Another caller for the same row, who may go again. */
    private static CompletableFuture<Long> askToo(Round round, MicroBatcher<Entry, Long> batcher, Entry entry) {
        CompletableFuture<Long> other = batcher.submit(entry);
        round.another();
        if (round.faults.callerGivesUp()) {
            other.cancel(true);
            return other;
        }
        other.whenComplete((amount, failure) -> round.check(
                failure != null || amount == entry.amount, () -> entry + " was answered to another with " + amount));
        return other;
    }

    /**
     * What becomes of a row that two ask for. The second may come when the first knows already that it is not written: then
     * it is another job, which may write the row after all.
     */
    private static CompletableFuture<Long> unlessWritten(CompletableFuture<Long> one, CompletableFuture<Long> other) {
        return one.exceptionallyCompose(failure -> isNotWritten(failure) ? other : one);
    }

    private static boolean isNotWritten(Throwable thrown) {
        Throwable failure =
                thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        return failure instanceof JobFailedException
                && (failure.getCause() instanceof NotWrittenException || failure.getCause() instanceof InjectedError);
    }
}
