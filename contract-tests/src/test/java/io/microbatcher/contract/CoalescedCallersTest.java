package io.microbatcher.contract;

import static io.microbatcher.contract.BatchesFixture.FOR_EVER;
import static io.microbatcher.contract.Caller.elsewhere;
import static io.microbatcher.contract.Caller.failureOf;
import static io.microbatcher.contract.Caller.resultOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.microbatcher.BatchProcessor;
import io.microbatcher.Coalescing;
import io.microbatcher.DispatchReason;
import io.microbatcher.JobOutcome;
import io.microbatcher.MicroBatcher;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** R8.2: each caller comes and goes alone. A job is its key's letter and a number. */
class CoalescedCallersTest {
    private final BatchesFixture fixture = new BatchesFixture();

    private static Object key(String job) {
        return job.charAt(0);
    }

    @Test
    void r8_2_theFirstCallerGoesAndTheOthersAreAskedForWithAJobOfTheirOwn() {
        var batcher = fixture.atOnce()
                .batchSize(9)
                .coalesceBy(CoalescedCallersTest::key)
                .build();
        var first = batcher.submit("a1");
        var second = batcher.submit("a2");
        var third = batcher.submit("a3");
        first.cancel(false);
        batcher.flush();
        assertThat(fixture.sent).containsExactly(List.of("a2")); // a1 was taken back while it waited: R1.6
        assertThat(first).isCancelled();
        assertThat(second).isCompletedWithValue("a2!");
        assertThat(third).isCompletedWithValue("a2!");
    }

    @Test
    void r8_2_aLaterCallerGoesAndNobodyNotices() {
        var batcher = fixture.atOnce()
                .batchSize(9)
                .coalesceBy(CoalescedCallersTest::key)
                .build();
        var jobs = List.of(batcher.submit("a1"), batcher.submit("a2"), batcher.submit("a3"), batcher.submit("a4"));
        jobs.get(1).complete("outside");
        jobs.get(3).cancel(false);
        batcher.flush();
        assertThat(jobs.get(0)).isCompletedWithValue("a1!");
        assertThat(jobs.get(1)).isCompletedWithValue("outside");
        assertThat(jobs.get(2)).isCompletedWithValue("a1!");
        assertThat(jobs.get(3)).isCancelled();
        assertThat(batcher.stats().jobs(JobOutcome.CANCELLED)).isEqualTo(2);
        assertThat(batcher.stats().jobs(JobOutcome.SUCCEEDED)).isEqualTo(2);
    }

    @Test
    void r8_2_theJobIsTakenBackWhenAllHaveGone() {
        var batcher = fixture.atOnce()
                .batchSize(2)
                .coalesceBy(CoalescedCallersTest::key)
                .build();
        var a1 = batcher.submit("a1");
        var a2 = batcher.submit("a2");
        a1.cancel(false);
        assertThat(batcher.stats().waiting()).isEqualTo(1);
        a2.cancel(false);
        assertThat(batcher.stats().pending()).isZero();
        batcher.submit("b1"); // does not fill a batch
        assertThat(fixture.sent).isEmpty();
        batcher.submit("c1");
        assertThat(fixture.sent).containsExactly(List.of("b1", "c1"));
        assertThat(batcher.submit("a3")).isNotDone(); // a new job, not the one that was taken back
        batcher.flush();
        assertThat(fixture.sent).hasSize(2).contains(List.of("a3"));
    }

    @Test
    void r8_2_inFlightTheOthersGetTheAnswerToo() {
        var batcher = fixture.held()
                .batchSize(2)
                .coalesceBy(CoalescedCallersTest::key)
                .build();
        var a1 = batcher.submit("a1");
        var a2 = batcher.submit("a2");
        var b1 = batcher.submit("b1");
        a1.cancel(false);
        fixture.finish(0);
        assertThat(a1).isCancelled();
        assertThat(a2).isCompletedWithValue("a1!"); // it was asked with a1 by then
        assertThat(b1).isCompletedWithValue("b1!");
        assertThat(batcher.stats().pending()).isZero();
        assertThat(batcher.stats().ended()).isEqualTo(3);
    }

    @Test
    void r8_2_aProcessorSeesThatAJobIsNotNeededWhenAllHaveGone() {
        List<Boolean> ended = new ArrayList<>();
        List<CompletableFuture<String>> jobs = new ArrayList<>();
        var batcher = MicroBatcher.builder(BatchProcessor.<String, String>streaming((asked, answers) -> {
                    ended.add(answers.isEnded(0));
                    jobs.get(0).cancel(false);
                    ended.add(answers.isEnded(0));
                    jobs.get(1).cancel(false);
                    ended.add(answers.isEnded(0));
                    answers.complete(0, "too late");
                    answers.complete(1, "fine");
                }))
                .batchSize(2)
                .batchCycle(FOR_EVER)
                .timer(fixture.time)
                .coalesceBy(CoalescedCallersTest::key)
                .executor(fixture.workers)
                .build();
        jobs.add(batcher.submit("a1"));
        jobs.add(batcher.submit("a2"));
        var neighbour = batcher.submit("b1");
        fixture.workers.runAll();
        assertThat(ended).containsExactly(false, false, true);
        assertThat(neighbour).isCompletedWithValue("fine");
        assertThat(batcher.stats().unmatched()).isZero();
        assertThat(batcher.stats().jobs(JobOutcome.CANCELLED)).isEqualTo(2);
    }

    @Test
    void r8_2_whenAllHaveGoneInFlightTheNextCallerIsAskedAnew() {
        var batcher = fixture.held()
                .batchSize(1)
                .maxConcurrentBatches(2)
                .coalesceBy(CoalescedCallersTest::key, Coalescing.JOIN_IN_FLIGHT)
                .build();
        var a1 = batcher.submit("a1");
        var a2 = batcher.submit("a2"); // in flight with a1
        a1.cancel(false);
        a2.cancel(false);
        var a3 = batcher.submit("a3");
        assertThat(fixture.sent).containsExactly(List.of("a1"), List.of("a3"));
        fixture.finish(0);
        assertThat(a3).isNotDone();
        fixture.finish(1);
        assertThat(a3).isCompletedWithValue("a3!");
    }

    @Test
    void r8_2_anInterruptedCallerLeavesTheOthersAlone() throws Exception {
        var batcher = fixture.held()
                .batchSize(9)
                .coalesceBy(CoalescedCallersTest::key)
                .build();
        AtomicReference<Thread> thread = new AtomicReference<>();
        CompletableFuture<Void> interrupted = elsewhere(() -> {
            thread.set(Thread.currentThread());
            batcher.run("a1");
        });
        await().atMost(Caller.PATIENCE).until(() -> batcher.stats().waiting() == 1);
        var other = batcher.submit("a2");
        thread.get().interrupt();
        assertThat(failureOf(interrupted)).isInstanceOf(InterruptedException.class);
        batcher.flush();
        fixture.finish(0);
        assertThat(fixture.sent).containsExactly(List.of("a2"));
        assertThat(resultOf(other)).isEqualTo("a2!");
    }

    @Test
    void r8_2_eachCallerHasItsOwnDeadlineFromItsOwnAcceptance() {
        var batcher = fixture.held()
                .batchSize(9)
                .batchCycle(FOR_EVER)
                .jobTimeout(Duration.ofMillis(20))
                .coalesceBy(CoalescedCallersTest::key)
                .build();
        var a1 = batcher.submit("a1");
        fixture.advanceMillis(5);
        var a2 = batcher.submit("a2");
        fixture.advanceMillis(5);
        batcher.flush();
        fixture.advanceMillis(10);
        assertThat(failureOf(a1)).hasCauseInstanceOf(TimeoutException.class);
        assertThat(a2).isNotDone();
        fixture.advanceMillis(4);
        assertThat(a2).isNotDone();
        fixture.finish(0);
        assertThat(a2).isCompletedWithValue("a1!");
    }

    @Test
    void r8_2_aWaitingGroupIsTakenBackByTheLastDeadline() {
        var batcher = fixture.atOnce()
                .batchSize(9)
                .batchCycle(FOR_EVER)
                .jobTimeout(Duration.ofMillis(20))
                .coalesceBy(CoalescedCallersTest::key)
                .build();
        var a1 = batcher.submit("a1");
        fixture.advanceMillis(5);
        var a2 = batcher.submit("a2");
        fixture.advanceMillis(20);
        assertThat(a1).isCompletedExceptionally();
        assertThat(a2).isCompletedExceptionally();
        batcher.flush();
        assertThat(fixture.sent).isEmpty();
        assertThat(batcher.stats().jobs(JobOutcome.TIMED_OUT)).isEqualTo(2);
    }

    @Test
    void r8_2_theAgeOfAGroupIsThatOfItsOldestCallerThatIsLeft() {
        var batcher = fixture.atOnce()
                .batchSize(9)
                .coalesceBy(CoalescedCallersTest::key)
                .build();
        var first = batcher.submit("a1"); // due at 10
        fixture.advanceMillis(4);
        batcher.submit("a2"); // due at 14
        fixture.advanceMillis(4);
        first.cancel(false);
        fixture.advanceMillis(2);
        assertThat(fixture.sent).isEmpty();
        fixture.advanceMillis(3);
        assertThat(fixture.sent).isEmpty();
        fixture.advanceMillis(1);
        assertThat(fixture.sent).containsExactly(List.of("a2"));
        assertThat(fixture.reasons()).containsExactly(DispatchReason.AGE);
        assertThat(fixture.infos.get(0).oldestWaitNanos())
                .isEqualTo(Duration.ofMillis(10).toNanos());
    }

    /** The group keeps the turn of the caller that has gone, but its neighbour is older now and due first. */
    @Test
    void r8_2_aNeighbourThatIsOlderThanWhoIsLeftIsNotHeldBack() {
        var batcher = fixture.atOnce()
                .batchSize(9)
                .coalesceBy(CoalescedCallersTest::key)
                .build();
        var first = batcher.submit("a1");
        fixture.advanceMillis(1);
        batcher.submit("b1"); // due at 11
        fixture.advanceMillis(4);
        batcher.submit("a2"); // due at 15
        first.cancel(false);
        fixture.advanceMillis(5);
        assertThat(fixture.sent).isEmpty();
        fixture.advanceMillis(1);
        assertThat(fixture.sent).containsExactly(List.of("a2", "b1"));
        assertThat(fixture.infos.get(0).oldestWaitNanos())
                .isEqualTo(Duration.ofMillis(10).toNanos());
    }

    @Test
    void r8_2_aGroupWhoseOldestCallerWentIsNoLongerDueBecauseOfIt() {
        var batcher = fixture.onDemand()
                .batchSize(9)
                .coalesceBy(CoalescedCallersTest::key)
                .build();
        var first = batcher.submit("a1");
        fixture.advanceMillis(5);
        batcher.submit("a2");
        fixture.advanceMillis(5); // due, and a worker is on its way
        first.cancel(false);
        fixture.workers.runAll();
        assertThat(fixture.sent).isEmpty();
        fixture.advanceMillis(5);
        fixture.workers.runAll();
        assertThat(fixture.sent).containsExactly(List.of("a2"));
    }
}
