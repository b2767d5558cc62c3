package io.microbatcher.examples;

import com.github.benmanes.caffeine.cache.AsyncLoadingCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.microbatcher.MicroBatcher;
import java.util.List;

/** Caffeine before a batcher: what several callers miss at the same time is one call of the backend. */
final class CaffeineExample {
    private CaffeineExample() {}

    static AsyncLoadingCache<Integer, Integer> cached(MicroBatcher<Integer, Integer> prices) {
        // spotless:off
        return Caffeine.newBuilder()
                .maximumSize(10_000)
                .buildAsync((id, executor) -> prices.submit(id));
        // spotless:on
    }

    public static void main(String... args) {
        try (MicroBatcher<Integer, Integer> prices = MicroBatcher.builder(
                        (List<Integer> ids) -> ids.stream().map(id -> id * 100).toList())
                .batchSize(3)
                .build()) {
            AsyncLoadingCache<Integer, Integer> cache = cached(prices);
            System.out.println(cache.getAll(List.of(1, 2, 3)).join());
            System.out.println(cache.get(2).join());
            System.out.println(prices.stats().ended() + " of 4 were asked");
        }
    }
}
