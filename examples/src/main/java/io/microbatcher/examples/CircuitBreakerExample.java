package io.microbatcher.examples;

import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.microbatcher.BatchProcessor;
import io.microbatcher.BatchProcessor.Call;
import io.microbatcher.JobFailedException;
import io.microbatcher.MicroBatcher;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;

/**
 * Resilience4j's circuit breaker around the processor: it sees one call for each batch, and while it is open each job of
 * a batch fails with what the breaker threw as its cause.
 */
final class CircuitBreakerExample {
    private CircuitBreakerExample() {}

    /** Guards the call that is given to the factory, not the processor that the factory returns. */
    static MicroBatcher<Integer, Integer> prices(
            CircuitBreaker breaker, Call<List<Integer>, Map<Integer, Integer>> database) {
        // spotless:off
        return MicroBatcher
                .builder(BatchProcessor.byKey((List<Integer> ids) -> breaker.executeCallable(() -> database.call(ids))))
                .batchSize(2)
                .build();
        // spotless:on
    }

    public static void main(String... args) throws Exception {
        AtomicBoolean down = new AtomicBoolean(true);
        CircuitBreaker breaker = CircuitBreaker.of(
                "database",
                CircuitBreakerConfig.custom()
                        .minimumNumberOfCalls(1)
                        .slidingWindowSize(1)
                        .permittedNumberOfCallsInHalfOpenState(1)
                        .build());
        try (MicroBatcher<Integer, Integer> prices = prices(breaker, ids -> {
            if (down.get()) {
                throw new IllegalStateException("the database is down");
            }
            return ids.stream().distinct().collect(Collectors.toMap(id -> id, id -> id * 100));
        })) {
            System.out.println(outcome(prices, 1)); // the database failed, which opens the breaker
            System.out.println(outcome(prices, 2)); // the database is not even asked
            down.set(false);
            breaker.transitionToHalfOpenState(); // in earnest it does so by itself, after waitDurationInOpenState
            System.out.println(outcome(prices, 3));
        }
    }

    private static String outcome(MicroBatcher<Integer, Integer> prices, int id) throws InterruptedException {
        try {
            return id + ": " + prices.run(id);
        } catch (JobFailedException failed) {
            boolean refused = failed.getCause() instanceof CallNotPermittedException;
            return id + (refused ? ": the breaker is open" : ": the database failed");
        }
    }
}
