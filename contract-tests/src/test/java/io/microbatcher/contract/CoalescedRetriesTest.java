package io.microbatcher.contract;

import static io.microbatcher.contract.BatchesFixture.FOR_EVER;
import static io.microbatcher.contract.Caller.failureOf;
import static io.microbatcher.contract.TroubledFixture.attempts;
import static org.assertj.core.api.Assertions.assertThat;

import io.microbatcher.BatcherClosedException;
import io.microbatcher.Coalescing;
import io.microbatcher.JobFailedException;
import io.microbatcher.JobOutcome;
import io.microbatcher.MicroBatcher;
import io.microbatcher.RetryPolicy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** R8.1 to R8.7 where what is coalesced is tried again. A job is its key's letter and a number. */
class CoalescedRetriesTest {
    private final BatchesFixture fixture = new BatchesFixture();
    private final IllegalStateException down = new IllegalStateException("backend is down");

    private static Object key(String job) {
        return job.charAt(0);
    }

    private MicroBatcher.Builder<String, String> held(RetryPolicy policy) {
        return fixture.held()
                .batchSize(9)
                .batchCycle(FOR_EVER)
                .coalesceBy(CoalescedRetriesTest::key)
                .retry(policy);
    }

    /** Submits jobs, whose batch leaves and fails. */
    private List<CompletableFuture<String>> failed(MicroBatcher<String, String> batcher, String... jobs) {
        List<CompletableFuture<String>> futures = TroubledFixture.submit(batcher, List.of(jobs));
        batcher.flush();
        fixture.fail(fixture.sent.size() - 1, down);
        return futures;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void r8_1_eachCallerGetsTheResultOfTheRetry(boolean together) {
        var batcher = held(together ? attempts(2).wholeBatch() : attempts(2)).build();
        var jobs = failed(batcher, "a1", "a2", "b1");
        assertThat(batcher.stats().toRetry()).isEqualTo(3);
        assertThat(batcher.stats().waiting()).isEqualTo(3);
        assertThat(batcher.stats().inFlight()).isZero();
        fixture.advanceMillis(100);
        assertThat(batcher.stats().toRetry()).isZero();
        assertThat(batcher.stats().inFlight()).isEqualTo(3);
        fixture.finish(1);
        assertThat(fixture.sent).containsExactly(List.of("a1", "b1"), List.of("a1", "b1"));
        assertThat(jobs.get(0)).isCompletedWithValue("a1!");
        assertThat(jobs.get(1)).isCompletedWithValue("a1!");
        assertThat(jobs.get(2)).isCompletedWithValue("b1!");
        assertThat(batcher.stats().jobs(JobOutcome.SUCCEEDED)).isEqualTo(3);
        assertThat(batcher.stats().retries())
                .as("what the processor was asked again")
                .isEqualTo(2);
        assertThat(batcher.stats().pending()).isZero();
    }

    @Test
    void r8_1_whenTheLastAttemptFailsEachCallerGetsAnExceptionOfItsOwn() {
        var batcher = held(attempts(2)).build();
        var jobs = failed(batcher, "a1", "a2");
        fixture.advanceMillis(100);
        fixture.fail(1, new IllegalArgumentException("still down"));
        Throwable first = failureOf(jobs.get(0));
        Throwable second = failureOf(jobs.get(1));
        assertThat(first).isNotSameAs(second);
        for (Throwable failure : List.of(first, second)) {
            assertThat(failure)
                    .isInstanceOf(JobFailedException.class)
                    .hasMessageEndingWith("it was tried 2 times")
                    .hasCauseInstanceOf(IllegalArgumentException.class)
                    .hasSuppressedException(down);
        }
        assertThat(batcher.stats().jobs(JobOutcome.FAILED)).isEqualTo(2);
        assertThat(batcher.stats().pending()).isZero();
    }

    @Test
    void r8_1_jobsThatFailAloneAreTriedAgainForAllTheirCallers() {
        var troubled = new TroubledFixture();
        troubled.failsAlone.put("a1", 1);
        troubled.failsAlone.put("b1", 2);
        var batcher = troubled.with(attempts(2))
                .batchSize(3)
                .coalesceBy(CoalescedRetriesTest::key)
                .build();
        var jobs = TroubledFixture.submit(batcher, List.of("a1", "a2", "b1", "b2", "c1"));
        assertThat(jobs.get(4)).isCompletedWithValue("c1!");
        assertThat(troubled.retried).containsExactly("1: 2 not a1");
        troubled.advanceMillis(100);
        assertThat(troubled.calls).containsExactly(List.of("a1", "b1", "c1"), List.of("a1", "b1"));
        assertThat(jobs.get(0)).isCompletedWithValue("a1!");
        assertThat(jobs.get(1)).isCompletedWithValue("a1!");
        Throwable first = failureOf(jobs.get(2));
        Throwable second = failureOf(jobs.get(3));
        assertThat(first).isNotSameAs(second).hasMessageEndingWith("it was tried 2 times");
        assertThat(second).hasMessageEndingWith("it was tried 2 times");
    }

    @Test
    void r8_2_theFirstCallerGoesDuringTheBackoffAndTheProcessorIsAskedWithTheJobOfTheNext() {
        var batcher = held(attempts(2)).build();
        var jobs = failed(batcher, "a1", "a2", "a3");
        assertThat(jobs.get(0).cancel(false)).isTrue();
        assertThat(batcher.stats().toRetry()).isEqualTo(2);
        assertThat(batcher.stats().pending()).isEqualTo(2);
        fixture.advanceMillis(100);
        assertThat(fixture.sent)
                .containsExactly(List.of("a1"), List.of("a2")); // a1 was taken back while it waited: R1.6
        fixture.finish(1);
        assertThat(jobs.get(1)).isCompletedWithValue("a2!");
        assertThat(jobs.get(2)).isCompletedWithValue("a2!");
    }

    @ParameterizedTest
    @ValueSource(strings = {"alone", "wholeBatch", "bisect"})
    void r8_2_whenAllHaveGoneDuringTheBackoffNothingIsTriedAgain(String company) {
        RetryPolicy policy = switch (company) {
            case "wholeBatch" -> attempts(3).wholeBatch();
            case "bisect" -> attempts(3).bisect();
            default -> attempts(3);
        };
        var batcher = held(policy).maxConcurrentBatches(1).build();
        var jobs = failed(batcher, "a1", "a2", "b1", "b2");
        if (company.equals("bisect")) {
            assertThat(fixture.sent).endsWith(List.of("a1")); // and b is parked
            jobs.subList(2, 4).forEach(job -> job.cancel(false));
            jobs.subList(0, 2).forEach(job -> job.cancel(false));
            fixture.finish(1);
        } else {
            jobs.forEach(job -> job.cancel(false));
        }
        int calls = fixture.sent.size();
        assertThat(batcher.stats().pending()).isZero();
        assertThat(batcher.stats().toRetry()).isZero();
        assertThat(batcher.stats().jobs(JobOutcome.CANCELLED)).isEqualTo(4);
        assertThat(batcher.drain()).isCompleted();
        fixture.advanceMillis(1_000);
        assertThat(fixture.time.alarms()).isZero();
        assertThat(fixture.sent).hasSize(calls);
        batcher.submit("c1");
        batcher.flush();
        assertThat(fixture.sent).hasSize(calls + 1).endsWith(List.of("c1")); // the slot is free
    }

    @Test
    void r8_2_aCallerThatTimesOutDuringTheBackoffGoesAloneAndItsExceptionTellsOfTheFailure() {
        var batcher = held(attempts(2)).jobTimeout(Duration.ofMillis(150)).build();
        var early = batcher.submit("a1");
        fixture.advanceMillis(60);
        var late = failed(batcher, "a2").get(0); // due at 160, when only a2 has time left
        fixture.advanceMillis(90);
        assertThat(failureOf(early)).hasCauseInstanceOf(TimeoutException.class).hasSuppressedException(down);
        assertThat(late).isNotDone();
        assertThat(batcher.stats().jobs(JobOutcome.TIMED_OUT)).isEqualTo(1);
        fixture.advanceMillis(10);
        fixture.finish(1);
        assertThat(fixture.sent).containsExactly(List.of("a1"), List.of("a2"));
        assertThat(late).isCompletedWithValue("a2!");
    }

    @Test
    void r8_2_jobsWhoseCallersHaveNoTimeLeftFailAtOnce() {
        var batcher = held(attempts(2)).jobTimeout(Duration.ofMillis(100)).build();
        var early = batcher.submit("a1");
        fixture.advanceMillis(10);
        batcher.submit("a2").cancel(false); // it would have had time until 110
        var late = batcher.submit("a3");
        batcher.flush();
        fixture.advanceMillis(10);
        fixture.fail(0, down); // would be due at 120
        assertThat(failureOf(early)).hasCause(down).isNotSameAs(failureOf(late));
        assertThat(failureOf(late)).hasCause(down);
        assertThat(batcher.stats().jobs(JobOutcome.FAILED)).isEqualTo(2);
    }

    @Test
    void r8_3_aJobThatComesDuringTheBackoffIsAskedAnew() {
        var batcher = held(attempts(2)).maxConcurrentBatches(2).build();
        var first = failed(batcher, "a1").get(0);
        var second = batcher.submit("a2");
        batcher.flush();
        assertThat(fixture.sent).containsExactly(List.of("a1"), List.of("a2"));
        fixture.finish(1);
        assertThat(second).isCompletedWithValue("a2!");
        fixture.advanceMillis(100);
        fixture.finish(2);
        assertThat(first).isCompletedWithValue("a1!");
        assertThat(batcher.stats().coalesced()).isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void r8_3_aJobThatComesDuringTheBackoffJoinsIfThatWasChosen(boolean isDue) {
        var batcher = held(attempts(2))
                .maxConcurrentBatches(1)
                .coalesceBy(CoalescedRetriesTest::key, Coalescing.JOIN_IN_FLIGHT)
                .build();
        var first = failed(batcher, "a1").get(0);
        var other = batcher.submit("b1");
        if (isDue) {
            batcher.flush(); // b has the slot
            fixture.advanceMillis(100);
        }
        var second = batcher.submit("a2");
        var third = batcher.submit("a3");
        assertThat(batcher.stats().toRetry()).isEqualTo(3);
        assertThat(batcher.stats().pending()).isEqualTo(4);
        second.cancel(false);
        assertThat(batcher.stats().toRetry()).isEqualTo(2);
        if (isDue) {
            fixture.finish(1);
        } else {
            fixture.advanceMillis(100);
        }
        first.cancel(false);
        fixture.finish(fixture.sent.size() - 1);
        assertThat(fixture.sent.get(fixture.sent.size() - 1)).startsWith("a1");
        assertThat(third).isCompletedWithValue("a1!");
        assertThat(other).isCompletedWithValue("b1!");
        assertThat(batcher.stats().coalesced()).isEqualTo(2);
        assertThat(batcher.stats().pending()).isZero();
    }

    @Test
    void r8_4_jobsThatHaveBecomeTooHeavyForOneBatchLeaveInSeveral() {
        var batcher = held(attempts(2).wholeBatch())
                .maxConcurrentBatches(1)
                .maxBatchWeight(10, BatchesFixture::weightOf)
                .build();
        var jobs = failed(batcher, "a:1", "a:9", "b:5", "c:4");
        jobs.get(0).cancel(false); // from now on a weighs 9
        fixture.advanceMillis(100);
        fixture.finish(1);
        fixture.finish(2);
        assertThat(fixture.sent).containsExactly(List.of("a:1", "b:5", "c:4"), List.of("a:9"), List.of("b:5", "c:4"));
        assertThat(batcher.stats().jobs(JobOutcome.SUCCEEDED)).isEqualTo(3);
    }

    @Test
    void r8_4_aPartOfASearchThatHasBecomeTooHeavyIsTriedInSeveral() {
        var batcher = held(attempts(1).bisect())
                .maxConcurrentBatches(2)
                .maxBatchWeight(10, BatchesFixture::weightOf)
                .build();
        var jobs = failed(batcher, "a:1", "b:1", "c:1", "c:9", "d:5");
        assertThat(fixture.sent).endsWith(List.of("a:1", "b:1"));
        jobs.get(2).cancel(false);
        fixture.finish(1);
        assertThat(fixture.sent).endsWith(List.of("c:9")); // and d after it: one call at a time
        fixture.finish(2);
        fixture.finish(3);
        assertThat(fixture.sent).endsWith(List.of("c:9"), List.of("d:5"));
        assertThat(batcher.stats().jobs(JobOutcome.SUCCEEDED)).isEqualTo(4);
    }

    @Test
    void r8_5_newJobsThatLeaveWithThoseThatAreTriedAgainAreCountedForEachCaller() {
        var batcher = held(attempts(2)).maxConcurrentBatches(1).build();
        failed(batcher, "a1", "a2", "a3");
        TroubledFixture.submit(batcher, List.of("b1", "b2"));
        assertThat(batcher.stats().waiting()).isEqualTo(5);
        fixture.advanceMillis(100);
        assertThat(fixture.sent).endsWith(List.of("a1", "b1"));
        assertThat(batcher.stats().waiting()).isZero();
        assertThat(batcher.stats().inFlight()).isEqualTo(5);
        fixture.finish(1);
        assertThat(batcher.stats().pending()).isZero();
        TroubledFixture.submit(batcher, List.of("c1", "c2", "d1"));
        assertThat(batcher.stats().waiting()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void r8_6_keysAreForgottenHoweverJobsEndThatAreTriedAgain(boolean partitioned) {
        AtomicInteger strangers = new AtomicInteger();
        class Key {
            private final char letter;

            Key(String job) {
                letter = job.charAt(0);
            }

            @Override
            public boolean equals(Object other) {
                boolean equal = other instanceof Key key && key.letter == letter;
                strangers.addAndGet(equal ? 0 : 1);
                return equal;
            }

            @Override
            public int hashCode() {
                return 1; // all in one bucket: whoever is kept is compared with
            }
        }
        var builder = held(attempts(2)).jobTimeout(Duration.ofMillis(500)).coalesceBy(Key::new);
        var batcher = (partitioned ? builder.partitionBy(Key::new) : builder).build();
        failed(batcher, "a1", "a2"); // succeed the next time
        fixture.advanceMillis(100);
        fixture.finish(1);
        failed(batcher, "b1", "b2").forEach(job -> job.cancel(false));
        failed(batcher, "c1", "c2"); // fail for good
        fixture.advanceMillis(100);
        fixture.fail(fixture.sent.size() - 1, down);
        var timedOut = failed(batcher, "d1", "d2");
        fixture.advanceMillis(100);
        fixture.advanceMillis(400); // in the second attempt
        timedOut.forEach(job -> assertThat(failureOf(job)).hasSuppressedException(down));
        fixture.finish(fixture.sent.size() - 1);
        var abandoned = failed(batcher, "e1", "e2");
        assertThat(batcher.shutdownNow()).isEmpty();
        assertThat(abandoned).allMatch(CompletableFuture::isCompletedExceptionally);
        batcher.submit("f1");
        batcher.submit("g1");
        assertThat(batcher.stats().pending()).isZero();
        assertThat(strangers).hasValue(0);
    }

    @Test
    void r8_7_aDrainWaitsForEveryCallerOfWhatBacksOff() {
        var batcher = held(attempts(2)).build();
        var jobs = failed(batcher, "a1", "a2", "b1");
        CompletableFuture<Void> drained = batcher.drain();
        CompletableFuture<Void> drainedOfAll = batcher.drain();
        jobs.subList(0, 2).forEach(job -> job.cancel(false));
        assertThat(drained).isNotDone();
        fixture.advanceMillis(100);
        assertThat(drained).isNotDone();
        fixture.finish(1);
        assertThat(jobs.get(2)).isCompletedWithValue("b1!");
        assertThat(drained).isCompleted();
        assertThat(drainedOfAll).isCompleted();
    }

    @Test
    void r8_7_aCloseLeavesAGroupItsBackoff() {
        var batcher = held(attempts(2)).build();
        var jobs = failed(batcher, "a1", "a2");
        CompletableFuture<Void> over = batcher.shutdown();
        jobs.get(0).cancel(false);
        assertThat(over).isNotDone();
        fixture.advanceMillis(100);
        fixture.finish(1);
        assertThat(jobs.get(1)).isCompletedWithValue("a2!");
        assertThat(over).isCompleted();
    }

    @ParameterizedTest
    @EnumSource(Coalescing.class)
    void r8_7_shutdownNowEndsEveryCallerOfWhatBacksOffAndReturnsNoneOfTheirJobs(Coalescing coalescing) {
        var batcher = held(attempts(2))
                .coalesceBy(CoalescedRetriesTest::key, coalescing)
                .build();
        var jobs = failed(batcher, "a1", "a2");
        batcher.submit("b1");
        assertThat(batcher.shutdownNow()).containsExactly("b1");
        for (CompletableFuture<String> job : jobs) {
            assertThat(failureOf(job))
                    .isInstanceOf(BatcherClosedException.class)
                    .hasMessageContaining("waited to be tried again")
                    .hasSuppressedException(down);
        }
        assertThat(failureOf(jobs.get(0))).isNotSameAs(failureOf(jobs.get(1)));
        assertThat(batcher.stats().jobs(JobOutcome.ABANDONED)).isEqualTo(3);
        assertThat(batcher.shutdown()).isCompleted();
        fixture.advanceMillis(1_000);
        assertThat(fixture.sent).hasSize(1);
    }

    @Test
    void r8_7_aStrictLaneGoesOnWhenAllCallersOfWhatItWaitsForHaveGone() {
        var batcher = fixture.held()
                .batchSize(2)
                .batchCycle(FOR_EVER)
                .partitionBy(CoalescedRetriesTest::key)
                .maxConcurrentBatchesPerKey(1)
                .coalesceBy(job -> job.substring(0, 2))
                .retry(attempts(2))
                .build();
        var jobs = TroubledFixture.submit(batcher, List.of("a1x", "a1y", "a2x", "a3x", "a3y", "a4x"));
        fixture.fail(0, down);
        assertThat(fixture.sent).containsExactly(List.of("a1x", "a2x"));
        jobs.get(0).cancel(false);
        jobs.get(2).cancel(false);
        assertThat(fixture.sent).hasSize(1); // for a1y
        jobs.get(1).cancel(false);
        assertThat(fixture.sent).containsExactly(List.of("a1x", "a2x"), List.of("a3x", "a4x"));
    }

    @Test
    void r8_7_aStrictLaneKeepsItsOrderWhileItsGroupsBackOff() {
        var batcher = fixture.held()
                .batchSize(2)
                .batchCycle(FOR_EVER)
                .partitionBy(CoalescedRetriesTest::key)
                .maxConcurrentBatchesPerKey(1)
                .coalesceBy(job -> job.substring(0, 2))
                .retry(attempts(2).wholeBatch())
                .build();
        var jobs = TroubledFixture.submit(batcher, List.of("a1x", "a1y", "a2x", "a3x", "a1z", "a3y"));
        fixture.fail(0, down);
        fixture.advanceMillis(100);
        fixture.finish(1);
        fixture.finish(2);
        assertThat(fixture.sent).containsExactly(List.of("a1x", "a2x"), List.of("a1x", "a2x"), List.of("a3x", "a1z"));
        assertThat(jobs.stream().map(CompletableFuture::join))
                .containsExactly("a1x!", "a1x!", "a2x!", "a3x!", "a1z!", "a3x!");
    }
}
