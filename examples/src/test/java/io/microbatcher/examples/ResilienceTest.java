package io.microbatcher.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import io.github.resilience4j.bulkhead.BulkheadFullException;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.microbatcher.BatcherStats;
import io.microbatcher.JobFailedException;
import io.microbatcher.JobOutcome;
import io.microbatcher.MicroBatcher;
import io.microbatcher.test.ManualExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a breaker or a bulkhead refuses ends as a failed job: nothing hangs, nothing is counted twice. */
@Timeout(60)
class ResilienceTest {
    private final List<List<Integer>> asked = new ArrayList<>();

    private Map<Integer, Integer> prices(List<Integer> ids) {
        asked.add(ids);
        return ids.stream().collect(Collectors.toMap(id -> id, id -> id * 100));
    }

    private static CircuitBreaker breaker() {
        return CircuitBreaker.of(
                "database",
                CircuitBreakerConfig.custom()
                        .permittedNumberOfCallsInHalfOpenState(1)
                        .build());
    }

    private static Bulkhead bulkhead(int calls) {
        return Bulkhead.of(
                "bulkhead",
                BulkheadConfig.custom()
                        .maxConcurrentCalls(calls)
                        .maxWaitDuration(Duration.ZERO)
                        .build());
    }

    @Test
    void anOpenBreakerFailsEachJobOfTheBatchWithItsOwnExceptionAndLetsOneBatchTryWhenHalfOpen() {
        CircuitBreaker breaker = breaker();
        try (MicroBatcher<Integer, Integer> prices = CircuitBreakerExample.prices(breaker, this::prices)) {
            breaker.transitionToOpenState();
            List<CompletableFuture<Integer>> refused = List.of(prices.submit(1), prices.submit(2));
            refused.forEach(job -> assertThatThrownBy(job::join)
                    .cause()
                    .isInstanceOf(JobFailedException.class)
                    .hasCauseInstanceOf(CallNotPermittedException.class));
            assertThat(asked).isEmpty();

            breaker.transitionToHalfOpenState();
            assertThat(prices.submit(3).join()).isEqualTo(300);
            assertThat(breaker.getState()).isEqualTo(CircuitBreaker.State.CLOSED);
            assertThat(asked).containsExactly(List.of(3));
            assertBooks(prices.stats(), 1, 2);
        }
    }

    @Test
    void theBreakerCountsACallForEachBatchNotForEachJob() {
        CircuitBreaker breaker = breaker();
        try (MicroBatcher<Integer, Integer> prices = CircuitBreakerExample.prices(breaker, ids -> {
            throw new IllegalStateException("down");
        })) {
            List<CompletableFuture<Integer>> jobs = List.of(prices.submit(1), prices.submit(2));
            jobs.forEach(job -> assertThatThrownBy(job::join).rootCause().hasMessage("down"));
            assertThat((long) breaker.getMetrics().getNumberOfFailedCalls())
                    .isEqualTo(prices.stats().batches());
        }
    }

    @Test
    void aBreakerAroundTheCallersCountsJobsAndWhatItRefusesNeverReachesTheBatcher() {
        CircuitBreaker breaker = breaker();
        try (Prices prices = new Prices()) {
            CallersBreakerExample guarded = new CallersBreakerExample(breaker, prices.batcher);
            var failed = List.of(guarded.submit(-1), guarded.submit(-2));
            prices.executor.runAll();
            failed.forEach(job ->
                    assertThatThrownBy(job.toCompletableFuture()::join).hasCauseInstanceOf(JobFailedException.class));
            assertThat(breaker.getMetrics().getNumberOfFailedCalls()).isEqualTo(2);
            assertThat(prices.batcher.stats().batches()).isOne();

            breaker.transitionToOpenState();
            assertThatThrownBy(guarded.submit(1).toCompletableFuture()::join)
                    .hasCauseInstanceOf(CallNotPermittedException.class);
            assertThatThrownBy(() -> guarded.run(1)).isInstanceOf(CallNotPermittedException.class);
            assertThat(prices.batcher.stats().accepted()).isEqualTo(2);
        }
    }

    @Test
    void aBreakerAroundTheCallersTakesACancellationForAFailureUnlessItIsToldToIgnoreIt() {
        CircuitBreaker strict = breaker();
        CircuitBreaker told = CircuitBreaker.of(
                "told",
                CircuitBreakerConfig.custom()
                        .ignoreExceptions(CancellationException.class)
                        .build());
        try (Prices prices = new Prices()) {
            for (CircuitBreaker breaker : List.of(strict, told)) {
                CompletableFuture<Integer> job = prices.batcher.submit(1);
                var stage = breaker.executeCompletionStage(() -> job);
                job.cancel(false);
                assertThatThrownBy(stage.toCompletableFuture()::join).isInstanceOf(CancellationException.class);
            }
            assertThat(strict.getMetrics().getNumberOfFailedCalls()).isOne();
            assertThat(told.getMetrics().getNumberOfFailedCalls()).isZero();
        }
    }

    @Test
    void cancellingAStageOfABreakerOrABulkheadDoesNotTakeItsJobBack() {
        try (Prices prices = new Prices()) {
            var behindABreaker = new CallersBreakerExample(breaker(), prices.batcher).submit(1);
            var behindABulkhead = new BulkheadExample(bulkhead(1), prices.batcher).submit(-1);
            behindABreaker.toCompletableFuture().cancel(false);
            behindABulkhead.toCompletableFuture().cancel(false);
            assertThat(prices.batcher.stats().waiting()).isEqualTo(2);
        }
    }

    @Test
    void whatABulkheadAroundSubmitRefusesNeverReachesTheBatcher() {
        ManualExecutor executor = new ManualExecutor();
        Bulkhead bulkhead = bulkhead(2);
        MicroBatcher<Integer, Integer> squares = squares(executor);
        BulkheadExample tenant = new BulkheadExample(bulkhead, squares);
        CompletableFuture<Integer> first = tenant.submit(1).toCompletableFuture();
        CompletableFuture<Integer> second = tenant.submit(2).toCompletableFuture();

        assertThat(tenant.submit(3).toCompletableFuture())
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .withCauseInstanceOf(BulkheadFullException.class);
        assertThatThrownBy(() -> tenant.run(4)).isInstanceOf(BulkheadFullException.class);
        assertThat(squares.stats().accepted()).isEqualTo(2);

        executor.runAll();
        assertThat(List.of(first.join(), second.join())).containsExactly(1, 4);
        assertThat(bulkhead.getMetrics().getAvailableConcurrentCalls()).isEqualTo(2);
        squares.close();
        assertBooks(squares.stats(), 2, 0);
    }

    @Test
    void theBulkheadHasItsPlaceBackWhateverBecomesOfTheJob() {
        ManualExecutor executor = new ManualExecutor();
        Bulkhead bulkhead = bulkhead(1);
        MicroBatcher<Integer, Integer> squares = squares(executor);
        BulkheadExample tenant = new BulkheadExample(bulkhead, squares);
        AtomicReference<CompletableFuture<Integer>> job = new AtomicReference<>();
        var stage = bulkhead.executeCompletionStage(() -> {
                    job.set(squares.submit(1));
                    return job.get();
                })
                .toCompletableFuture();
        assertThat(bulkhead.tryAcquirePermission()).isFalse();
        job.get().cancel(false); // the batcher's own future: cancelling the stage would not take the job back
        assertThatThrownBy(stage::join).isInstanceOf(CancellationException.class);
        assertThat(bulkhead.getMetrics().getAvailableConcurrentCalls()).isOne();

        squares.close();
        assertThatThrownBy(() -> tenant.submit(2).toCompletableFuture().join()).isInstanceOf(CompletionException.class);
        assertThat(bulkhead.getMetrics().getAvailableConcurrentCalls()).isOne();
        assertThat(squares.stats().jobs(JobOutcome.CANCELLED)).isOne();
        assertThat(squares.stats().pending()).isZero();
    }

    @Test
    void aBatchThatABulkheadAroundTheProcessorRefusesFailsItsJobsAndNoOthers() {
        Bulkhead shared = bulkhead(1); // such as several batchers on one backend
        try (MicroBatcher<Integer, Integer> prices = MicroBatcher.builder(
                        (List<Integer> jobs) -> shared.executeCallable(
                                () -> jobs.stream().map(n -> n * 100).toList()))
                .batchSize(2)
                .build()) {
            assertThat(shared.tryAcquirePermission()).isTrue(); // another batcher's
            List<CompletableFuture<Integer>> refused = List.of(prices.submit(1), prices.submit(2));
            refused.forEach(job -> assertThatThrownBy(job::join)
                    .extracting(Throwable::getCause, InstanceOfAssertFactories.THROWABLE)
                    .isInstanceOf(JobFailedException.class)
                    .hasCauseInstanceOf(BulkheadFullException.class));
            shared.onComplete();
            assertThat(prices.submit(3).join()).isEqualTo(300);
            assertBooks(prices.stats(), 1, 2);
        }
    }

    private static MicroBatcher<Integer, Integer> squares(ManualExecutor executor) {
        return MicroBatcher.builder(
                        (List<Integer> jobs) -> jobs.stream().map(n -> n * n).toList())
                .batchSize(2)
                .executor(executor)
                .build();
    }

    private static void assertBooks(BatcherStats stats, long succeeded, long failed) {
        assertThat(stats.pending()).isZero();
        assertThat(stats.jobs(JobOutcome.SUCCEEDED)).isEqualTo(succeeded);
        assertThat(stats.jobs(JobOutcome.FAILED)).isEqualTo(failed);
        assertThat(stats.accepted()).isEqualTo(succeeded + failed);
    }
}
