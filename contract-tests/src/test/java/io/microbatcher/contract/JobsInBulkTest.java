package io.microbatcher.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.microbatcher.BatchListener;
import io.microbatcher.BatchProcessor;
import io.microbatcher.DispatchPolicy;
import io.microbatcher.JobOutcome;
import io.microbatcher.MicroBatcher;
import io.microbatcher.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A listener that does not watch each job is told how many have ended, how, and how long they took together. */
@Timeout(120) // a hang fails instead of stopping the build
class JobsInBulkTest {
    private static final long MILLI = 1_000_000;

    private final BatchesFixture fixture = new BatchesFixture();
    private final List<String> told = new CopyOnWriteArrayList<>();

    /** Writes down what it is told of jobs. */
    private class Notes implements BatchListener {
        private final boolean each;

        Notes(boolean each) {
            this.each = each;
        }

        @Override
        public boolean watchesEachJob() {
            return each;
        }

        @Override
        public void accepted(Object job) {
            told.add("accepted " + job);
        }

        @Override
        public void ended(Object job, JobOutcome outcome, long waitNanos, long totalNanos) {
            told.add(job + " " + outcome + " " + waitNanos / MILLI + " " + totalNanos / MILLI);
        }

        @Override
        public void ended(JobOutcome outcome, int jobs, long waitNanos, long totalNanos) {
            told.add(jobs + " " + outcome + " " + waitNanos / MILLI + " " + totalNanos / MILLI);
        }

        @Override
        public void closed() {
            told.add("closed");
        }
    }

    @Test
    void r5_12_theJobsOfABatchAreToldTogetherAndNoneAlone() {
        MicroBatcher<String, String> batcher =
                fixture.held().batchSize(3).listener(new Notes(false)).build();
        batcher.submit("a");
        fixture.advanceMillis(3);
        List.of("b", "c").forEach(batcher::submit);
        fixture.advanceMillis(20);
        fixture.finish(0);
        assertThat(told).containsExactly("3 SUCCEEDED 3 63");
    }

    @Test
    void r5_12_whoWatchesEachJobIsToldOfThemAllBefore() {
        MicroBatcher<String, String> batcher =
                fixture.held().batchSize(2).listener(new Notes(true)).build();
        List.of("a", "b").forEach(batcher::submit);
        fixture.advanceMillis(20);
        fixture.finish(0);
        assertThat(told)
                .containsExactly(
                        "accepted a", "accepted b", "2 SUCCEEDED 0 40", "a SUCCEEDED 0 20", "b SUCCEEDED 0 20");
    }

    @Test
    void r5_12_oneThatWatchesEachJobDoesNotMakeTheOtherDoSo() {
        MicroBatcher<String, String> batcher = fixture.held()
                .batchSize(1)
                .listener(new Notes(false))
                .listener(new Notes(true))
                .build();
        batcher.submit("a");
        fixture.finish(0);
        assertThat(told).containsExactly("accepted a", "1 SUCCEEDED 0 0", "1 SUCCEEDED 0 0", "a SUCCEEDED 0 0");
    }

    @Test
    void r5_12_outcomesAreAddedUpApartAndWhoEndsByItselfIsOne() {
        MicroBatcher<String, String> batcher = MicroBatcher.builder(BatchProcessor.<String, String>streaming(
                        (jobs, answers) -> {
                            for (int i = 0; i < jobs.size() - 1; i++) { // none for the last
                                if (jobs.get(i).equals("bad")) {
                                    answers.fail(i, new IllegalStateException("bad"));
                                } else {
                                    answers.complete(i, "fine");
                                }
                            }
                        }))
                .batchSize(4)
                .batchCycle(BatchesFixture.FOR_EVER)
                .jobTimeout(Duration.ofMillis(50))
                .timer(fixture.time)
                .executor(Runnable::run)
                .listener(new Notes(false))
                .build();
        batcher.submit("cancelled").cancel(false);
        List.of("good", "bad", "good", "silent").forEach(batcher::submit);
        batcher.submit("late");
        fixture.advanceMillis(50);
        batcher.submit("left");
        batcher.shutdownNow();
        assertThat(told)
                .containsExactly(
                        "1 CANCELLED 0 0",
                        "1 SUCCEEDED 0 0",
                        "1 FAILED 0 0",
                        "1 SUCCEEDED 0 0",
                        "1 MISSING 0 0",
                        "1 TIMED_OUT 50 50",
                        "1 ABANDONED 0 0",
                        "closed");
    }

    @Test
    void r5_12_aBatchThatTimesOutIsToldJobByJob() {
        MicroBatcher<String, String> batcher = fixture.held()
                .batchSize(2)
                .batchTimeout(Duration.ofMillis(10))
                .listener(new Notes(false))
                .build();
        List.of("a", "b").forEach(batcher::submit);
        fixture.advanceMillis(10);
        assertThat(told).containsExactly("1 TIMED_OUT 0 10", "1 TIMED_OUT 0 10");
    }

    @Test
    void r7_8_ofJobsThatAreTriedAgainOnlyTheirEndIsTold() {
        List<List<String>> calls = new ArrayList<>();
        MicroBatcher<String, String> batcher = MicroBatcher.builder(BatchProcessor.<String, String>streaming(
                        (jobs, answers) -> {
                            calls.add(List.copyOf(jobs));
                            for (int i = 0; i < jobs.size(); i++) {
                                if (calls.size() == 1 && jobs.get(i).equals("bad")) {
                                    answers.fail(i, new IllegalStateException("bad"));
                                }
                            }
                            if (calls.size() > 1) {
                                answers.complete(0, "fine");
                            }
                        }))
                .batchSize(2)
                .batchCycle(Duration.ofMillis(1))
                .retry(RetryPolicy.ofAttempts(2).jitter(0).backoff(Duration.ofMillis(30), Duration.ofMillis(30)))
                .timer(fixture.time)
                .executor(Runnable::run)
                .listener(new Notes(false))
                .build();
        List.of("bad", "silent").forEach(batcher::submit);
        fixture.advanceMillis(40);
        assertThat(calls).hasSize(2);
        assertThat(told).hasSize(2).startsWith("1 MISSING 0 0");
        assertThat(told.get(1)).startsWith("1 SUCCEEDED ");
    }

    @Test
    void r8_5_callersThatShareAnAnswerAreCountedEach() {
        MicroBatcher<String, String> batcher = fixture.held()
                .batchSize(2)
                .coalesceBy(job -> job)
                .listener(new Notes(false))
                .build();
        CompletableFuture<String> first = batcher.submit("a");
        fixture.advanceMillis(1);
        CompletableFuture<String> second = batcher.submit("a");
        List.of("a", "b").forEach(batcher::submit);
        fixture.advanceMillis(5);
        fixture.finish(0);
        assertThat(told).containsExactly("4 SUCCEEDED 1 21");
        assertThat(first).isCompleted();
        assertThat(second).isCompleted();
    }

    @Test
    void r5_10_aBatcherIsClosedOnceAndForTheListenerBeforeForItsCloser() {
        MicroBatcher<String, String> batcher =
                fixture.held().batchSize(1).listener(new Notes(false)).build();
        batcher.submit("a");
        CompletableFuture<Void> closed = batcher.shutdown();
        assertThat(told).isEmpty();
        List<Integer> toldThen = new ArrayList<>();
        closed.thenRun(() -> toldThen.add(told.size()));
        fixture.finish(0);
        batcher.close();
        assertThat(told).containsExactly("1 SUCCEEDED 0 0", "closed");
        assertThat(toldThen).containsExactly(2);
    }

    /** On the library's own clock, which is not read for every job: what is told adds up all the same. */
    @Test
    void r5_12_amongManyJobsAtOnceNoneIsForgottenAndTimesAreNoLongerThanTheRun() throws Exception {
        LongAdder ended = new LongAdder();
        LongAdder waited = new LongAdder();
        LongAdder total = new LongAdder();
        long begin = System.nanoTime();
        int jobs = 100_000;
        try (MicroBatcher<Integer, Integer> batcher = MicroBatcher.builder((List<Integer> batch) -> batch)
                .dispatchPolicy(DispatchPolicy.natural())
                .listener(new BatchListener() {
                    @Override
                    public boolean watchesEachJob() {
                        return false;
                    }

                    @Override
                    public void ended(JobOutcome outcome, int jobs, long waitNanos, long totalNanos) {
                        ended.add(outcome == JobOutcome.SUCCEEDED ? jobs : 0);
                        waited.add(waitNanos);
                        total.add(totalNanos);
                    }
                })
                .build()) {
            for (int i = 0; i < jobs; i++) {
                batcher.submit(i);
            }
            batcher.drain().get(60, TimeUnit.SECONDS);
        }
        long nanos = System.nanoTime() - begin;
        assertThat(ended.sum()).isEqualTo(jobs);
        assertThat(waited.sum()).isNotNegative();
        assertThat(total.sum()).isBetween(waited.sum(), nanos * jobs);
    }
}
