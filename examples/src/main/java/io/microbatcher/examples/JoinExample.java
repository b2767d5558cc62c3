package io.microbatcher.examples;

import io.microbatcher.MicroBatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Structured concurrency without a preview: subtasks on threads of their own, virtual ones where the JVM has them, and a
 * join that outlives none of them. When one fails the others are interrupted, and {@code run} takes their jobs back.
 */
final class JoinExample {
    private JoinExample() {}

    // spotless:off
    static <T> List<T> all(List<Callable<T>> subtasks) throws InterruptedException, ExecutionException {
        ExecutorService threads = threadForEach();
        try {
            CompletionService<T> ends = new ExecutorCompletionService<>(threads);
            List<Future<T>> forked = subtasks.stream().map(ends::submit).toList();
            for (int ended = 0; ended < forked.size(); ended++) {
                ends.take().get();      // the first failure leaves here, as does an interrupt
            }
            List<T> results = new ArrayList<>();
            for (Future<T> subtask : forked) {
                results.add(subtask.get());
            }
            return results;
        } finally {
            threads.shutdownNow();      // interrupts what still runs: run(job) takes its job back
            awaitEnd(threads);
        }
    }
    // spotless:on

    /** {@code Executors.newVirtualThreadPerTaskExecutor()}, which code for Java 17 has to look for. */
    private static ExecutorService threadForEach() {
        try {
            return (ExecutorService)
                    Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        } catch (ReflectiveOperationException beforeJava21) {
            return Executors.newCachedThreadPool();
        }
    }

    /** {@code ExecutorService.close()}, which is in Java 19 and later: an interrupt does not end the wait. */
    private static void awaitEnd(ExecutorService threads) {
        boolean interrupted = false;
        boolean ended = false;
        while (!ended) {
            try {
                ended = threads.awaitTermination(1, TimeUnit.DAYS);
            } catch (InterruptedException again) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    public static void main(String... args) throws Exception {
        try (MicroBatcher<Integer, Integer> prices = MicroBatcher.builder((List<Integer> ids) ->
                                ids.stream().map(id -> id * 100).toList())
                        .build();
                MicroBatcher<Integer, Integer> stock = MicroBatcher.builder((List<Integer> ids) ->
                                ids.stream().map(id -> id + 1).toList())
                        .build()) {
            System.out.println(all(List.of(() -> prices.run(7), () -> stock.run(7))));
        }
    }
}
