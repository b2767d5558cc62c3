package io.microbatcher.examples;

import io.microbatcher.MicroBatcher;
import io.microbatcher.ResultChannel;
import java.util.List;

/** A channel as a loop: many jobs in, results in the order in which they arrive, each with its job. */
final class ChannelExample {
    private ChannelExample() {}

    public static void main(String... args) throws InterruptedException {
        try (MicroBatcher<Integer, Integer> squares = MicroBatcher.builder(ChannelExample::square)
                        .batchSize(4)
                        .build();
                ResultChannel<Integer, Integer> channel = squares.openChannel()) {
            for (int i = 1; i <= 10; i++) {
                channel.submit(i);
            }
            channel.halfClose(); // no more jobs will come
            for (ResultChannel.Result<Integer, Integer> result : channel) {
                System.out.println(result.job() + " -> " + (result.succeeded() ? result.value() : result.failure()));
            }
        }
    }

    private static List<Integer> square(List<Integer> numbers) {
        return numbers.stream().map(n -> n * n).toList();
    }
}
