package io.microbatcher.examples;

import io.microbatcher.MicroBatcher;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.List;

/** Mutiny: a uni that is a job, and a multi whose items are jobs. What is cancelled takes its jobs back. */
final class MutinyExample {
    private final MicroBatcher<Integer, Integer> prices;

    MutinyExample(MicroBatcher<Integer, Integer> prices) {
        this.prices = prices;
    }

    // spotless:off
    Uni<Integer> price(int id) {
        return Uni.createFrom().completionStage(() -> prices.submit(id));
    }

    Multi<Integer> prices(Multi<Integer> ids) {
        return ids.onItem().transformToUni(this::price).merge(1_000);
    }
    // spotless:on

    public static void main(String... args) {
        try (MicroBatcher<Integer, Integer> prices = MicroBatcher.builder(
                        (List<Integer> ids) -> ids.stream().map(id -> id * 100).toList())
                .batchSize(5)
                .build()) {
            MutinyExample example = new MutinyExample(prices);
            System.out.println(example.price(7).await().indefinitely());
            System.out.println("sum "
                    + example.prices(Multi.createFrom().range(1, 11)).collect().asList().await().indefinitely().stream()
                            .mapToInt(Integer::intValue)
                            .sum());
        }
    }
}
