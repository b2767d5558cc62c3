package io.microbatcher.examples;

import static org.awaitility.Awaitility.await;

import io.microbatcher.MicroBatcher;
import java.util.concurrent.FutureTask;
import java.util.concurrent.StructuredTaskScope;

/**
 * Structured concurrency as Java 25 previews it. No part of the build, whose classes run on Java 17: StructuredTaskScopeTest
 * compiles and runs it.
 */
public final class StructuredTaskScopeExample {
    private StructuredTaskScopeExample() {}

    // recipe
    static int worth(MicroBatcher<Integer, Integer> prices, MicroBatcher<Integer, Integer> stock, int id)
            throws InterruptedException {
        try (var scope = StructuredTaskScope.open()) {
            var price = scope.fork(() -> prices.run(id));
            var amount = scope.fork(() -> stock.run(id));
            scope.join();       // throws if one has failed; the other was interrupted, and its job taken back
            return price.get() * amount.get();
        }
    }
    // end of the recipe

    public static void main(String... args) throws Exception {
        try (Prices prices = new Prices();
                Prices stock = new Prices()) {
            FutureTask<Integer> worth = started(prices, stock, 3);
            prices.flush();
            stock.flush();
            System.out.println("worth " + worth.get());
        }
        try (Prices prices = new Prices();
                Prices stock = new Prices()) {
            FutureTask<Integer> worth = started(prices, stock, -1);
            prices.flush();
            try {
                worth.get();
            } catch (java.util.concurrent.ExecutionException failed) {
                Throwable thrown = failed.getCause();
                System.out.println(thrown.getClass().getSimpleName() + " of a "
                        + thrown.getCause().getClass().getSimpleName());
            }
            stock.assertTakenBack(-1);
            System.out.println("taken back");
        }
    }

    private static FutureTask<Integer> started(Prices prices, Prices stock, int id) {
        FutureTask<Integer> worth = new FutureTask<>(() -> worth(prices.batcher, stock.batcher, id));
        Thread.ofVirtual().start(worth);
        await().until(() -> prices.batcher.stats().waiting() + stock.batcher.stats().waiting() == 2);
        return worth;
    }
}
