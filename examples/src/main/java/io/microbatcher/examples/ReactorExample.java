package io.microbatcher.examples;

import io.microbatcher.MicroBatcher;
import io.microbatcher.ResultChannel;
import io.microbatcher.ResultChannel.Result;
import java.util.List;
import reactor.adapter.JdkFlowAdapter;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Reactor: a flux whose elements are jobs, and a channel as a flux. A flux that is cancelled takes its jobs back. */
final class ReactorExample {
    private final MicroBatcher<Integer, Integer> prices;

    ReactorExample(MicroBatcher<Integer, Integer> prices) {
        this.prices = prices;
    }

    // spotless:off
    Flux<Integer> prices(Flux<Integer> ids) {
        return ids.flatMap(id -> Mono.fromFuture(() -> prices.submit(id)), 1_000);
    }
    // spotless:on

    // spotless:off
    static Flux<Result<Integer, Integer>> results(ResultChannel<Integer, Integer> channel) {
        return JdkFlowAdapter.flowPublisherToFlux(channel);
    }
    // spotless:on

    public static void main(String... args) throws InterruptedException {
        try (MicroBatcher<Integer, Integer> prices = MicroBatcher.builder((List<Integer> ids) ->
                                ids.stream().map(id -> id * 100).toList())
                        .batchSize(5)
                        .build();
                ResultChannel<Integer, Integer> channel = prices.openChannel()) {
            System.out.println("sum "
                    + new ReactorExample(prices)
                            .prices(Flux.range(1, 10))
                            .reduce(Integer::sum)
                            .block());
            channel.submit(7);
            channel.halfClose();
            results(channel)
                    .doOnNext(result -> System.out.println(result.job() + " costs " + result.value()))
                    .blockLast();
        }
    }
}
