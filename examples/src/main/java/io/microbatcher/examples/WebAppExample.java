package io.microbatcher.examples;

import io.microbatcher.BatchProcessor;
import io.microbatcher.MicroBatcher;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A web application in small: threads that serve requests, a service that batches what they ask for, and the order in
 * which all of it ends. Requests first, then the batcher, then what the processor uses.
 */
final class WebAppExample {
    private WebAppExample() {}

    public static void main(String... args) throws Exception {
        List<Future<String>> responses = new ArrayList<>();
        try (Database database = new Database();
                Prices prices = new Prices(database);
                Server server = new Server(prices)) {
            for (int i = 0; i < 50; i++) {
                responses.add(server.request(i % 10));
            }
        } // from the last to the first: the server, the batcher, the database
        int answered = 0;
        for (Future<String> response : responses) {
            answered += response.get().startsWith("200") ? 1 : 0;
        }
        System.out.println(answered + " of " + responses.size() + " requests were answered");
    }

    /** Owns its batcher: made with the service, closed with it. */
    private static final class Prices implements AutoCloseable {
        private final MicroBatcher<Integer, Integer> batcher;

        Prices(Database database) {
            this.batcher = MicroBatcher.builder(BatchProcessor.byKey(database::prices))
                    .name("prices")
                    .batchSize(8) // as many threads serve requests
                    .batchCycle(Duration.ofMillis(2))
                    .jobTimeout(Duration.ofSeconds(10))
                    .build();
        }

        int of(int product) throws InterruptedException {
            return batcher.run(product);
        }

        @Override
        public void close() {
            batcher.close();
        }
    }

    private static final class Server implements AutoCloseable {
        private final ExecutorService threads = Executors.newFixedThreadPool(8);
        private final Prices prices;

        Server(Prices prices) {
            this.prices = prices;
        }

        Future<String> request(int product) {
            return threads.submit(() -> "200 " + prices.of(product));
        }

        @Override
        public void close() {
            threads.shutdown();
            try {
                if (!threads.awaitTermination(30, TimeUnit.SECONDS)) {
                    threads.shutdownNow();
                }
            } catch (InterruptedException interrupted) {
                threads.shutdownNow();
                Thread.currentThread().interrupt();
            }
        }
    }

    private static final class Database implements AutoCloseable {
        private volatile boolean open = true;

        Map<Integer, Integer> prices(List<Integer> products) {
            if (!open) {
                throw new IllegalStateException("the database is closed");
            }
            return products.stream().distinct().collect(Collectors.toMap(product -> product, product -> product * 100));
        }

        @Override
        public void close() {
            open = false;
        }
    }
}
