package io.microbatcher.examples;

import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.microbatcher.MicroBatcher;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** Resilience4j's circuit breaker around the callers: it sees each job, and a job that it refuses is never submitted. */
final class CallersBreakerExample {
    private final CircuitBreaker breaker;
    private final MicroBatcher<Integer, Integer> prices;

    /** Several may share a batcher, such as one for each kind of caller. */
    CallersBreakerExample(CircuitBreaker breaker, MicroBatcher<Integer, Integer> prices) {
        this.breaker = breaker;
        this.prices = prices;
    }

    // spotless:off
    CompletionStage<Integer> submit(int id) {
        return breaker.executeCompletionStage(() -> prices.submit(id));
    }

    Integer run(int id) throws Exception {
        return breaker.executeCallable(() -> prices.run(id));
    }
    // spotless:on

    public static void main(String... args) throws Exception {
        CircuitBreaker breaker = CircuitBreaker.ofDefaults("prices");
        try (MicroBatcher<Integer, Integer> prices = MicroBatcher.builder(
                        (List<Integer> ids) -> ids.stream().map(id -> id * 100).toList())
                .build()) {
            CallersBreakerExample guarded = new CallersBreakerExample(breaker, prices);
            System.out.println(guarded.run(1));
            breaker.transitionToForcedOpenState();
            try {
                guarded.submit(2).toCompletableFuture().join();
            } catch (CompletionException refused) {
                System.out.println(
                        refused.getCause() instanceof CallNotPermittedException ? "the breaker is open" : "failed");
            }
        }
    }
}
