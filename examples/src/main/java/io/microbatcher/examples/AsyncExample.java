package io.microbatcher.examples;

import io.microbatcher.BatchProcessor;
import io.microbatcher.MicroBatcher;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Results later: a client that returns a stage keeps a slot while it works, but no thread. */
final class AsyncExample {
    private AsyncExample() {}

    public static void main(String... args) throws InterruptedException {
        try (MicroBatcher<String, String> translator = MicroBatcher.builder(BatchProcessor.async(AsyncExample::post))
                .batchSize(2)
                .maxConcurrentBatches(4)
                .build()) {
            CompletableFuture<String> water = translator.submit("water");
            System.out.println(translator.run("bread") + " and " + water.join());
        }
    }

    /** Stands for {@code HttpClient.sendAsync} and the like. */
    private static CompletableFuture<List<String>> post(List<String> words) {
        return CompletableFuture.supplyAsync(() -> words.stream()
                .map(word -> word.equals("water") ? "agua" : "pan")
                .toList());
    }
}
