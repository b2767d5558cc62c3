package io.microbatcher.examples;

import io.microbatcher.BatchProcessor;
import io.microbatcher.MicroBatcher;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** The code of docs/quick-start.md, from a query for many to an answer for one. */
final class QuickStartExample {
    private QuickStartExample() {}

    record Customer(int id, String name) {}

    /** Stands for: SELECT id, name FROM customer WHERE id IN (…). */
    static Map<Integer, Customer> findAll(List<Integer> ids) {
        System.out.println("a query for " + ids.size());
        Map<Integer, Customer> found = new TreeMap<>();
        for (int id : ids) {
            found.put(id, new Customer(id, "customer " + id));
        }
        return found;
    }

    public static void main(String... args) {
        try (MicroBatcher<Integer, Customer> customers = MicroBatcher.builder(
                        BatchProcessor.byKey(QuickStartExample::findAll))
                .batchSize(5)
                .batchCycle(Duration.ofSeconds(10))
                .build()) {
            List<CompletableFuture<Customer>> asked = new ArrayList<>();
            for (int id = 1; id <= 10; id++) {
                asked.add(customers.submit(id));
            }
            System.out.println(asked.get(6).join().name());
        }
    }
}
