package io.microbatcher.examples;

import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import io.github.resilience4j.bulkhead.BulkheadFullException;
import io.microbatcher.MicroBatcher;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * Resilience4j's bulkhead around {@code submit} and {@code run}: one tenant of a batcher may have so many jobs pending and
 * no more. A job that is refused never reaches the batcher.
 */
final class BulkheadExample {
    private final Bulkhead bulkhead;
    private final MicroBatcher<Integer, Integer> squares;

    /** Several may share a batcher, each with a bulkhead of its own. */
    BulkheadExample(Bulkhead bulkhead, MicroBatcher<Integer, Integer> squares) {
        this.bulkhead = bulkhead;
        this.squares = squares;
    }

    // spotless:off
    CompletionStage<Integer> submit(int n) {
        return bulkhead.executeCompletionStage(() -> squares.submit(n));
    }

    Integer run(int n) throws Exception {
        return bulkhead.executeCallable(() -> squares.run(n));
    }
    // spotless:on

    public static void main(String... args) {
        Bulkhead two = Bulkhead.of(
                "tenant",
                BulkheadConfig.custom()
                        .maxConcurrentCalls(2)
                        .maxWaitDuration(Duration.ZERO)
                        .build());
        List<CompletionStage<Integer>> squared = new ArrayList<>();
        try (MicroBatcher<Integer, Integer> squares = MicroBatcher.builder(
                        (List<Integer> jobs) -> jobs.stream().map(n -> n * n).toList())
                .batchSize(10)
                .batchCycle(Duration.ofDays(1)) // so that close() is what makes the two leave
                .build()) {
            BulkheadExample tenant = new BulkheadExample(two, squares);
            for (int n = 1; n <= 3; n++) {
                squared.add(tenant.submit(n));
            }
        }
        squared.forEach(square -> System.out.println(outcome(square)));
    }

    private static String outcome(CompletionStage<Integer> square) {
        try {
            return square.toCompletableFuture().join().toString();
        } catch (CompletionException refused) {
            return refused.getCause() instanceof BulkheadFullException ? "the bulkhead is full" : "failed";
        }
    }
}
