package io.microbatcher.contract;

import static io.microbatcher.contract.Caller.failureOf;
import static io.microbatcher.contract.Caller.resultOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.microbatcher.BatchProcessor;
import io.microbatcher.BatcherFullException;
import io.microbatcher.JobFailedException;
import io.microbatcher.JobOutcome;
import io.microbatcher.MicroBatcher;
import io.microbatcher.RetryPolicy;
import io.microbatcher.Timer;
import io.microbatcher.test.ManualExecutor;
import io.microbatcher.test.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** R1.1: whatever the code around the batcher does, each accepted job ends, and ends once. */
class EveryJobEndsOnceTest {
    private final VirtualTime time = new VirtualTime();

    private MicroBatcher.Builder<String, String> echo(int batchSize) {
        return MicroBatcher.<String, String>builder(jobs -> jobs)
                .batchSize(batchSize)
                .batchCycle(Duration.ofMillis(10))
                .timer(time)
                .executor(Runnable::run);
    }

    static Stream<Arguments> everyEventAndThrowable() {
        return Stream.of(ThrowingListener.Event.values())
                .flatMap(event -> Stream.of(
                                new IllegalStateException("runtime"),
                                new StackOverflowError("stack"),
                                new OutOfMemoryError("memory"),
                                new Throwable("sneaky"))
                        .map(thrown -> Arguments.of(event, thrown)));
    }

    @ParameterizedTest
    @MethodSource("everyEventAndThrowable")
    void r1_1_aListenerThatThrowsCostsNobodyTheResult(ThrowingListener.Event event, Throwable thrown) {
        try (RecordedLog log = new RecordedLog()) {
            ThrowingListener listener = new ThrowingListener(event, thrown);
            MicroBatcher<String, String> batcher = MicroBatcher.builder((List<String> jobs) -> {
                        if (jobs.contains("bad")) {
                            throw new IllegalStateException("bad");
                        }
                        List<String> results = new ArrayList<>(jobs);
                        results.add("stray");
                        return results;
                    })
                    .batchSize(2)
                    .batchCycle(Duration.ofMillis(10))
                    .maxBatchWeight(100, EveryJobEndsOnceTest::weigh)
                    .retry(RetryPolicy.ofAttempts(2).backoff(Duration.ZERO, Duration.ZERO))
                    .jobTimeout(Duration.ofMillis(5))
                    .timer(time)
                    .executor(Runnable::run)
                    .listener(listener)
                    .build();
            var one = batcher.submit("one");
            var two = batcher.submit("two");
            var bad = batcher.submit("bad");
            var worse = batcher.submit("worse");
            var refused = batcher.submit("unweighable");
            var cancelled = batcher.submit("cancelled");
            assertThat(cancelled.cancel(false)).isTrue();
            var late = batcher.submit("late");
            time.advance(Duration.ofMillis(5));
            batcher.close();

            assertThat(resultOf(one)).isEqualTo("one");
            assertThat(resultOf(two)).isEqualTo("two");
            assertThat(failureOf(bad)).hasRootCauseMessage("bad");
            assertThat(failureOf(worse)).hasRootCauseMessage("bad");
            assertThat(failureOf(refused)).hasRootCauseMessage("unweighable");
            assertThat(cancelled).isCancelled();
            assertThat(failureOf(late)).hasCauseInstanceOf(java.util.concurrent.TimeoutException.class);
            assertThat(listener.thrown()).as("the test reaches the event").isPositive();
            assertThat(batcher.stats().pending()).isZero();
            assertThat(batcher.stats().accepted()).isEqualTo(6);
            assertThat(log.warnings())
                    .filteredOn(logged -> logged.getMessage().startsWith("a listener of "))
                    .hasSize(1);
        }
    }

    private static long weigh(String job) {
        if (job.equals("unweighable")) {
            throw new IllegalStateException("unweighable");
        }
        return 1;
    }

    @Test
    void r1_1_eachCallbackIsCalledOnceHoweverManyTryToEndTheJob() {
        ManualExecutor executor = new ManualExecutor();
        for (int round = 0; round < 2_000; round++) {
            var batcher = echo(1).executor(executor).build();
            AtomicInteger calls = new AtomicInteger();
            var future = batcher.submit("job");
            var seen = future.whenComplete((result, failure) -> calls.incrementAndGet());
            CyclicBarrier start = new CyclicBarrier(2);
            var ending = Caller.elsewhere(() -> {
                Caller.meet(start);
                executor.runAll();
            });
            Caller.meet(start);
            boolean cancelled = future.cancel(true);
            Caller.awaitEnd(ending);
            Caller.awaitEnd(seen);
            assertThat(calls).hasValue(1);
            assertThat(future.isCancelled()).isEqualTo(cancelled);
            var stats = batcher.stats();
            assertThat(stats.ended()).isEqualTo(1);
            assertThat(stats.jobs(cancelled ? JobOutcome.CANCELLED : JobOutcome.SUCCEEDED))
                    .isEqualTo(1);
            assertThat(stats.pending()).isZero();
        }
    }

    @Test
    void r1_1_aWeigherThatFailsRefusesThatJobAlone() {
        List<Throwable> thrown =
                List.of(new IllegalStateException("w"), new StackOverflowError("w"), new Throwable("w"));
        for (Throwable cause : thrown) {
            var batcher = echo(2).maxBatchWeight(
                            10, job -> job.equals("x") ? Caller.<RuntimeException, Long>sneak(cause) : 1L)
                    .build();
            var a = batcher.submit("a");
            var x = batcher.submit("x");
            var b = batcher.submit("b");
            assertThat(failureOf(x))
                    .isInstanceOf(JobFailedException.class)
                    .cause()
                    .isSameAs(cause);
            assertThat(resultOf(a)).isEqualTo("a");
            assertThat(resultOf(b)).isEqualTo("b");
            assertThat(batcher.stats().rejected()).isEqualTo(1);
            assertThat(batcher.stats().accepted()).isEqualTo(2);
        }
    }

    @Test
    void r1_1_aNegativeWeightRefusesThatJobAlone() {
        var batcher = echo(1).maxBatchWeight(10, job -> job.equals("x") ? Long.MIN_VALUE : 0)
                .build();
        assertThat(failureOf(batcher.submit("x"))).hasCauseInstanceOf(IllegalArgumentException.class);
        assertThat(resultOf(batcher.submit("a"))).isEqualTo("a");
    }

    @Test
    void r1_1_aTimerThatFailsToScheduleDelaysButLosesNoJob() {
        try (RecordedLog log = new RecordedLog()) {
            long origin = System.nanoTime();
            Timer broken = new Timer() {
                @Override
                public long nanos() {
                    return System.nanoTime() - origin;
                }

                @Override
                public void schedule(long atNanos, Runnable task) {
                    throw new RejectedExecutionException("the timer was shut down");
                }
            };
            var batcher = echo(100).timer(broken).build();
            assertThat(resultOf(batcher.submit("a"))).isEqualTo("a");
            assertThat(resultOf(batcher.submit("b"))).isEqualTo("b");
            assertThat(log.warnings()).isNotEmpty();
        }
    }

    @Test
    void r1_1_aTimerThatRingsTwiceAndOutOfTurnChangesNothing() {
        List<Runnable> alarms = new ArrayList<>();
        List<List<String>> sent = new ArrayList<>();
        Timer repeating = new Timer() {
            @Override
            public long nanos() {
                return time.nanos();
            }

            @Override
            public void schedule(long atNanos, Runnable task) {
                alarms.add(task);
                time.schedule(atNanos, task);
                time.schedule(atNanos, task);
            }
        };
        var batcher = MicroBatcher.builder((List<String> jobs) -> {
                    sent.add(jobs);
                    return jobs;
                })
                .batchCycle(Duration.ofMillis(10))
                .timer(repeating)
                .executor(Runnable::run)
                .build();
        var a = batcher.submit("a");
        List.copyOf(alarms).forEach(Runnable::run); // too early
        assertThat(a).isNotDone();
        time.advance(Duration.ofMillis(10));
        var b = batcher.submit("b");
        List.copyOf(alarms).forEach(Runnable::run);
        assertThat(b).isNotDone();
        time.advance(Duration.ofMillis(10));
        assertThat(sent).containsExactly(List.of("a"), List.of("b"));
    }

    @Test
    void r1_1_aLogThatThrowsCostsNobodyTheResult() {
        AtomicBoolean thrown = new AtomicBoolean();
        try (RecordedLog log = new RecordedLog(() -> {
            thrown.set(true);
            throw new IllegalStateException("disk full");
        })) {
            var batcher = echo(1).listener(
                            new ThrowingListener(ThrowingListener.Event.ENDED, new IllegalStateException("e")))
                    .build();
            assertThat(resultOf(batcher.submit("a"))).isEqualTo("a");
            assertThat(resultOf(batcher.submit("b"))).isEqualTo("b");
            assertThat(thrown).isTrue();
            assertThat(log.warnings()).hasSize(1);
        }
    }

    @Test
    void r1_1_callbacksThatThrowCostNobodyTheResult() {
        var batcher = echo(3).build();
        List<CompletableFuture<String>> futures = new ArrayList<>();
        for (String job : List.of("a", "b", "c")) {
            var future = batcher.submit(job);
            future.thenRun(() -> Caller.<RuntimeException, Void>sneak(new StackOverflowError("callback")));
            future.thenRun(() -> Caller.<RuntimeException, Void>sneak(new Throwable("callback")));
            futures.add(future);
            if (futures.size() == 2) {
                assertThat(futures).noneMatch(CompletableFuture::isDone);
            }
        }
        assertThat(futures).extracting(Caller::resultOf).containsExactly("a", "b", "c");
        assertThat(batcher.stats().inFlightBatches()).isZero();
    }

    @Test
    void r1_1_aStageThatNeverCompletesEndsWithItsJobsDeadline() {
        MicroBatcher<String, String> batcher = MicroBatcher.builder(
                        BatchProcessor.<String, String>async(jobs -> new CompletableFuture<>()))
                .batchSize(1)
                .jobTimeout(Duration.ofMillis(20))
                .timer(time)
                .executor(Runnable::run)
                .build();
        var future = batcher.submit("a");
        time.advance(Duration.ofMillis(20));
        assertThat(failureOf(future)).isInstanceOf(JobFailedException.class);
        batcher.close(); // every accepted job has ended, although the batch never does
        assertThat(batcher.stats().inFlightBatches()).isEqualTo(1);
    }

    @Test
    void r1_1_aStageThatCompletesTwiceEndsItsBatchOnce() {
        class Twice extends CompletableFuture<List<String>> {
            @Override
            public CompletableFuture<List<String>> whenComplete(
                    java.util.function.BiConsumer<? super List<String>, ? super Throwable> action) {
                action.accept(List.of("first"), null);
                action.accept(List.of("second"), null);
                throw new IllegalStateException("and throws");
            }
        }
        MicroBatcher<String, String> batcher = MicroBatcher.builder(
                        BatchProcessor.<String, String>async(jobs -> new Twice()))
                .batchSize(1)
                .executor(Runnable::run)
                .build();
        for (int i = 1; i <= 3; i++) {
            assertThat(resultOf(batcher.submit("a"))).isEqualTo("first");
            assertThat(batcher.stats().inFlightBatches()).isZero();
            assertThat(batcher.stats().jobs(JobOutcome.SUCCEEDED)).isEqualTo(i);
        }
    }

    @Test
    void r1_1_aChainOfCallbacksThatSubmitIsAsLongAsItLikes() {
        int links = 100_000;
        ManualExecutor executor = new ManualExecutor();
        var batcher = echo(1).executor(executor).build();
        AtomicInteger reached = new AtomicInteger();
        submitNext(batcher, reached, links);
        executor.runAll();
        assertThat(reached).hasValue(links);
        assertThat(batcher.stats().jobs(JobOutcome.SUCCEEDED)).isEqualTo(links);
    }

    private static void submitNext(MicroBatcher<String, String> batcher, AtomicInteger reached, int links) {
        batcher.submit("link").thenRun(() -> {
            if (reached.incrementAndGet() < links) {
                submitNext(batcher, reached, links);
            }
        });
    }

    @Test
    void r1_1_aRefusedJobHasFailedWhenSubmitReturns() {
        ManualExecutor executor = new ManualExecutor();
        var batcher = echo(1).maxPending(1)
                .overflow(io.microbatcher.OverflowPolicy.REJECT)
                .executor(executor)
                .build();
        var accepted = batcher.submit("a");
        var refused = batcher.submit("b");
        assertThat(refused).isCompletedExceptionally();
        assertThat(failureOf(refused)).isInstanceOf(BatcherFullException.class);
        assertThat(refused.cancel(true)).isFalse();
        executor.runAll();
        assertThat(resultOf(accepted)).isEqualTo("a");
        assertThat(batcher.stats().accepted()).isEqualTo(1);
    }

    @Test
    void r1_1_underLoadFromManyThreadsWithEverythingFailingNowAndThenNothingIsLost() {
        try (RecordedLog log = new RecordedLog()) {
            AtomicInteger turn = new AtomicInteger();
            Executor moody = task -> {
                if (turn.incrementAndGet() % 7 == 0) {
                    throw new RejectedExecutionException("moody");
                }
                new Thread(task).start();
            };
            var batcher = MicroBatcher.builder((List<Integer> jobs) -> {
                        if (jobs.get(0) % 5 == 0) {
                            throw new IllegalStateException("five");
                        }
                        return jobs.subList(0, jobs.size() - jobs.get(0) % 2);
                    })
                    .batchSize(4)
                    .batchCycle(Duration.ofNanos(50_000))
                    .maxConcurrentBatches(3)
                    .maxPending(50)
                    .jobTimeout(Duration.ofMillis(50))
                    .executor(moody)
                    .listener(new ThrowingListener(ThrowingListener.Event.ENDED, new AssertionError("listener")))
                    .build();
            AtomicInteger ends = new AtomicInteger();
            List<CompletableFuture<Void>> callers = IntStream.range(0, 4)
                    .mapToObj(caller -> Caller.elsewhere(() -> {
                        for (int i = 0; i < 2_000; i++) {
                            var future = batcher.submit(i);
                            future.whenComplete((result, failure) -> ends.incrementAndGet());
                            if (i % 11 == caller) {
                                future.cancel(false);
                            }
                        }
                    }))
                    .toList();
            callers.forEach(Caller::resultOf);
            Caller.doElsewhere(batcher::close);
            assertThat(ends).hasValue(8_000);
            assertThat(batcher.stats().accepted()).isEqualTo(8_000);
            assertThat(batcher.stats().pending()).isZero();
            assertThat(log.warnings()).isNotEmpty();
        }
    }
}
