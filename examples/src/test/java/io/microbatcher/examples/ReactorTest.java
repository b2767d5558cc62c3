package io.microbatcher.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.microbatcher.BatcherFullException;
import io.microbatcher.JobFailedException;
import io.microbatcher.JobOutcome;
import io.microbatcher.OverflowPolicy;
import io.microbatcher.ResultChannel;
import io.microbatcher.ResultChannel.Result;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactivestreams.Subscription;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** What docs/recipes.md says of Reactor. */
@Timeout(60)
class ReactorTest {
    private Flux<Integer> prices(Prices prices, Flux<Integer> ids) {
        return new ReactorExample(prices.batcher).prices(ids);
    }

    @Test
    void theElementsOfAFluxShareBatches() {
        try (Prices prices = new Prices()) {
            CompletableFuture<List<Integer>> all =
                    prices(prices, Flux.range(1, 4)).collectList().toFuture();
            prices.executor.runAll();
            assertThat(all.join()).containsExactly(100, 200, 300, 400);
            assertThat(prices.asked).containsExactly(List.of(1, 2), List.of(3, 4));
        }
    }

    @Test
    void aFluxThatIsCancelledTakesItsJobsBack() {
        try (Prices prices = new Prices()) {
            Disposable subscription = prices(prices, Flux.just(1)).subscribe();
            assertThat(prices.batcher.stats().waiting()).isOne();
            subscription.dispose();
            prices.assertTakenBack(1);
        }
    }

    @Test
    void soDoesOneThatTimesOut() {
        try (Prices prices = new Prices()) {
            assertThatThrownBy(() -> prices(prices, Flux.just(1))
                            .timeout(Duration.ofMillis(1))
                            .blockLast())
                    .hasCauseInstanceOf(TimeoutException.class);
            await().atMost(Duration.ofSeconds(30)).until(() -> prices.jobs(JobOutcome.CANCELLED) == 1);
            prices.assertTakenBack(1);
        }
    }

    @Test
    void theFirstFailureArrivesAsItIsAndTakesTheOtherJobsBack() {
        try (Prices prices = new Prices()) {
            CompletableFuture<Throwable> failure = new CompletableFuture<>();
            prices(prices, Flux.just(5, -1, -2)).subscribe(price -> {}, failure::complete);
            prices.executor.runAll();
            assertThat(failure.join()).isInstanceOf(JobFailedException.class).hasRootCauseMessage("no such price");
            assertThat(prices.jobs(JobOutcome.FAILED)).isEqualTo(2);
            prices.assertTakenBack(5);
        }
    }

    @Test
    void noMoreJobsArePendingThanTheConcurrencyThatFlatMapWasGiven() {
        try (Prices prices = new Prices()) {
            CompletableFuture<List<Integer>> all =
                    prices(prices, Flux.range(1, 3_000)).collectList().toFuture();
            assertThat(prices.batcher.stats().pending()).isEqualTo(1_000);
            prices.executor.runAll();
            assertThat(all.join())
                    .containsExactlyInAnyOrderElementsOf(IntStream.rangeClosed(1, 3_000)
                            .mapToObj(id -> id * 100)
                            .toList());
        }
    }

    @Test
    void pastMaxPendingTheThreadThatEmitsTheIdsWaits() throws Exception {
        try (Prices prices = new Prices(builder -> builder.maxPending(2))) {
            CompletableFuture<List<Integer>> all = prices(prices, Flux.range(1, 4))
                    .subscribeOn(Schedulers.boundedElastic())
                    .collectList()
                    .toFuture();
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> prices.batcher.stats().blocked() == 1);
            await().atMost(Duration.ofSeconds(30)).until(() -> prices.executor.runAll() == 0 && all.isDone());
            assertThat(all.get(30, TimeUnit.SECONDS)).hasSize(4);
        }
    }

    @Test
    void orTheFluxFailsAndTakesItsJobsBack() {
        try (Prices prices = new Prices(builder -> builder.maxPending(1).overflow(OverflowPolicy.REJECT))) {
            assertThatThrownBy(() -> prices(prices, Flux.just(1, 2)).blockLast())
                    .isInstanceOf(BatcherFullException.class);
            prices.assertTakenBack(1);
        }
    }

    @Test
    void aResultThatIsNullIsLeftOut() {
        try (Prices prices = new Prices()) {
            CompletableFuture<List<Integer>> all =
                    prices(prices, Flux.just(0, 1)).collectList().toFuture();
            prices.executor.runAll();
            assertThat(all.join()).containsExactly(100);
        }
    }

    @Test
    void aChannelAsAFluxHasFailedJobsAsElements() throws Exception {
        try (Prices prices = new Prices();
                ResultChannel<Integer, Integer> channel = prices.batcher.openChannel()) {
            CompletableFuture<List<Result<Integer, Integer>>> all =
                    ReactorExample.results(channel).collectList().toFuture();
            for (int id : List.of(-1, -2, 1, 2)) {
                channel.submit(id);
            }
            channel.halfClose();
            prices.executor.runAll();
            assertThat(all.join()).extracting(Result::succeeded).containsExactlyInAnyOrder(false, false, true, true);
        }
    }

    @Test
    void cancellingItClosesTheChannelAndTakesItsJobsBack() throws Exception {
        try (Prices prices = new Prices();
                ResultChannel<Integer, Integer> channel = prices.batcher.openChannel()) {
            channel.submit(1);
            ReactorExample.results(channel).subscribe().dispose();
            prices.assertTakenBack(1);
            assertThatThrownBy(() -> channel.submit(2)).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void whatIsNotAskedForStaysInTheChannelUntilThatIsFull() {
        try (Prices prices = new Prices();
                ResultChannel<Integer, Integer> channel = prices.batcher.openChannel(2)) {
            BaseSubscriber<Result<Integer, Integer>> subscriber = new BaseSubscriber<>() {
                @Override
                protected void hookOnSubscribe(Subscription subscription) {}
            };
            ReactorExample.results(channel).subscribe(subscriber);
            assertThat(List.of(channel.trySubmit(1), channel.trySubmit(2))).containsOnly(true);
            prices.executor.runAll();
            assertThat(prices.batcher.stats().pending()).isZero();
            assertThat(channel.trySubmit(3)).isFalse();
            subscriber.request(1);
            assertThat(channel.trySubmit(3)).isTrue();
        }
    }

    @Test
    void eachSubscriptionAsksAnew() {
        try (Prices prices = new Prices()) {
            Mono<List<Integer>> all = prices(prices, Flux.just(1, 2)).collectList();
            assertThat(prices.batcher.stats().accepted()).isZero();
            all.subscribe();
            all.subscribe();
            prices.executor.runAll();
            assertThat(prices.asked).containsExactly(List.of(1, 2), List.of(1, 2));
        }
    }
}
