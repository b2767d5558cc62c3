package io.microbatcher.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.github.benmanes.caffeine.cache.AsyncLoadingCache;
import io.microbatcher.BatcherFullException;
import io.microbatcher.JobFailedException;
import io.microbatcher.JobOutcome;
import io.microbatcher.OverflowPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What docs/recipes.md says of Caffeine. */
@Timeout(60)
class CaffeineTest {
    /** In a map as small as these are, keys that share the place of key 1. */
    private static final int BESIDE_1 = 1_025;

    private static final int ALSO_BESIDE_1 = 2_049;

    @Test
    void whatIsMissedAtTheSameTimeSharesABatchAndAKeyIsAskedForOnce() {
        try (Prices prices = new Prices()) {
            AsyncLoadingCache<Integer, Integer> cache = CaffeineExample.cached(prices.batcher);
            List<CompletableFuture<Integer>> gets = List.of(cache.get(1), cache.get(1), cache.get(2));
            prices.executor.runAll();
            assertThat(gets).extracting(CompletableFuture::join).containsExactly(100, 100, 200);
            assertThat(cache.get(2).join()).isEqualTo(200);
            assertThat(prices.asked).containsExactly(List.of(1, 2));
        }
    }

    @Test
    void theKeysOfGetAllShareBatchesWithThoseOfOtherCallers() {
        try (Prices prices = new Prices()) {
            AsyncLoadingCache<Integer, Integer> cache = CaffeineExample.cached(prices.batcher);
            CompletableFuture<Map<Integer, Integer>> all = cache.getAll(List.of(1, 2, 3));
            CompletableFuture<Integer> other = cache.get(4);
            prices.executor.runAll();
            assertThat(all.join()).isEqualTo(Map.of(1, 100, 2, 200, 3, 300));
            assertThat(other.join()).isEqualTo(400);
            assertThat(prices.asked).containsExactly(List.of(1, 2), List.of(3, 4));
        }
    }

    @Test
    void aLoadThatFailedIsNotCachedAndTheNextCallerAsksAgain() {
        try (Prices prices = new Prices()) {
            AsyncLoadingCache<Integer, Integer> cache = CaffeineExample.cached(prices.batcher);
            List<CompletableFuture<Integer>> failed = List.of(cache.get(-1), cache.get(-2));
            prices.executor.runAll();
            failed.forEach(get -> assertThatThrownBy(get::join).hasCauseInstanceOf(JobFailedException.class));
            assertThat(cache.asMap()).isEmpty();
            assertThat(cache.get(-1)).isNotDone();
            prices.flush();
            assertThat(prices.asked).containsExactly(List.of(-1, -2), List.of(-1));
        }
    }

    @Test
    void noPriceIsNotCachedEither() {
        try (Prices prices = new Prices()) {
            AsyncLoadingCache<Integer, Integer> cache = CaffeineExample.cached(prices.batcher);
            CompletableFuture<Integer> unknown = cache.get(0);
            prices.flush();
            assertThat(unknown.join()).isNull();
            assertThat(cache.asMap()).isEmpty();
        }
    }

    @Test
    void aJobThatWasRefusedIsNotCached() {
        try (Prices prices = new Prices(builder -> builder.maxPending(1).overflow(OverflowPolicy.REJECT))) {
            AsyncLoadingCache<Integer, Integer> cache = CaffeineExample.cached(prices.batcher);
            assertThat(cache.get(1)).isNotDone();
            assertThatThrownBy(cache.get(2)::join).hasCauseInstanceOf(BatcherFullException.class);
            assertThat(cache.asMap()).containsOnlyKeys(1);
        }
    }

    @Test
    void cancellingTheFutureOfACacheTakesTheJobBackForAllWhoWaitForTheKey() {
        try (Prices prices = new Prices()) {
            AsyncLoadingCache<Integer, Integer> cache = CaffeineExample.cached(prices.batcher);
            CompletableFuture<Integer> other = cache.get(1);
            cache.get(1).cancel(false);
            assertThatThrownBy(other::join).isInstanceOf(CancellationException.class);
            assertThat(cache.asMap()).isEmpty();
            prices.assertTakenBack(1);
        }
    }

    @Test
    void cancellingACopyHarmsNobody() {
        try (Prices prices = new Prices()) {
            AsyncLoadingCache<Integer, Integer> cache = CaffeineExample.cached(prices.batcher);
            CompletableFuture<Integer> other = cache.get(1);
            cache.get(1).copy().cancel(false);
            prices.flush();
            assertThat(other.join()).isEqualTo(100);
        }
    }

    @Test
    void invalidatingAKeyThatIsBeingAskedForKeepsItsAnswerOutOfTheCacheButNotFromThoseWhoWait() {
        try (Prices prices = new Prices()) {
            AsyncLoadingCache<Integer, Integer> cache = CaffeineExample.cached(prices.batcher);
            CompletableFuture<Integer> price = cache.get(1);
            cache.synchronous().invalidate(1);
            prices.flush();
            assertThat(price.join()).isEqualTo(100);
            assertThat(cache.asMap()).isEmpty();
        }
    }

    @Test
    void aRefreshIsAJobLikeAnyOtherAndTheOldPriceIsServedMeanwhile() {
        try (Prices prices = new Prices()) {
            AsyncLoadingCache<Integer, Integer> cache = CaffeineExample.cached(prices.batcher);
            assertThat(cache.get(1)).isNotDone();
            prices.flush();
            CompletableFuture<Integer> refreshed = cache.synchronous().refresh(1);
            assertThat(cache.get(1).join()).isEqualTo(100);
            CompletableFuture<Integer> missed = cache.get(2);
            prices.executor.runAll();
            assertThat(List.of(refreshed.join(), missed.join())).containsExactly(100, 200);
            assertThat(prices.asked).containsExactly(List.of(1), List.of(1, 2));
        }
    }

    @Test
    void aRefreshThatFailsLeavesTheOldPrice() {
        try (Prices prices = new Prices()) {
            AsyncLoadingCache<Integer, Integer> cache = CaffeineExample.cached(prices.batcher);
            cache.put(-1, CompletableFuture.completedFuture(5));
            CompletableFuture<Integer> refreshed = cache.synchronous().refresh(-1);
            prices.flush();
            assertThat(refreshed).isCompletedExceptionally();
            assertThat(cache.get(-1).join()).isEqualTo(5);
            assertThat(prices.jobs(JobOutcome.FAILED)).isOne();
        }
    }

    @Test
    void whoWaitsForRoomWaitsInsideOfTheMapWithOthersButNobodyForEver() throws Exception {
        try (Prices prices = new Prices(builder -> builder.maxPending(2))) {
            AsyncLoadingCache<Integer, Integer> cache = CaffeineExample.cached(prices.batcher);
            List<CompletableFuture<Integer>> full = List.of(cache.get(1), cache.get(2));
            FutureTask<CompletableFuture<Integer>> waits = new FutureTask<>(() -> cache.get(BESIDE_1));
            new Thread(waits).start();
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> prices.batcher.stats().blocked() == 1);
            FutureTask<CompletableFuture<Integer>> neighbour = new FutureTask<>(() -> cache.get(ALSO_BESIDE_1));
            Thread held = new Thread(neighbour);
            held.start();
            await().atMost(Duration.ofSeconds(30))
                    .until(() ->
                            Set.of(Thread.State.BLOCKED, Thread.State.WAITING).contains(held.getState()));
            assertThat(prices.batcher.stats().blocked()).isOne(); // the neighbour has not come as far as that

            prices.executor.runAll(); // caches key 1, in the same place of the map
            assertThat(full).extracting(CompletableFuture::join).containsExactly(100, 200);
            List<CompletableFuture<Integer>> both = List.of(waits.get(), neighbour.get());
            prices.flush();
            assertThat(both).extracting(CompletableFuture::join).containsExactly(102_500, 204_900);
        }
    }
}
