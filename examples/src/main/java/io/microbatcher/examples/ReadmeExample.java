package io.microbatcher.examples;

import io.microbatcher.MicroBatcher;
import java.time.Duration;
import java.util.List;

/** The example of README.md, which holds these lines as they are here. */
final class ReadmeExample {
    private ReadmeExample() {}

    public static void main(String... args) throws InterruptedException {
        // spotless:off
        try (MicroBatcher<Integer, Integer> batcher = MicroBatcher
                .builder((List<Integer> jobs) -> jobs.stream().map(n -> n * 2).toList())
                .batchSize(3)
                .batchCycle(Duration.ofMillis(5))
                .build()) {
            System.out.println(batcher.run(21));                // waits for the result: prints 42
            batcher.submit(4).thenAccept(System.out::println);  // does not wait: prints 8 when it is there
        }                                                       // every job that was accepted has ended
        // spotless:on
    }
}
