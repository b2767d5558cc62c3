package io.microbatcher.examples;

import io.microbatcher.MicroBatcher;
import io.microbatcher.micrometer.BatcherMeters;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;

/** Meters in a registry of Micrometer: one line, and the name of the batcher is a tag. */
final class MetersExample {
    private MetersExample() {}

    public static void main(String... args) {
        MeterRegistry registry = new SimpleMeterRegistry();
        try (MicroBatcher<String, Integer> lengths = MicroBatcher.builder((List<String> words) ->
                        words.stream().map(String::length).toList())
                .name("lengths")
                .batchSize(2)
                .listener(new BatcherMeters(registry))
                .build()) {
            List.of("one", "two", "three", "four").forEach(lengths::submit);
        }
        double jobs = registry.get("microbatcher.job")
                .tags("name", "lengths", "outcome", "succeeded")
                .functionTimer()
                .count();
        System.out.println(jobs + " jobs succeeded");
    }
}
