package io.microbatcher.contract;

import static io.microbatcher.contract.Caller.failureOf;
import static io.microbatcher.contract.Caller.resultOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.microbatcher.BatcherFullException;
import io.microbatcher.MicroBatcher;
import io.microbatcher.test.ManualExecutor;
import io.microbatcher.test.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** R4.4 where it is tightest: a thread that would wait for what only it can do. */
class WaitingForOneselfTest {

    private static <R> AtomicReference<R> reference() {
        return new AtomicReference<>();
    }

    @ParameterizedTest
    @EnumSource
    void r4_4_runInsideTheProcessorIsRefused(Threading threading) throws Exception {
        try (var running = threading.open()) {
            AtomicReference<MicroBatcher<String, String>> it = reference();
            List<Throwable> thrown = new ArrayList<>();
            it.set(running.applyTo(MicroBatcher.builder((List<String> jobs) -> {
                                try {
                                    it.get().run("inner");
                                } catch (IllegalStateException refused) {
                                    thrown.add(refused);
                                }
                                return jobs;
                            })
                            .batchSize(1))
                    .build());
            var outer = Caller.elsewhere(() -> it.get().run("outer"));
            running.awaitEnd(outer);
            assertThat(thrown)
                    .singleElement()
                    .isInstanceOf(IllegalStateException.class)
                    .asString()
                    .contains("run()")
                    .contains(it.get().name());
            assertThat(it.get().stats().accepted()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void r4_4_aSubmitAtTheFullLimitFromTheProcessorIsRefused(Threading threading) throws Exception {
        try (var running = threading.open()) {
            AtomicReference<MicroBatcher<String, String>> it = reference();
            List<CompletableFuture<String>> inner = new ArrayList<>();
            it.set(running.applyTo(MicroBatcher.builder((List<String> jobs) -> {
                                inner.add(it.get().submit("inner"));
                                return jobs;
                            })
                            .batchSize(1)
                            .maxPending(1))
                    .build());
            running.awaitEnd(it.get().submit("outer"));
            assertThat(failureOf(inner.get(0)))
                    .isInstanceOf(BatcherFullException.class)
                    .hasMessageContaining("do not wait for room");
        }
    }

    @ParameterizedTest
    @EnumSource
    void r4_4_aSubmitAtTheFullLimitFromACallbackIsRefused(Threading threading) throws Exception {
        try (var running = threading.open()) {
            // time stands still, so that no other worker comes to make room
            var batcher = running.applyTo(MicroBatcher.<String, String>builder(jobs -> jobs)
                            .batchSize(2)
                            .batchCycle(Duration.ofDays(1))
                            .maxPending(2)
                            .timer(new VirtualTime()))
                    .build();
            List<CompletableFuture<String>> inner = new ArrayList<>();
            var told = batcher.submit("a").thenRun(() -> {
                for (int i = 0; i < 3; i++) {
                    inner.add(batcher.submit("inner-" + i));
                }
            });
            batcher.submit("b"); // full: the callback runs on the worker's thread
            running.awaitEnd(told);
            running.awaitEnd(Caller.elsewhere(batcher::close));
            assertThat(inner.subList(0, 2)).extracting(Caller::resultOf).containsExactly("inner-0", "inner-1");
            assertThat(failureOf(inner.get(2))).isInstanceOf(BatcherFullException.class);
        }
    }

    @Test
    void r4_4_callersOnTheOnlyThreadOfTheExecutorAreServedByThatThread() throws Exception {
        ExecutorService only = Executors.newSingleThreadExecutor();
        try {
            MicroBatcher<Integer, Integer> batcher = MicroBatcher.builder((List<Integer> jobs) -> jobs)
                    .batchSize(2)
                    .batchCycle(Duration.ofMillis(1))
                    .maxPending(3)
                    .executor(only)
                    .build();
            assertThat(resultOf(batcher.submit(0))).isZero(); // the batcher knows the thread now
            assertThat(resultOf(only.submit(() -> batcher.run(1)))).isEqualTo(1);
            var beyondTheLimit = only.submit(
                    () -> IntStream.range(0, 20).mapToObj(batcher::submit).toList());
            assertThat(resultOf(beyondTheLimit)).hasSize(20);
            resultOf(only.submit(batcher::close));
            assertThat(resultOf(beyondTheLimit)).allMatch(CompletableFuture::isDone);
        } finally {
            only.shutdownNow();
        }
    }

    @Test
    void r4_4_aCallbackMayRunJobsOnTheThreadThatServesThem() {
        ManualExecutor executor = new ManualExecutor();
        MicroBatcher<Integer, Integer> batcher = MicroBatcher.builder((List<Integer> jobs) -> jobs)
                .batchSize(1)
                .executor(executor)
                .build();
        List<Integer> results = new ArrayList<>();
        batcher.submit(1).thenAccept(first -> {
            try {
                results.add(first);
                results.add(batcher.run(2));
                results.add(batcher.run(3));
            } catch (InterruptedException interrupted) {
                throw new AssertionError(interrupted);
            }
        });
        executor.runAll();
        assertThat(results).containsExactly(1, 2, 3);
    }

    @ParameterizedTest
    @EnumSource
    void r4_4_aProcessorMayUseAnotherBatcherAndCloseIt(Threading threading) throws Exception {
        try (var outerRunning = threading.open();
                var innerRunning = threading == Threading.MANUAL ? Threading.SINGLE_THREAD.open() : threading.open()) {
            MicroBatcher<String, String> inner = innerRunning
                    .applyTo(MicroBatcher.<String, String>builder(
                                    jobs -> jobs.stream().map(job -> job + "!").toList())
                            .batchSize(2)
                            .batchCycle(Duration.ofMillis(1)))
                    .build();
            MicroBatcher<String, String> outer = outerRunning
                    .applyTo(MicroBatcher.builder((List<String> jobs) -> {
                                List<String> results = new ArrayList<>();
                                for (String job : jobs) {
                                    results.add(inner.run(job));
                                }
                                inner.close();
                                return results;
                            })
                            .batchSize(2)
                            .batchCycle(Duration.ofMinutes(1)))
                    .build();
            var a = outer.submit("a");
            var b = outer.submit("b");
            outerRunning.awaitEnd(b);
            assertThat(List.of(a.join(), b.join())).containsExactly("a!", "b!");
            outerRunning.awaitEnd(Caller.elsewhere(outer::close));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"LIBRARY", "TWO_THREADS", "CALLER"})
    void r4_4_aProcessorMayCloseTheBatcherInWhoseCallbackItRuns(Threading threading) throws Exception {
        try (var running = threading.open()) {
            AtomicReference<MicroBatcher<String, String>> outer = reference();
            MicroBatcher<String, String> inner = running.applyTo(MicroBatcher.builder((List<String> jobs) -> {
                                outer.get().close();
                                return jobs;
                            })
                            .batchSize(1))
                    .build();
            outer.set(running.applyTo(
                            MicroBatcher.<String, String>builder(jobs -> jobs).batchSize(1))
                    .build());
            var chained = outer.get().submit("a").thenCompose(inner::submit);
            running.awaitEnd(chained);
            running.awaitEnd(outer.get().shutdown());
        }
    }

    @Test
    void r4_4_twoBatchersMayFeedEachOther() {
        AtomicReference<MicroBatcher<Integer, Integer>> ping = reference();
        AtomicReference<MicroBatcher<Integer, Integer>> pong = reference();
        CompletableFuture<Integer> done = new CompletableFuture<>();
        ManualExecutor executor = new ManualExecutor();
        ping.set(MicroBatcher.builder((List<Integer> jobs) -> {
                    jobs.forEach(n -> pong.get().submit(n + 1));
                    return jobs;
                })
                .batchSize(1)
                .executor(executor)
                .build());
        pong.set(MicroBatcher.builder((List<Integer> jobs) -> {
                    jobs.forEach(n -> {
                        if (n > 1_000) {
                            done.complete(n);
                        } else {
                            ping.get().submit(n + 1);
                        }
                    });
                    return jobs;
                })
                .batchSize(1)
                .executor(executor)
                .build());
        ping.get().submit(0);
        executor.runAll();
        assertThat(done).isCompletedWithValue(1_001);
    }

    @Test
    void r4_4_takingFromAChannelInsideTheProcessorIsRefusedWhenNothingHasArrived() {
        AtomicReference<MicroBatcher<String, String>> it = reference();
        it.set(MicroBatcher.builder((List<String> jobs) -> {
                    try (var channel = it.get().openChannel()) {
                        assertThatThrownBy(channel::take).isInstanceOf(IllegalStateException.class);
                        assertThat(channel.poll()).isNull();
                    }
                    return jobs;
                })
                .batchSize(1)
                .executor(Runnable::run)
                .build());
        assertThat(resultOf(it.get().submit("a"))).isEqualTo("a");
    }

    @Test
    void r4_4_aCallbackMayWaitForABatchThatWasToFollowItsOwnOnTheSameThread() {
        MicroBatcher<String, String> batcher = MicroBatcher.builder((List<String> jobs) -> jobs)
                .partitionBy(job -> job.charAt(0))
                .batchCycle(Duration.ofDays(1))
                .maxConcurrentBatches(2)
                .executor(Runnable::run)
                .build();
        CompletableFuture<String> inCallback = new CompletableFuture<>();
        batcher.submit("a1").thenAccept(first -> {
            try {
                inCallback.complete(batcher.run("b2"));
            } catch (InterruptedException interrupted) {
                inCallback.completeExceptionally(interrupted);
            }
        });
        CompletableFuture<String> other = batcher.submit("b1");
        var flush = Caller.elsewhere(batcher::flush); // two workers, and one thread for both
        assertThat(resultOf(inCallback)).isEqualTo("b2");
        assertThat(resultOf(other)).isEqualTo("b1");
        Caller.awaitEnd(flush);
        batcher.close();
    }
}
