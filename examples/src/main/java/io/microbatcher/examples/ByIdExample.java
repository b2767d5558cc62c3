package io.microbatcher.examples;

import io.microbatcher.BatchProcessor;
import io.microbatcher.Job;
import io.microbatcher.JobFailedException;
import io.microbatcher.JobResult;
import io.microbatcher.MicroBatcher;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Results by id: the backend answers in an order of its own, and may refuse one job without harm to the others. */
final class ByIdExample {
    private ByIdExample() {}

    public static void main(String... args) throws InterruptedException {
        try (MicroBatcher<Job<Integer>, String> payments = MicroBatcher.builder(
                        BatchProcessor.byId(ByIdExample::settle))
                .batchSize(2)
                .build()) {
            CompletableFuture<String> first = payments.submit(new Job<>("order-1", 30));
            try {
                payments.run(new Job<>("order-2", -5));
            } catch (JobFailedException refused) {
                System.out.println("order-2: " + refused.getCause());
            }
            System.out.println("order-1: " + first.join());
        }
    }

    private static List<JobResult<String>> settle(List<Job<Integer>> orders) {
        List<JobResult<String>> results = new ArrayList<>();
        for (Job<Integer> order : orders) {
            results.add(
                    order.param() > 0
                            ? JobResult.success(order.id(), "paid " + order.param())
                            : JobResult.failure(
                                    order.id(), new IllegalArgumentException("cannot pay " + order.param())));
        }
        Collections.reverse(results);
        return results;
    }
}
