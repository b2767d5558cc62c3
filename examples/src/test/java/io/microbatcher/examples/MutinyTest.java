package io.microbatcher.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.microbatcher.JobFailedException;
import io.microbatcher.JobOutcome;
import io.microbatcher.ResultChannel;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.TimeoutException;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What docs/recipes.md says of Mutiny. */
@Timeout(60)
class MutinyTest {
    private static Uni<Integer> price(Prices prices, int id) {
        return new MutinyExample(prices.batcher).price(id);
    }

    private static Multi<Integer> prices(Prices prices, Multi<Integer> ids) {
        return new MutinyExample(prices.batcher).prices(ids);
    }

    @Test
    void eachSubscriptionSubmitsAJobAndNoneIsSubmittedBefore() {
        try (Prices prices = new Prices()) {
            Uni<Integer> price = price(prices, 7);
            assertThat(prices.batcher.stats().accepted()).isZero();
            CompletableFuture<Integer> first = price.subscribeAsCompletionStage();
            CompletableFuture<Integer> second = price.subscribeAsCompletionStage();
            prices.executor.runAll();
            assertThat(List.of(first.join(), second.join())).containsExactly(700, 700);
            assertThat(prices.asked).containsExactly(List.of(7, 7));
        }
    }

    @Test
    void aUniThatIsCancelledTakesItsJobBack() {
        try (Prices prices = new Prices()) {
            Cancellable subscription = price(prices, 1).subscribe().with(price -> {});
            assertThat(prices.batcher.stats().waiting()).isOne();
            subscription.cancel();
            prices.assertTakenBack(1);
        }
    }

    @Test
    void soDoesOneThatTimesOut() {
        try (Prices prices = new Prices()) {
            assertThatThrownBy(() -> price(prices, 1)
                            .ifNoItem()
                            .after(Duration.ofMillis(1))
                            .fail()
                            .await()
                            .indefinitely())
                    .isInstanceOf(TimeoutException.class);
            await().atMost(Duration.ofSeconds(30)).until(() -> prices.jobs(JobOutcome.CANCELLED) == 1);
            prices.assertTakenBack(1);
        }
    }

    @Test
    void aResultThatIsNullIsAnItem() {
        try (Prices prices = new Prices()) {
            CompletableFuture<Integer> none = price(prices, 0).subscribeAsCompletionStage();
            prices.flush();
            assertThat(none).isCompletedWithValue(null);
        }
    }

    @Test
    void aFailureArrivesAsItIs() {
        try (Prices prices = new Prices()) {
            CompletableFuture<Throwable> failure = new CompletableFuture<>();
            price(prices, -1).subscribe().with(price -> {}, failure::complete);
            prices.flush();
            assertThat(failure.join()).isInstanceOf(JobFailedException.class).hasRootCauseMessage("no such price");
        }
    }

    @Test
    void theFirstFailureOfAMultiTakesTheOtherJobsBack() {
        try (Prices prices = new Prices()) {
            CompletableFuture<Throwable> failure = new CompletableFuture<>();
            prices(prices, Multi.createFrom().items(5, -1, -2)).subscribe().with(price -> {}, failure::complete);
            prices.executor.runAll();
            assertThat(failure.join()).isInstanceOf(JobFailedException.class);
            prices.assertTakenBack(5);
        }
    }

    @Test
    void aMultiThatIsCancelledTakesItsJobsBack() {
        try (Prices prices = new Prices()) {
            Cancellable subscription =
                    prices(prices, Multi.createFrom().items(1)).subscribe().with(price -> {});
            assertThat(prices.batcher.stats().waiting()).isOne();
            subscription.cancel();
            prices.assertTakenBack(1);
        }
    }

    @Test
    void noMoreJobsArePendingThanTheConcurrencyOfTheMerge() {
        try (Prices prices = new Prices()) {
            CompletableFuture<List<Integer>> all = prices(
                            prices, Multi.createFrom().range(0, 3_000))
                    .collect()
                    .asList()
                    .subscribeAsCompletionStage();
            assertThat(prices.batcher.stats().pending()).isEqualTo(1_000);
            prices.executor.runAll();
            assertThat(all.join()).hasSize(2_999); // 0 has no price
        }
    }

    @Test
    void aChannelIsAMultiWithoutAnAdapterAndCancellingItTakesItsJobsBack() throws Exception {
        try (Prices prices = new Prices();
                ResultChannel<Integer, Integer> channel = prices.batcher.openChannel()) {
            channel.submit(1);
            Cancellable subscription =
                    Multi.createFrom().publisher(channel).subscribe().with(result -> {});
            subscription.cancel();
            prices.assertTakenBack(1);
        }
    }
}
