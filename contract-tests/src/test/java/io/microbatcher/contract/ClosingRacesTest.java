package io.microbatcher.contract;

import static io.microbatcher.contract.Caller.elsewhere;
import static io.microbatcher.contract.Caller.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.microbatcher.BatcherClosedException;
import io.microbatcher.MicroBatcher;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** R4.2: a job is accepted, and then really processed, or refused; there is nothing in between. */
class ClosingRacesTest {

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "MANUAL")
    void r4_2_submittersThatRaceWithCloseAreProcessedOrRefused(Threading kind) {
        try (var running = kind.open()) {
            for (int round = 0; round < 1_500; round++) {
                Set<Integer> processed = ConcurrentHashMap.newKeySet();
                var batcher = running.applyTo(MicroBatcher.builder((List<Integer> jobs) -> {
                                    processed.addAll(jobs);
                                    return jobs;
                                })
                                .batchSize(3)
                                .batchCycle(Duration.ofDays(1)))
                        .build();
                CyclicBarrier start = new CyclicBarrier(3);
                List<List<CompletableFuture<Integer>>> futures = List.of(new ArrayList<>(), new ArrayList<>());
                var submitters = IntStream.range(0, 2)
                        .mapToObj(thread -> elsewhere(() -> {
                            Caller.meet(start);
                            for (int i = 0; i < 10; i++) {
                                futures.get(thread).add(batcher.submit(thread * 10 + i));
                            }
                        }))
                        .toList();
                Caller.meet(start);
                batcher.close();
                var stats = batcher.stats();
                submitters.forEach(Caller::resultOf);
                Set<Integer> accepted = new TreeSet<>();
                for (int thread = 0; thread < 2; thread++) {
                    boolean refused = false;
                    for (var future : futures.get(thread)) {
                        assertThat(future).isDone();
                        if (future.isCompletedExceptionally()) {
                            refused = true;
                            assertThat(failureOf(future)).isInstanceOf(BatcherClosedException.class);
                        } else {
                            assertThat(refused).as("accepted after a refusal").isFalse();
                            accepted.add(future.join());
                        }
                    }
                }
                assertThat(accepted).isEqualTo(new TreeSet<>(processed));
                assertThat(stats.accepted()).isEqualTo(accepted.size());
                assertThat(stats.pending()).isZero();
            }
        }
    }

    @Test
    void r4_2_whatWasAcceptedIsDoneWhenCloseReturns() {
        for (int round = 0; round < 3_000; round++) {
            var batcher = MicroBatcher.builder((List<Integer> jobs) -> jobs)
                    .batchSize(2)
                    .batchCycle(Duration.ofDays(1))
                    .maxConcurrentBatches(2)
                    .build();
            var accepted = IntStream.range(0, 7).mapToObj(batcher::submit).toList();
            batcher.close();
            assertThat(accepted).allMatch(future -> future.isDone() && !future.isCompletedExceptionally());
        }
    }

    @Test
    void r4_2_submittersThatRaceWithShutdownNowAreReturnedProcessedOrRefused() {
        for (int round = 0; round < 3_000; round++) {
            Set<Integer> processed = ConcurrentHashMap.newKeySet();
            var batcher = MicroBatcher.builder((List<Integer> jobs) -> {
                        processed.addAll(jobs);
                        return jobs;
                    })
                    .batchSize(3)
                    .batchCycle(Duration.ofDays(1))
                    .build();
            CyclicBarrier start = new CyclicBarrier(2);
            List<CompletableFuture<Integer>> futures = Collections.synchronizedList(new ArrayList<>());
            var submitter = elsewhere(() -> {
                Caller.meet(start);
                for (int i = 0; i < 20; i++) {
                    futures.add(batcher.submit(i));
                }
            });
            Caller.meet(start);
            List<Integer> returned = batcher.shutdownNow();
            batcher.close();
            Caller.resultOf(submitter);
            assertThat(returned).isSorted().doesNotHaveDuplicates();
            for (int job = 0; job < 20; job++) {
                var future = futures.get(job);
                assertThat(future).isDone();
                if (future.isCompletedExceptionally()) {
                    Throwable failure = failureOf(future);
                    boolean interrupted = processed.contains(job);
                    assertThat(interrupted || failure instanceof BatcherClosedException)
                            .isTrue();
                } else {
                    assertThat(processed).contains(job);
                    assertThat(returned).doesNotContain(job);
                }
            }
            var stats = batcher.stats();
            assertThat(returned).as("abandoned").hasSize((int) stats.jobs(io.microbatcher.JobOutcome.ABANDONED));
            assertThat(stats.accepted()).isEqualTo((long) returned.size() + processed.size());
            assertThat(returned).noneMatch(processed::contains);
        }
    }

    @Test
    void r4_2_blockedSubmittersThatRaceWithCloseAreProcessedOrRefused() {
        for (int round = 0; round < 500; round++) {
            var batcher = MicroBatcher.builder((List<Integer> jobs) -> jobs)
                    .batchSize(2)
                    .batchCycle(Duration.ofDays(1))
                    .maxPending(1)
                    .build();
            CyclicBarrier start = new CyclicBarrier(4);
            List<CompletableFuture<Integer>> futures = Collections.synchronizedList(new ArrayList<>());
            var submitters = IntStream.range(0, 3)
                    .mapToObj(thread -> elsewhere(() -> {
                        Caller.meet(start);
                        for (int i = 0; i < 5; i++) {
                            futures.add(batcher.submit(i));
                        }
                    }))
                    .toList();
            Caller.meet(start);
            batcher.close();
            submitters.forEach(Caller::resultOf);
            long refused = futures.stream()
                    .filter(CompletableFuture::isCompletedExceptionally)
                    .peek(future -> assertThat(failureOf(future)).isInstanceOf(BatcherClosedException.class))
                    .count();
            assertThat(futures).hasSize(15).allMatch(CompletableFuture::isDone);
            assertThat(batcher.stats().accepted()).isEqualTo(15 - refused);
            assertThat(batcher.stats().rejected()).isEqualTo(refused);
        }
    }

    @Test
    void r4_2_manyClosersAndSubmittersAllComeToTheSameEnd() {
        for (int round = 0; round < 500; round++) {
            var batcher = MicroBatcher.builder((List<Integer> jobs) -> jobs)
                    .batchSize(4)
                    .batchCycle(Duration.ofNanos(1))
                    .build();
            List<CompletableFuture<Integer>> before =
                    IntStream.range(0, 9).mapToObj(batcher::submit).toList();
            CyclicBarrier start = new CyclicBarrier(4);
            var closers = IntStream.range(0, 3)
                    .mapToObj(i -> elsewhere(() -> {
                        Caller.meet(start);
                        batcher.close();
                        assertThat(before).allMatch(CompletableFuture::isDone);
                        assertThat(batcher.stats().pending()).isZero();
                    }))
                    .toList();
            Caller.meet(start);
            var racing = batcher.submit(99);
            closers.forEach(Caller::resultOf);
            assertThat(racing).isDone();
        }
    }
}
