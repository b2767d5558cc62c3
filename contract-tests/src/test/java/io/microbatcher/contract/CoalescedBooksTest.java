package io.microbatcher.contract;

import static io.microbatcher.contract.BatchesFixture.FOR_EVER;
import static io.microbatcher.contract.Caller.doElsewhere;
import static io.microbatcher.contract.Caller.failureOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.microbatcher.BatchListener;
import io.microbatcher.BatcherClosedException;
import io.microbatcher.BatcherFullException;
import io.microbatcher.BatcherStats;
import io.microbatcher.Coalescing;
import io.microbatcher.DispatchReason;
import io.microbatcher.JobFailedException;
import io.microbatcher.JobOutcome;
import io.microbatcher.MicroBatcher;
import io.microbatcher.OverflowPolicy;
import io.microbatcher.ResultChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** R8.4 to R8.7: what is counted, bounded, forgotten and closed where jobs are coalesced. */
class CoalescedBooksTest {
    private final BatchesFixture fixture = new BatchesFixture();

    private static Object key(String job) {
        return job.charAt(0);
    }

    @Test
    void r8_4_everyCallerIsPendingSoThatMemoryIsBounded() {
        var batcher = fixture.held()
                .batchSize(9)
                .maxPending(3)
                .overflow(OverflowPolicy.REJECT)
                .coalesceBy(CoalescedBooksTest::key)
                .build();
        batcher.submit("a1");
        batcher.submit("a2");
        batcher.submit("a3");
        assertThat(failureOf(batcher.submit("a4"))).isInstanceOf(BatcherFullException.class);
        batcher.flush();
        assertThat(failureOf(batcher.submit("a5"))).isInstanceOf(BatcherFullException.class);
        fixture.finish(0);
        assertThat(batcher.stats().pending()).isZero();
        assertThat(batcher.submit("a6")).isNotDone();
        assertThat(batcher.stats().rejected()).isEqualTo(2);
    }

    @Test
    void r8_4_theWeightOfEveryCallerIsPending() {
        var batcher = fixture.held()
                .batchSize(9)
                .maxBatchWeight(100, BatchesFixture::weightOf)
                .maxPendingWeight(10)
                .overflow(OverflowPolicy.REJECT)
                .coalesceBy(CoalescedBooksTest::key)
                .build();
        var gone = batcher.submit("a:4");
        batcher.submit("a:6");
        assertThat(failureOf(batcher.submit("a:1"))).isInstanceOf(BatcherFullException.class);
        gone.cancel(false);
        assertThat(batcher.submit("a:4")).isNotDone();
        batcher.flush();
        fixture.finish(0);
        assertThat(batcher.submit("b:10")).isNotDone();
    }

    @Test
    void r8_4_aBlockedCallerMakesTheGroupLeaveThatHoldsTheRoom() {
        var batcher = fixture.atOnce()
                .batchSize(9)
                .maxPending(2)
                .coalesceBy(CoalescedBooksTest::key)
                .build();
        batcher.submit("a1");
        batcher.submit("a2");
        assertThat(batcher.submit("a3")).isNotDone(); // blocks, and the group leaves for it
        assertThat(fixture.sent).containsExactly(List.of("a1"));
        assertThat(fixture.reasons()).containsExactly(DispatchReason.PRESSURE);
    }

    @Test
    void r8_5_everyCallersJobIsAcceptedAndEndsOnceAndTheCoalescedAreCounted() {
        List<String> events = new ArrayList<>();
        var batcher = fixture.held()
                .batchSize(2)
                .coalesceBy(CoalescedBooksTest::key)
                .listener(new BatchListener() {
                    @Override
                    public void accepted(Object job) {
                        events.add("accepted " + job);
                    }

                    @Override
                    public void dispatched(BatchInfo batch) {
                        events.add("dispatched " + batch.size());
                    }

                    @Override
                    public void completed(BatchInfo batch, long nanos, int failedJobs) {
                        events.add("completed " + failedJobs);
                    }

                    @Override
                    public void ended(Object job, JobOutcome outcome, long waitNanos, long totalNanos) {
                        long millis = Duration.ofNanos(totalNanos).toMillis();
                        events.add("ended " + job + " " + outcome + " after " + millis);
                    }
                })
                .build();
        batcher.submit("a1");
        fixture.advanceMillis(2);
        var gone = batcher.submit("a2");
        batcher.submit("a3");
        gone.cancel(false);
        batcher.submit("b1");
        fixture.advanceMillis(3);
        fixture.finish(0);
        assertThat(events)
                .containsExactly(
                        "accepted a1",
                        "accepted a2",
                        "accepted a3",
                        "ended a2 CANCELLED after 0",
                        "dispatched 2",
                        "accepted b1",
                        "completed 0",
                        "ended a1 SUCCEEDED after 5",
                        "ended a3 SUCCEEDED after 3",
                        "ended b1 SUCCEEDED after 3");
        BatcherStats stats = batcher.stats();
        assertThat(stats.accepted()).isEqualTo(4);
        assertThat(stats.jobs(JobOutcome.SUCCEEDED)).isEqualTo(3);
        assertThat(stats.coalesced()).isEqualTo(2);
        assertThat(stats.meanBatchSize()).isEqualTo(2);
        assertThat(stats.toString()).contains("coalesced=2");
    }

    @Test
    void r8_5_whoGoesInFlightHadWaitedUntilItsBatchLeft() {
        List<String> waits = new ArrayList<>();
        var batcher = fixture.held()
                .batchSize(9)
                .coalesceBy(CoalescedBooksTest::key)
                .listener(new BatchListener() {
                    @Override
                    public void ended(Object job, JobOutcome outcome, long waitNanos, long totalNanos) {
                        waits.add(job + " " + Duration.ofNanos(waitNanos).toMillis() + " of "
                                + Duration.ofNanos(totalNanos).toMillis());
                    }
                })
                .build();
        var a1 = batcher.submit("a1");
        fixture.advanceMillis(2);
        batcher.submit("a2");
        fixture.advanceMillis(1);
        batcher.flush();
        fixture.advanceMillis(4);
        a1.cancel(false);
        fixture.finish(0);
        assertThat(waits).containsExactly("a1 3 of 7", "a2 1 of 5");
    }

    @Test
    void r8_5_theBooksCountAllCallersBeforeTheFirstOneKnows() {
        var batcher =
                fixture.held().batchSize(1).coalesceBy(CoalescedBooksTest::key).build();
        batcher.submit("z1");
        List<Integer> pending = new ArrayList<>();
        batcher.submit("a1").thenAccept(answer -> pending.add(batcher.stats().pending()));
        batcher.submit("a2").thenAccept(answer -> pending.add(batcher.stats().pending()));
        fixture.finish(0);
        fixture.finish(1);
        assertThat(pending).containsExactly(0, 0);
    }

    @Test
    void r8_5_aGroupThatFailsIsOneFailedJobOfItsBatchAndFailsForEachCaller() {
        var batcher =
                fixture.held().batchSize(1).coalesceBy(CoalescedBooksTest::key).build();
        batcher.submit("z1");
        batcher.submit("a1");
        batcher.submit("a2");
        fixture.finish(0);
        fixture.fail(1, new IllegalStateException("down"));
        assertThat(batcher.stats().jobs(JobOutcome.FAILED)).isEqualTo(2);
        assertThat(batcher.stats().pending()).isZero();
    }

    @Test
    void r8_6_aKeyFunctionThatFailsFailsItsJobAlone() {
        var batcher = fixture.atOnce()
                .batchSize(1)
                .partitionBy(CoalescedBooksTest::key)
                .coalesceBy(job -> {
                    if (job.equals("throws")) {
                        throw new AssertionError("no key");
                    }
                    return job.equals("none") ? null : key(job);
                })
                .build();
        var thrown = batcher.submit("throws");
        var none = batcher.submit("none");
        assertThat(batcher.submit("good")).isCompletedWithValue("good!");
        assertThatThrownBy(thrown::join)
                .cause()
                .isInstanceOf(JobFailedException.class)
                .hasMessageContaining("key function of coalesceBy")
                .hasRootCauseMessage("no key");
        assertThatThrownBy(none::join).cause().hasMessageContaining("coalesceBy returned null for the job none");
        assertThat(batcher.stats().rejected()).isEqualTo(2);
        batcher.close(); // no claim is left
    }

    @Test
    void r8_6_aKeyWhoseOwnMethodsThrowFailsItsJobAlone() {
        class Prickly {
            @Override
            public int hashCode() {
                throw new StackOverflowError("hash");
            }
        }
        var batcher = fixture.atOnce()
                .batchSize(1)
                .coalesceBy(job -> job.equals("prickly") ? new Prickly() : job)
                .build();
        var prickly = batcher.submit("prickly");
        assertThatThrownBy(prickly::join).cause().isInstanceOf(JobFailedException.class);
        assertThat(batcher.submit("good")).isCompletedWithValue("good!");
        assertThat(batcher.stats().pending()).isZero();
    }

    @Test
    void r8_6_keysAreForgottenHoweverTheirJobsEnd() {
        AtomicInteger compared = new AtomicInteger();
        class Key {
            @Override
            public boolean equals(Object other) {
                compared.incrementAndGet();
                return this == other;
            }

            @Override
            public int hashCode() {
                return 1; // all in one bucket: whoever is kept is compared with
            }
        }
        var batcher = fixture.atOnce()
                .batchSize(100)
                .jobTimeout(Duration.ofMillis(5))
                .coalesceBy(job -> new Key())
                .build();
        batcher.submit("answered");
        batcher.flush();
        batcher.submit("cancelled").cancel(false);
        batcher.submit("timed out");
        fixture.advanceMillis(5);
        assertThat(batcher.stats().pending()).isZero();
        batcher.shutdown();
        batcher.submit("refused");
        batcher.submit("refused");
        assertThat(compared).hasValue(0);
    }

    @Test
    void r8_6_noMethodOfAKeyRunsUnderTheLock() {
        List<MicroBatcher<String, String>> self = new ArrayList<>();
        AtomicInteger looked = new AtomicInteger();
        class Curious {
            private void look() {
                looked.incrementAndGet();
                doElsewhere(() -> self.get(0).stats()); // needs the lock
            }

            @Override
            public boolean equals(Object other) {
                look();
                return other instanceof Curious;
            }

            @Override
            public int hashCode() {
                look();
                return 1;
            }
        }
        var batcher =
                fixture.atOnce().batchSize(9).coalesceBy(job -> new Curious()).build();
        self.add(batcher);
        var a1 = batcher.submit("a1");
        var a2 = batcher.submit("a2");
        batcher.flush();
        assertThat(a1).isCompletedWithValue("a1!");
        assertThat(a2).isCompletedWithValue("a1!");
        assertThat(looked).hasValueGreaterThan(2);
    }

    @Test
    void r8_7_aDrainWaitsForEveryCallerAndNothingElse() {
        var batcher =
                fixture.held().batchSize(1).coalesceBy(CoalescedBooksTest::key).build();
        var z1 = batcher.submit("z1");
        var a1 = batcher.submit("a1");
        var a2 = batcher.submit("a2");
        CompletableFuture<Void> drained = batcher.drain();
        fixture.finish(0);
        assertThat(z1).isDone();
        assertThat(drained).isNotDone();
        a1.cancel(false);
        assertThat(drained).isNotDone();
        fixture.finish(1);
        assertThat(a2).isDone();
        assertThat(drained).isCompleted();
    }

    @Test
    void r8_7_aDrainCompletesWhenAllHaveGone() {
        var batcher =
                fixture.held().batchSize(1).coalesceBy(CoalescedBooksTest::key).build();
        var a1 = batcher.submit("a1");
        var b1 = batcher.submit("b1");
        var b2 = batcher.submit("b2");
        CompletableFuture<Void> drained = batcher.drain();
        for (CompletableFuture<String> job : List.of(a1, b1, b2)) {
            assertThat(drained).isNotDone();
            job.cancel(false);
        }
        assertThat(drained).isCompleted();
    }

    @Test
    void r8_7_closeServesAllWhoWait() {
        var batcher = fixture.atOnce()
                .batchSize(9)
                .coalesceBy(CoalescedBooksTest::key)
                .build();
        var a1 = batcher.submit("a1");
        var a2 = batcher.submit("a2");
        batcher.close();
        assertThat(a1).isCompletedWithValue("a1!");
        assertThat(a2).isCompletedWithValue("a1!");
        assertThat(fixture.reasons()).containsExactly(DispatchReason.CLOSE);
    }

    @ParameterizedTest
    @EnumSource(Coalescing.class)
    void r8_7_shutdownNowReturnsEveryCallersWaitingJobInOrder(Coalescing coalescing) {
        var batcher = fixture.held()
                .batchSize(2)
                .batchCycle(FOR_EVER)
                .coalesceBy(CoalescedBooksTest::key, coalescing)
                .build();
        batcher.submit("y1");
        batcher.submit("z1"); // in flight
        var inFlightOrNot = batcher.submit("z2");
        var waiting = List.of(batcher.submit("a1"), batcher.submit("b1"), batcher.submit("a2"));
        List<String> notDone = batcher.shutdownNow();
        if (coalescing == Coalescing.JOIN_WAITING) {
            assertThat(notDone).containsExactly("z2", "a1", "b1", "a2");
        } else {
            assertThat(notDone).containsExactly("a1", "b1", "a2");
            assertThat(inFlightOrNot).isDone();
        }
        waiting.forEach(job -> assertThat(failureOf(job)).isInstanceOf(BatcherClosedException.class));
        assertThat(batcher.shutdown()).isCompleted();
    }

    @Test
    void r8_7_eachPlaceInAChannelGetsItsResult() throws Exception {
        var batcher = fixture.atOnce()
                .batchSize(9)
                .coalesceBy(CoalescedBooksTest::key)
                .build();
        ResultChannel<String, String> channel = batcher.openChannel(4);
        ResultChannel<String, String> closed = batcher.openChannel(4);
        closed.submit("a0");
        channel.submit("a1");
        channel.submit("b1");
        channel.submit("a2");
        channel.halfClose();
        closed.close();
        batcher.flush();
        List<String> results = new ArrayList<>();
        channel.forEach(result -> results.add(result.job() + "=" + result.value()));
        assertThat(results).containsExactly("a1=a1!", "a2=a1!", "b1=b1!");
        assertThat(fixture.sent).containsExactly(List.of("a1", "b1"));
        assertThat(batcher.stats().jobs(JobOutcome.CANCELLED)).isEqualTo(1);
    }
}
