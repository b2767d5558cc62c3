package io.microbatcher.examples;

import io.microbatcher.BatchProcessor;
import io.microbatcher.MicroBatcher;
import io.microbatcher.MissingResultException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;

/** Results by key: a lookup of many keys at once. Equal keys share an answer; a key without a row is an error by name. */
final class ByKeyExample {
    private static final Map<Integer, String> TABLE = Map.of(1, "Ada", 2, "Grace");

    private ByKeyExample() {}

    public static void main(String... args) {
        try (MicroBatcher<Integer, String> names = MicroBatcher.builder(BatchProcessor.byKey(ByKeyExample::findAllById))
                .batchSize(4)
                .build()) {
            List<CompletableFuture<String>> found =
                    List.of(names.submit(2), names.submit(1), names.submit(2), names.submit(3));
            System.out.println(found.get(0).join() + ", " + found.get(1).join() + ", "
                    + found.get(2).join());
            try {
                found.get(3).join();
            } catch (CompletionException failed) {
                System.out.println("3 is unknown: " + (failed.getCause() instanceof MissingResultException));
            }
        }
    }

    private static Map<Integer, String> findAllById(List<Integer> ids) {
        Set<Integer> asked = new HashSet<>(ids);
        return TABLE.entrySet().stream()
                .filter(row -> asked.contains(row.getKey()))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }
}
