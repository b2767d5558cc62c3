package io.microbatcher.contract;

import static io.microbatcher.contract.Caller.elsewhere;
import static io.microbatcher.contract.Caller.failureOf;
import static io.microbatcher.contract.Caller.resultOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.microbatcher.BatcherFullException;
import io.microbatcher.JobOutcome;
import io.microbatcher.MicroBatcher;
import io.microbatcher.test.ManualExecutor;
import io.microbatcher.test.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** R1.6: a caller takes its own job back, and no other. */
class TakenBackJobsTest {
    private final VirtualTime time = new VirtualTime();
    private final ManualExecutor executor = new ManualExecutor();
    private final List<List<String>> sent = Collections.synchronizedList(new ArrayList<>());

    private MicroBatcher.Builder<String, String> batcher(int batchSize) {
        return MicroBatcher.builder((List<String> jobs) -> {
                    sent.add(jobs);
                    return jobs;
                })
                .batchSize(batchSize)
                .batchCycle(Duration.ofMillis(10))
                .timer(time)
                .executor(executor);
    }

    static Stream<Arguments> waysToTakeBack() {
        return Stream.of(
                way("cancel", future -> future.cancel(true)),
                way("cancel without interrupt", future -> future.cancel(false)),
                way("complete", future -> future.complete("outside")),
                way("complete exceptionally", future -> future.completeExceptionally(new IllegalStateException())),
                way("complete by supplier", future -> future.completeAsync(() -> "outside", Runnable::run)),
                way("obtrude a value", future -> future.obtrudeValue("outside")),
                way("obtrude an exception", future -> future.obtrudeException(new IllegalStateException())));
    }

    private static Arguments way(String name, Consumer<CompletableFuture<String>> way) {
        return Arguments.of(org.junit.jupiter.api.Named.of(name, way));
    }

    @ParameterizedTest
    @MethodSource("waysToTakeBack")
    void r1_6_aWaitingJobThatIsTakenBackNeverReachesTheProcessor(Consumer<CompletableFuture<String>> takeBack) {
        var batcher = batcher(3).build();
        var a = batcher.submit("a");
        var b = batcher.submit("b");
        takeBack.accept(b);
        assertThat(b).isDone();
        assertThat(batcher.stats().pending()).isEqualTo(1);
        assertThat(batcher.stats().jobs(JobOutcome.CANCELLED)).isEqualTo(1);
        var c = batcher.submit("c");
        time.advance(Duration.ofMillis(9));
        assertThat(executor.runAll()).as("two of three do not fill the batch").isZero();
        time.advance(Duration.ofMillis(1));
        executor.runAll();
        assertThat(sent).containsExactly(List.of("a", "c"));
        assertThat(resultOf(a)).isEqualTo("a");
        assertThat(resultOf(c)).isEqualTo("c");
        assertThat(batcher.stats().ended()).isEqualTo(3);
    }

    @ParameterizedTest
    @MethodSource("waysToTakeBack")
    void r1_6_aJobInFlightThatIsTakenBackLeavesItsNeighboursAlone(Consumer<CompletableFuture<String>> takeBack) {
        AtomicReference<CompletableFuture<String>> middle = new AtomicReference<>();
        var batcher = MicroBatcher.builder((List<String> jobs) -> {
                    takeBack.accept(middle.get());
                    assertThat(middle.get()).isDone();
                    return jobs.stream().map(job -> job + "!").toList();
                })
                .batchSize(3)
                .executor(executor)
                .build();
        var a = batcher.submit("a");
        middle.set(batcher.submit("b"));
        var c = batcher.submit("c");
        executor.runAll();
        assertThat(resultOf(a)).isEqualTo("a!");
        assertThat(resultOf(c)).isEqualTo("c!");
        assertThat(batcher.stats().jobs(JobOutcome.CANCELLED)).isEqualTo(1);
        assertThat(batcher.stats().jobs(JobOutcome.SUCCEEDED)).isEqualTo(2);
        assertThat(batcher.stats().unmatched()).isZero();
        assertThat(batcher.stats().pending()).isZero();
    }

    @ParameterizedTest
    @MethodSource("waysToTakeBack")
    void r1_6_takingBackWhatHasEndedChangesNoCount(Consumer<CompletableFuture<String>> takeBack) {
        var batcher = batcher(1).build();
        var a = batcher.submit("a");
        executor.runAll();
        takeBack.accept(a);
        assertThat(batcher.stats().jobs(JobOutcome.SUCCEEDED)).isEqualTo(1);
        assertThat(batcher.stats().ended()).isEqualTo(1);
        assertThat(batcher.stats().pending()).isZero();
    }

    @Test
    void r1_6_whatDependsOnTheFutureIsNotTheJob() {
        var batcher = batcher(1).build();
        var a = batcher.submit("a");
        assertThat(a.thenApply(result -> result).cancel(true)).isTrue();
        assertThat(a.copy().complete("outside")).isTrue();
        assertThat(a.orTimeout(1, TimeUnit.DAYS)).isSameAs(a);
        executor.runAll();
        assertThat(resultOf(a)).isEqualTo("a");
    }

    @Test
    void r1_6_aCallersOwnTimeoutTakesTheJobBack() {
        var batcher = batcher(2).build();
        var a = batcher.submit("a").orTimeout(1, TimeUnit.MILLISECONDS);
        var b = batcher.submit("b").completeOnTimeout("instead", 1, TimeUnit.MILLISECONDS);
        assertThat(failureOf(a)).isInstanceOf(TimeoutException.class);
        assertThat(resultOf(b)).isEqualTo("instead");
        executor.runAll();
        assertThat(sent).isEmpty();
        assertThat(batcher.stats().jobs(JobOutcome.CANCELLED)).isEqualTo(2);
    }

    @Test
    void r1_6_whenAllJobsAreCancelledBeforeDispatchTheProcessorIsNotCalled() {
        var batcher = batcher(2).build();
        var a = batcher.submit("a");
        var b = batcher.submit("b"); // full: a worker is on its way
        assertThat(executor.size()).isEqualTo(1);
        a.cancel(true);
        b.cancel(true);
        executor.runAll();
        assertThat(sent).isEmpty();
        assertThat(batcher.stats().batches()).isZero();
        var c = batcher.submit("c");
        batcher.submit("d");
        executor.runAll();
        assertThat(resultOf(c)).as("the slot is free").isEqualTo("c");
    }

    @Test
    void r1_6_whenAllJobsAreCancelledBeforeTheyAreDueNothingIsSent() {
        var batcher = batcher(10).build();
        List<CompletableFuture<String>> futures =
                IntStream.range(0, 5).mapToObj(i -> batcher.submit("j" + i)).toList();
        futures.forEach(future -> future.cancel(false));
        batcher.flush();
        time.advance(Duration.ofSeconds(1));
        assertThat(executor.runAll()).isZero();
        assertThat(time.alarms()).isZero();
        assertThat(futures)
                .allSatisfy(future -> assertThat(failureOf(future)).isInstanceOf(CancellationException.class));
    }

    @Test
    void r1_6_cancellingTheOldestRestoresTheAgeOfTheNext() {
        var batcher = batcher(10).build();
        var oldest = batcher.submit("oldest");
        time.advance(Duration.ofMillis(6));
        batcher.submit("next");
        oldest.cancel(true);
        time.advance(Duration.ofMillis(9));
        executor.runAll();
        assertThat(sent).as("9 ms old").isEmpty();
        time.advance(Duration.ofMillis(1));
        executor.runAll();
        assertThat(sent).containsExactly(List.of("next"));
    }

    @Test
    void r1_6_everySecondOfTenThousandIsCancelledInPlace() {
        var batcher = batcher(Integer.MAX_VALUE).build();
        List<CompletableFuture<String>> futures =
                IntStream.range(0, 10_000).mapToObj(i -> batcher.submit("" + i)).toList();
        for (int i = 0; i < futures.size(); i += 2) {
            futures.get(i).cancel(true);
        }
        for (int i = 1; i < futures.size(); i += 4) { // more dead than alive
            futures.get(i).cancel(true);
        }
        batcher.flush();
        executor.runAll();
        assertThat(sent).hasSize(1);
        assertThat(sent.get(0))
                .isEqualTo(IntStream.range(0, 10_000)
                        .filter(i -> i % 4 == 3)
                        .mapToObj(Integer::toString)
                        .toList());
        assertThat(batcher.stats().pending()).isZero();
    }

    @Test
    void r1_6_cancellingMakesRoomForABlockedCaller() {
        var batcher = batcher(10).maxPending(1).executor(new ManualExecutor()).build();
        var first = batcher.submit("first");
        var blocked = elsewhere(() -> batcher.submit("second"));
        await().atMost(Caller.PATIENCE).until(() -> batcher.stats().blocked() == 1);
        first.cancel(true);
        Caller.awaitEnd(blocked);
        assertThat(batcher.stats().pending()).isEqualTo(1);
    }

    @Test
    void r1_6_interruptingABlockedRunEndsThatJobAlone() throws Exception {
        var batcher = batcher(10).build();
        var neighbour = batcher.submit("neighbour");
        AtomicReference<Thread> thread = new AtomicReference<>();
        var run = elsewhere(() -> {
            thread.set(Thread.currentThread());
            assertThatThrownBy(() -> batcher.run("interrupted")).isInstanceOf(InterruptedException.class);
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
        });
        await().atMost(Caller.PATIENCE).until(() -> batcher.stats().waiting() == 2);
        thread.get().interrupt();
        resultOf(run);
        assertThat(batcher.stats().jobs(JobOutcome.CANCELLED)).isEqualTo(1);
        time.advance(Duration.ofMillis(10));
        executor.runAll();
        assertThat(sent).containsExactly(List.of("neighbour"));
        assertThat(resultOf(neighbour)).isEqualTo("neighbour");
    }

    @Test
    void r1_6_interruptingABlockedRunInFlightLeavesTheBatchAlone() {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        AtomicReference<Thread> thread = new AtomicReference<>();
        MicroBatcher<String, String> batcher = MicroBatcher.builder((List<String> jobs) -> {
                    inside.countDown();
                    Caller.await(go);
                    return jobs;
                })
                .batchSize(2)
                .batchCycle(Duration.ofDays(1))
                .build();
        var run = elsewhere(() -> {
            thread.set(Thread.currentThread());
            assertThatThrownBy(() -> batcher.run("interrupted")).isInstanceOf(InterruptedException.class);
        });
        await().atMost(Caller.PATIENCE).until(() -> batcher.stats().waiting() == 1);
        var neighbour = batcher.submit("neighbour");
        Caller.await(inside);
        thread.get().interrupt();
        resultOf(run);
        go.countDown();
        assertThat(resultOf(neighbour)).isEqualTo("neighbour");
        assertThat(batcher.stats().jobs(JobOutcome.CANCELLED)).isEqualTo(1);
    }

    @Test
    void r1_6_anInterruptedCallerThatCallsRunIsToldSoBeforeItsJobIsAccepted() {
        var batcher = batcher(1).executor(Runnable::run).build();
        Caller.doElsewhere(() -> {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> batcher.run("a")).isInstanceOf(InterruptedException.class);
        });
        assertThat(sent).isEmpty();
        assertThat(batcher.stats().accepted()).isZero();
    }

    @Test
    void r1_6_interruptingASubmitThatWaitsForRoomRefusesThatJobAndKeepsTheFlag() {
        var batcher = batcher(10).maxPending(1).build();
        var first = batcher.submit("first");
        AtomicReference<Thread> thread = new AtomicReference<>();
        var blocked = elsewhere(() -> {
            thread.set(Thread.currentThread());
            var refused = batcher.submit("second");
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
            assertThat(Thread.interrupted()).isTrue();
            assertThat(failureOf(refused))
                    .isInstanceOf(BatcherFullException.class)
                    .hasCauseInstanceOf(InterruptedException.class);
        });
        await().atMost(Caller.PATIENCE).until(() -> batcher.stats().blocked() == 1);
        thread.get().interrupt();
        resultOf(blocked);
        batcher.flush();
        executor.runAll();
        assertThat(resultOf(first)).isEqualTo("first");
        assertThat(sent).containsExactly(List.of("first"));
    }

    @Test
    void r1_6_runWithATimeoutTakesTheJobBack() {
        var batcher = batcher(10).build();
        for (Duration timeout : List.of(Duration.ofMillis(1), Duration.ZERO, Duration.ofSeconds(-5))) {
            assertThatThrownBy(() -> batcher.run("late", timeout)).isInstanceOf(TimeoutException.class);
        }
        assertThat(batcher.stats().pending()).isZero();
        assertThat(batcher.stats().jobs(JobOutcome.CANCELLED)).isEqualTo(3);
        batcher.flush();
        executor.runAll();
        assertThat(sent).isEmpty();
    }

    @Test
    void r1_6_runWithTimeoutZeroGivesAResultThatIsThereAtOnce() throws Exception {
        var batcher = batcher(1).executor(Runnable::run).build();
        assertThat(batcher.run("now", Duration.ZERO)).isEqualTo("now");
        assertThat(batcher.run("now", Duration.ofSeconds(Long.MIN_VALUE))).isEqualTo("now");
        assertThat(batcher.run("now", Duration.ofSeconds(Long.MAX_VALUE))).isEqualTo("now");
    }

    @Test
    void r1_6_runWithATimeoutCoversTheWaitForRoom() {
        var batcher = batcher(10).maxPending(1).build();
        batcher.submit("first");
        for (Duration timeout : List.of(Duration.ofMillis(1), Duration.ZERO)) {
            assertThatThrownBy(() -> batcher.run("second", timeout)).isInstanceOf(TimeoutException.class);
        }
        assertThat(batcher.stats().blocked()).isZero();
        assertThat(batcher.stats().rejected()).isEqualTo(2);
        assertThat(batcher.stats().accepted()).isEqualTo(1);
    }
}
