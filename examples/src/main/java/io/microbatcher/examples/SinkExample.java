package io.microbatcher.examples;

import io.microbatcher.BatchProcessor;
import io.microbatcher.MicroBatcher;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** No results: rows are inserted by the batch, and no request is larger than the server takes. */
final class SinkExample {
    private final List<String> table = new ArrayList<>();

    private SinkExample() {}

    public static void main(String... args) {
        new SinkExample().show();
    }

    private void show() {
        try (MicroBatcher<String, @Nullable Void> log = MicroBatcher.builder(BatchProcessor.<String>sink(this::insert))
                .maxBatchWeight(64, line -> line.getBytes(StandardCharsets.UTF_8).length)
                .build()) {
            for (int i = 0; i < 10; i++) {
                log.submit("a line of 20 bytes " + i);
            }
            log.drain().join(); // all that was submitted is in the table
            System.out.println(table.size() + " rows");
        }
    }

    /** Never called by two threads at once, with one batch in flight at a time. */
    private void insert(List<? extends String> lines) {
        table.addAll(lines);
    }
}
