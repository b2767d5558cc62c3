package io.microbatcher.contract;

import static io.microbatcher.contract.TroubledFixture.attempts;
import static org.assertj.core.api.Assertions.assertThat;

import io.microbatcher.BatcherFullException;
import io.microbatcher.DispatchPolicy;
import io.microbatcher.Job;
import io.microbatcher.MicroBatcher;
import io.microbatcher.OverflowPolicy;
import io.microbatcher.ResultChannel;
import io.microbatcher.RetryPolicy;
import io.microbatcher.test.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** R7 together with the rest: forms of processors, weights, limits, policies, channels, the listener. */
class RetryFormsTest {
    private final TroubledFixture troubled = new TroubledFixture();
    private final BatchesFixture fixture = new BatchesFixture();
    private final IllegalStateException down = new IllegalStateException("backend is down");

    @ParameterizedTest
    @EnumSource(ProcessorForm.class)
    void r7_5_everyFormOfProcessorIsSearched(ProcessorForm form) {
        VirtualTime time = new VirtualTime();
        List<Integer> calls = new CopyOnWriteArrayList<>();
        MicroBatcher<Job<String>, String> batcher = MicroBatcher.builder(form.of(jobs -> {
                    calls.add(jobs.size());
                    if (jobs.stream().anyMatch(job -> job.param().equals("p5"))) {
                        throw new IllegalStateException("spoilt");
                    }
                    return jobs.stream().map(job -> job.param() + "!").toList();
                }))
                .batchSize(8)
                .batchCycle(Duration.ofMillis(10))
                .timer(time)
                .executor(Runnable::run)
                .retry(attempts(2).bisect())
                .build();
        List<CompletableFuture<String>> jobs = IntStream.range(0, 8)
                .mapToObj(i -> batcher.submit(new Job<>("id" + i, "p" + i)))
                .toList();
        Awaitility.await()
                .atMost(Caller.PATIENCE)
                .until(() -> batcher.stats().toRetry() == 1 && batcher.stats().pending() == 1);
        time.advance(Duration.ofMillis(100));
        assertThat(Caller.failureOf(jobs.get(5)))
                .hasMessageEndingWith("it was tried 2 times")
                .hasCauseInstanceOf(IllegalStateException.class);
        for (int i = 0; i < 8; i++) {
            if (i != 5) {
                assertThat(Caller.resultOf(jobs.get(i))).isEqualTo(form == ProcessorForm.SINK ? null : "p" + i + "!");
            }
        }
        assertThat(calls).containsExactly(8, 4, 4, 2, 1, 1, 2, 1);
    }

    @ParameterizedTest
    @EnumSource(ProcessorForm.class)
    void r7_3_everyFormOfProcessorIsTriedAgain(ProcessorForm form) {
        VirtualTime time = new VirtualTime();
        List<Integer> calls = new CopyOnWriteArrayList<>();
        MicroBatcher<Job<String>, String> batcher = MicroBatcher.builder(form.of(jobs -> {
                    calls.add(jobs.size());
                    if (calls.size() == 1) {
                        throw new IllegalStateException("once");
                    }
                    return jobs.stream().map(job -> job.param() + "!").toList();
                }))
                .batchSize(2)
                .batchCycle(Duration.ofMillis(10))
                .timer(time)
                .executor(Runnable::run)
                .retry(attempts(2))
                .build();
        List<CompletableFuture<String>> jobs =
                List.of(batcher.submit(new Job<>("a", "a")), batcher.submit(new Job<>("b", "b")));
        Awaitility.await().atMost(Caller.PATIENCE).until(() -> batcher.stats().toRetry() == 2);
        time.advance(Duration.ofMillis(100));
        jobs.forEach(Caller::resultOf);
        assertThat(calls).containsExactly(2, 2);
    }

    @Test
    void r7_3_jobsThatAreTriedAgainKeepToTheLimitsOfABatch() {
        for (String job : List.of("a:3", "b:3", "c:3")) {
            troubled.failsAlone.put(job, 1);
        }
        MicroBatcher<String, String> batcher = troubled.with(attempts(2))
                .batchSize(10)
                .maxBatchWeight(6, BatchesFixture::weightOf)
                .build();
        List<CompletableFuture<String>> jobs = TroubledFixture.submit(batcher, List.of("a:3", "b:3", "c:3"));
        troubled.advanceMillis(10);
        assertThat(troubled.calls).containsExactly(List.of("a:3", "b:3"), List.of("c:3"));
        batcher.submit("n:2");
        troubled.advanceMillis(100);
        assertThat(troubled.calls.subList(2, 5)).containsExactly(List.of("n:2"), List.of("a:3", "b:3"), List.of("c:3"));
        assertThat(jobs).allMatch(CompletableFuture::isDone);
    }

    @Test
    void r3_2_jobsThatBackOffKeepTheirRoomAndGiveItBack() {
        troubled.failsAlone.put("a:3", 2);
        MicroBatcher<String, String> batcher = troubled.with(attempts(3))
                .batchSize(1)
                .maxBatchWeight(9, BatchesFixture::weightOf)
                .maxPending(2)
                .maxPendingWeight(5)
                .overflow(OverflowPolicy.REJECT)
                .build();
        batcher.submit("a:3");
        assertThat(Caller.failureOf(batcher.submit("b:3"))).isInstanceOf(BatcherFullException.class);
        assertThat(batcher.submit("c:2")).isCompletedWithValue("c:2!");
        troubled.advanceMillis(300);
        assertThat(batcher.stats().pending()).isZero();
        assertThat(batcher.submit("d:5")).isCompletedWithValue("d:5!");
    }

    static List<DispatchPolicy> policies() {
        return List.of(
                DispatchPolicy.sizeOrAge(),
                DispatchPolicy.natural(),
                DispatchPolicy.adaptive(),
                DispatchPolicy.latencyTarget(Duration.ofMillis(50)));
    }

    @ParameterizedTest
    @MethodSource("policies")
    void r7_1_everyPolicyAndALimitThatAdaptsLeaveRetriesInPeace(DispatchPolicy policy) {
        for (RetryPolicy retry :
                List.of(attempts(4), attempts(4).wholeBatch(), attempts(4).bisect())) {
            TroubledFixture mine = new TroubledFixture();
            IntStream.range(0, 60).filter(i -> i % 7 == 0).forEach(i -> mine.failsAlone.put("j" + i, 2));
            MicroBatcher<String, String> batcher = mine.with(retry)
                    .batchSize(5)
                    .dispatchPolicy(policy)
                    .adaptiveConcurrency(8)
                    .build();
            List<CompletableFuture<String>> jobs = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                jobs.add(batcher.submit("j" + i));
                mine.isDown = i % 20 == 3;
                mine.advanceMillis(3);
            }
            mine.isDown = false;
            mine.advanceMillis(10_000);
            assertThat(jobs).allMatch(job -> job.isDone() && !job.isCompletedExceptionally());
            assertThat(batcher.stats().pending()).isZero();
        }
    }

    @Test
    void r7_3_aChannelGetsTheResultOfTheLastAttempt() {
        troubled.failsAlone.put("a", 1);
        MicroBatcher<String, String> batcher =
                troubled.with(attempts(2)).batchSize(2).build();
        ResultChannel<String, String> channel = batcher.openChannel(2);
        Caller.doElsewhere(() -> {
            channel.submit("a");
            channel.submit("b");
        });
        ResultChannel.Result<String, String> first = channel.poll();
        assertThat(first).isNotNull();
        assertThat(first.job()).isEqualTo("b");
        assertThat(channel.poll()).isNull();
        troubled.advanceMillis(100);
        ResultChannel.Result<String, String> second = channel.poll();
        assertThat(second).isNotNull();
        assertThat(second.job()).isEqualTo("a");
    }

    @Test
    void r7_8_theListenerIsToldWhatIsTriedAgainAndWhy() {
        troubled.failsAlone.put("a", 1);
        troubled.failsAlone.put("b", 1);
        MicroBatcher<String, String> batcher =
                troubled.with(attempts(2)).batchSize(3).build();
        TroubledFixture.submit(batcher, List.of("a", "b", "c"));
        assertThat(troubled.retried).containsExactly("1: 2 not a");
        troubled.advanceMillis(100);
        assertThat(troubled.retried).hasSize(1);
        assertThat(batcher.stats().retries()).isEqualTo(2);
    }

    @Test
    void r7_8_aBatchThatFailedIsToldAsFailedAndThenAsTriedAgain() {
        MicroBatcher<String, String> batcher = fixture.held()
                .batchSize(1)
                .listener(troubled)
                .retry(attempts(2))
                .build();
        batcher.submit("a");
        fixture.fail(0, down);
        assertThat(troubled.retried).containsExactly("1: 1 backend is down");
        fixture.advanceMillis(100);
        fixture.fail(1, down);
        assertThat(troubled.retried).hasSize(1);
    }

    @Test
    void r4_4_aPredicateMayCallTheBatcher() {
        List<MicroBatcher<String, String>> self = new ArrayList<>();
        List<Throwable> refused = new ArrayList<>();
        self.add(fixture.held()
                .batchSize(1)
                .maxPending(1)
                .retry(attempts(2).when(failure -> {
                    try {
                        self.get(0).run("inner");
                    } catch (IllegalStateException wouldWaitForItself) {
                        refused.add(wouldWaitForItself);
                    } catch (InterruptedException interrupted) {
                        throw new AssertionError(interrupted);
                    }
                    self.get(0).flush();
                    return true;
                }))
                .build());
        self.get(0).submit("a");
        fixture.fail(0, down);
        assertThat(refused).hasSize(1);
        assertThat(self.get(0).stats().toRetry()).isEqualTo(1);
    }
}
