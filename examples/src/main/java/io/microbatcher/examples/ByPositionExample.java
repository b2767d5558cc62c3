package io.microbatcher.examples;

import io.microbatcher.MicroBatcher;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Results by position: forty callers at the same line of code, and a backend that is called far less often. */
final class ByPositionExample {
    private ByPositionExample() {}

    public static void main(String... args) {
        try (MicroBatcher<String, Integer> batcher = MicroBatcher.builder(ByPositionExample::lengths)
                .batchSize(10)
                .batchCycle(Duration.ofMinutes(1)) // so that only full batches leave
                .build()) {
            int total = IntStream.range(0, 40)
                    .mapToObj(i -> batcher.submit("x".repeat(i)))
                    .collect(Collectors.toList()) // all are submitted before the first is waited for
                    .stream()
                    .mapToInt(length -> length.join())
                    .sum();
            System.out.println(total + " in " + batcher.stats().batches() + " batches");
        }
    }

    /** One call for many: a result for each job, in the same order. */
    private static List<Integer> lengths(List<String> words) {
        return words.stream().map(String::length).toList();
    }
}
