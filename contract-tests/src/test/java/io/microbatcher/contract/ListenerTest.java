package io.microbatcher.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.microbatcher.BatchListener;
import io.microbatcher.BatchProcessor;
import io.microbatcher.BatcherClosedException;
import io.microbatcher.BatcherFullException;
import io.microbatcher.BatcherStats;
import io.microbatcher.DispatchReason;
import io.microbatcher.JobFailedException;
import io.microbatcher.JobOutcome;
import io.microbatcher.MicroBatcher;
import io.microbatcher.OverflowPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120) // a hang fails instead of stopping the build
class ListenerTest {
    private static final long MILLI = 1_000_000;

    private final BatchesFixture fixture = new BatchesFixture();
    private final Notes notes = new Notes();

    /** Writes down every event. */
    private static final class Notes implements BatchListener {
        private final List<Object> accepted = new ArrayList<>();
        private final List<String> rejected = new ArrayList<>();
        private final List<BatchInfo> dispatched = new ArrayList<>();
        private final List<String> done = new ArrayList<>();
        private final List<String> ended = new ArrayList<>();
        private final List<String> unmatched = new ArrayList<>();
        private final List<Throwable> causes = new ArrayList<>();

        @Override
        public void accepted(Object job) {
            accepted.add(job);
        }

        @Override
        public void rejected(Object job, RuntimeException why) {
            rejected.add(job + " " + why.getClass().getSimpleName());
            causes.add(why);
        }

        @Override
        public void dispatched(BatchInfo batch) {
            dispatched.add(batch);
        }

        @Override
        public void completed(BatchInfo batch, long nanos, int failedJobs) {
            done.add("completed " + batch.id() + " after " + nanos + " with " + failedJobs);
        }

        @Override
        public void failed(BatchInfo batch, long nanos, Throwable cause) {
            done.add("failed " + batch.id() + " after " + nanos);
            causes.add(cause);
        }

        @Override
        public void ended(Object job, JobOutcome outcome, long waitNanos, long totalNanos) {
            ended.add(job + " " + outcome + " " + waitNanos + " " + totalNanos);
        }

        @Override
        public void unmatched(BatchInfo batch, @Nullable Object result) {
            unmatched.add(batch.id() + " " + result);
        }
    }

    @Test
    void aBatchIsDescribedWithItsNumberSizeWeightReasonAndWait() {
        MicroBatcher<String, String> batcher = fixture.atOnce()
                .batchSize(3)
                .maxBatchWeight(10, BatchesFixture::weightOf)
                .listener(notes)
                .build();
        batcher.submit("a:2");
        fixture.advanceMillis(4);
        batcher.submit("b:3");
        fixture.advanceMillis(6);
        batcher.submit("c:1");
        fixture.advanceMillis(1);
        batcher.submit("d:9");
        assertThat(notes.dispatched)
                .containsExactly(
                        new BatchListener.BatchInfo(1, 2, 5, DispatchReason.AGE, 10 * MILLI),
                        new BatchListener.BatchInfo(2, 2, 10, DispatchReason.WEIGHT, MILLI));
    }

    @Test
    void withoutAWeigherTheWeightIsTheSize() {
        MicroBatcher<String, String> batcher =
                fixture.atOnce().batchSize(2).listener(notes).build();
        List.of("a", "b").forEach(batcher::submit);
        assertThat(notes.dispatched).containsExactly(new BatchListener.BatchInfo(1, 2, 2, DispatchReason.SIZE, 0));
    }

    @Test
    void theWaitEndsWhenTheWorkerArrivesAndTheTotalWhenTheResultIsThere() {
        MicroBatcher<String, String> batcher =
                fixture.held().batchSize(2).listener(notes).build();
        batcher.submit("a");
        fixture.advanceMillis(3);
        batcher.submit("b");
        fixture.advanceMillis(20);
        fixture.finish(0);
        assertThat(notes.ended)
                .containsExactly("a SUCCEEDED " + 3 * MILLI + " " + 23 * MILLI, "b SUCCEEDED " + 0 + " " + 20 * MILLI);
        assertThat(notes.done).containsExactly("completed 1 after " + 20 * MILLI + " with 0");
    }

    @Test
    void theWaitCoversTheTimeUntilALateWorkerArrives() {
        MicroBatcher<String, String> batcher =
                fixture.onDemand().batchSize(1).listener(notes).build();
        batcher.submit("a");
        fixture.advanceMillis(7);
        fixture.workers.runAll();
        assertThat(notes.dispatched)
                .singleElement()
                .satisfies(batch -> assertThat(batch.oldestWaitNanos()).isEqualTo(7 * MILLI));
        assertThat(notes.ended).containsExactly("a SUCCEEDED " + 7 * MILLI + " " + 7 * MILLI);
    }

    @Test
    void aBatchThatFailsAsAWholeIsReportedOnceWithItsCause() {
        MicroBatcher<String, String> batcher =
                fixture.held().batchSize(2).listener(notes).build();
        List.of("a", "b").forEach(batcher::submit);
        fixture.advanceMillis(5);
        IllegalStateException down = new IllegalStateException("backend is down");
        fixture.fail(0, down);
        assertThat(notes.done).containsExactly("failed 1 after " + 5 * MILLI);
        assertThat(notes.causes).containsExactly(down);
        assertThat(notes.ended).containsExactly("a FAILED 0 " + 5 * MILLI, "b FAILED 0 " + 5 * MILLI);
    }

    @Test
    void singleFailuresAndSilencesAreCountedInACompletedBatch() {
        MicroBatcher<String, String> batcher = MicroBatcher.builder(
                        BatchProcessor.<String, String>streaming((jobs, answers) -> {
                            answers.complete(0, "fine");
                            answers.fail(1, new IllegalStateException("bad"));
                            answers.complete(0, "again");
                            answers.complete(9, "no such position");
                        }))
                .batchSize(3)
                .batchCycle(Duration.ofMinutes(1))
                .timer(fixture.time)
                .executor(Runnable::run)
                .listener(notes)
                .build();
        List.of("a", "b", "c").forEach(batcher::submit);
        assertThat(notes.done).containsExactly("completed 1 after 0 with 2");
        assertThat(notes.ended).containsExactly("a SUCCEEDED 0 0", "b FAILED 0 0", "c MISSING 0 0");
        assertThat(notes.unmatched).containsExactly("1 again", "1 no such position");
    }

    @Test
    void resultsBeyondTheLastJobAreReported() {
        MicroBatcher<String, String> batcher = MicroBatcher.builder(
                        (List<String> jobs) -> List.of("mine", "too much", "far too much"))
                .batchSize(1)
                .timer(fixture.time)
                .executor(Runnable::run)
                .listener(notes)
                .build();
        batcher.submit("a");
        batcher.submit("b");
        assertThat(notes.unmatched).containsExactly("1 too much", "1 far too much", "2 too much", "2 far too much");
    }

    @Test
    void cancelledTimedOutAndAbandonedJobsAreReportedWithTheirTimes() {
        MicroBatcher<String, String> batcher = fixture.held()
                .batchSize(1)
                .jobTimeout(Duration.ofMillis(30))
                .listener(notes)
                .build();
        CompletableFuture<String> inFlight = batcher.submit("in flight");
        CompletableFuture<String> waiting = batcher.submit("waiting");
        fixture.advanceMillis(4);
        waiting.cancel(false);
        fixture.advanceMillis(4);
        inFlight.cancel(false);
        batcher.submit("late");
        fixture.advanceMillis(30);
        batcher.submit("left");
        fixture.advanceMillis(1);
        batcher.shutdownNow();
        assertThat(notes.ended)
                .containsExactly(
                        "waiting CANCELLED " + 4 * MILLI + " " + 4 * MILLI,
                        "in flight CANCELLED 0 " + 8 * MILLI,
                        "late TIMED_OUT " + 30 * MILLI + " " + 30 * MILLI,
                        "left ABANDONED " + MILLI + " " + MILLI);
        assertThat(notes.accepted).containsExactly("in flight", "waiting", "late", "left");
    }

    @Test
    void aRejectedJobIsReportedWithItsReasonAndInNoOtherWay() {
        MicroBatcher<String, String> batcher = fixture.held()
                .batchSize(1)
                .maxPending(1)
                .maxBatchWeight(10, BatchesFixture::weightOf)
                .overflow(OverflowPolicy.REJECT)
                .listener(notes)
                .build();
        batcher.submit("a:1");
        batcher.submit("b:1");
        batcher.submit("c:heavy");
        batcher.shutdown();
        batcher.submit("d:1");
        assertThat(notes.rejected)
                .containsExactly(
                        "b:1 " + BatcherFullException.class.getSimpleName(),
                        "c:heavy " + JobFailedException.class.getSimpleName(),
                        "d:1 " + BatcherClosedException.class.getSimpleName());
        assertThat(notes.causes.get(1)).hasCauseInstanceOf(NumberFormatException.class);
        assertThat(notes.accepted).containsExactly("a:1");
        assertThat(notes.ended).isEmpty();
    }

    @Test
    void aCallerThatGivesUpWaitingForRoomIsReportedAsRejected() throws Exception {
        MicroBatcher<String, String> batcher =
                fixture.held().batchSize(1).maxPending(1).listener(notes).build();
        batcher.submit("a");
        Blocked<CompletableFuture<String>> caller = Blocked.in(batcher, () -> batcher.submit("b"));
        caller.thread.interrupt();
        caller.outcome();
        assertThat(notes.rejected).containsExactly("b " + BatcherFullException.class.getSimpleName());
    }

    @Test
    void aBatchThatTheExecutorRefusedIsReportedAsFailed() {
        fixture.workers.refuse(true);
        MicroBatcher<String, String> batcher =
                fixture.onDemand().batchSize(1).listener(notes).build();
        CompletableFuture<String> job = batcher.submit("a");
        batcher.drain().join();
        assertThat(job).isCompletedExceptionally();
        assertThat(notes.dispatched).hasSize(1);
        assertThat(notes.done).containsExactly("failed 1 after 0");
        assertThat(notes.causes).singleElement().isInstanceOf(RejectedExecutionException.class);
        assertThat(notes.ended).containsExactly("a FAILED 0 0");
    }

    @Test
    void r5_12_theStatisticsAlreadyCountWhatAnEventReports() {
        CompletableFuture<MicroBatcher<String, String>> self = new CompletableFuture<>();
        List<String> seen = new ArrayList<>();
        MicroBatcher<String, String> batcher = MicroBatcher.builder((List<String> jobs) -> List.of("1", "2"))
                .batchSize(1)
                .maxPending(1)
                .overflow(OverflowPolicy.REJECT)
                .timer(fixture.time)
                .executor(fixture.workers)
                .listener(new BatchListener() {
                    private BatcherStats stats() {
                        return self.join().stats();
                    }

                    @Override
                    public void accepted(Object job) {
                        seen.add("accepted " + stats().accepted());
                    }

                    @Override
                    public void rejected(Object job, RuntimeException why) {
                        seen.add("rejected " + stats().rejected());
                    }

                    @Override
                    public void dispatched(BatchInfo batch) {
                        seen.add("batches " + stats().batches() + ", in flight " + stats().inFlight());
                    }

                    @Override
                    public void completed(BatchInfo batch, long nanos, int failedJobs) {
                        seen.add("slots in use " + stats().inFlightBatches());
                    }

                    @Override
                    public void ended(Object job, JobOutcome outcome, long waitNanos, long totalNanos) {
                        seen.add("ended " + stats().ended() + ", pending " + stats().pending());
                    }

                    @Override
                    public void unmatched(BatchInfo batch, @Nullable Object result) {
                        seen.add("unmatched " + stats().unmatched());
                    }
                })
                .build();
        self.complete(batcher);
        batcher.submit("a");
        batcher.submit("b");
        fixture.workers.runAll();
        assertThat(seen)
                .containsExactly(
                        "accepted 1",
                        "rejected 1",
                        "batches 1, in flight 1",
                        "slots in use 0",
                        "unmatched 1",
                        "ended 1, pending 0");
    }

    @Test
    void r5_12_aJobsEndIsReportedBeforeItsCallerKnows() {
        List<Boolean> doneBefore = new ArrayList<>();
        List<CompletableFuture<String>> job = new ArrayList<>();
        MicroBatcher<String, String> batcher = fixture.held()
                .batchSize(9)
                .listener(new BatchListener() {
                    @Override
                    public void ended(Object ended, JobOutcome outcome, long waitNanos, long totalNanos) {
                        doneBefore.add(job.get(0).isDone());
                    }
                })
                .build();
        job.add(batcher.submit("a"));
        batcher.flush();
        fixture.finish(0);
        assertThat(doneBefore).containsExactly(false);
        assertThat(job.get(0)).isCompleted();
    }
}
