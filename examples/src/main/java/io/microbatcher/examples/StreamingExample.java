package io.microbatcher.examples;

import io.microbatcher.BatchProcessor;
import io.microbatcher.BatchProcessor.Answers;
import io.microbatcher.MicroBatcher;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

/** Results one by one: the first caller has its answer while the batch is still being worked on. */
final class StreamingExample {
    private final CountDownLatch firstIsKnown = new CountDownLatch(1);

    private StreamingExample() {}

    public static void main(String... args) throws InterruptedException {
        new StreamingExample().show();
    }

    private void show() {
        try (MicroBatcher<String, String> batcher = MicroBatcher.builder(
                        BatchProcessor.<String, String>streaming(this::process))
                .batchSize(2)
                .build()) {
            CompletableFuture<String> first = batcher.submit("a");
            CompletableFuture<String> second = batcher.submit("b");
            System.out.println(first.join() + ", and the second is " + (second.isDone() ? "done" : "on its way"));
            firstIsKnown.countDown();
            System.out.println(second.join());
        }
    }

    private void process(List<? extends String> jobs, Answers<? super String> answers) throws InterruptedException {
        for (int i = 0; i < jobs.size(); i++) {
            answers.complete(i, jobs.get(i).toUpperCase(Locale.ROOT));
            firstIsKnown.await(); // only so that the output of the example is certain
        }
    }
}
