package io.microbatcher.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.within;

import io.microbatcher.BatchListener;
import io.microbatcher.BatchProcessor;
import io.microbatcher.DispatchReason;
import io.microbatcher.JobOutcome;
import io.microbatcher.MicroBatcher;
import io.microbatcher.OverflowPolicy;
import io.microbatcher.RetryPolicy;
import io.microbatcher.test.ManualExecutor;
import io.microbatcher.test.VirtualTime;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.search.RequiredSearch;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What each meter says after traffic of which everything is known. */
@org.junit.jupiter.api.Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class BatcherMetersTest {
    private final MeterRegistry registry = new SimpleMeterRegistry();
    private final VirtualTime time = new VirtualTime();
    private final ManualExecutor workers = new ManualExecutor();

    /** Answers "good", fails "bad", gives no result for anything else, and fails as a whole for "worst". */
    private static void process(List<String> jobs, BatchProcessor.Answers<String> answers) {
        if (jobs.contains("worst")) {
            throw new IllegalStateException("worst");
        }
        for (int i = 0; i < jobs.size(); i++) {
            switch (jobs.get(i)) {
                case "good" -> answers.complete(i, "fine");
                case "bad" -> answers.fail(i, new IllegalStateException("bad"));
                default -> {}
            }
        }
    }

    private MicroBatcher.Builder<String, String> builder(BatchListener... listeners) {
        MicroBatcher.Builder<String, String> builder = MicroBatcher.builder(
                        BatchProcessor.<String, String>streaming(BatcherMetersTest::process))
                .name("orders")
                .batchSize(3)
                .batchCycle(Duration.ofMillis(10))
                .timer(time)
                .executor(workers);
        Stream.of(listeners).forEach(builder::listener);
        return builder;
    }

    private BatcherMeters meters(boolean eachJob) {
        BatcherMeters meters = new BatcherMeters(registry);
        return eachJob ? meters.timingEachJob() : meters;
    }

    private RequiredSearch find(String meter, String... tags) {
        return registry.get(meter).tag("name", "orders").tags(tags);
    }

    private double gauge(String meter, String... tags) {
        return find(meter, tags).gauge().value();
    }

    private double count(String meter, String... tags) {
        return find(meter, tags).counter().count();
    }

    private void expectJobs(boolean eachJob, String outcome, int count, double totalMillis) {
        if (eachJob) {
            Timer timer = find("microbatcher.job", "outcome", outcome).timer();
            assertThat(timer.count()).as(outcome).isEqualTo(count);
            assertThat(timer.totalTime(TimeUnit.MILLISECONDS)).as(outcome).isCloseTo(totalMillis, within(1e-6));
        } else {
            FunctionTimer timer = find("microbatcher.job", "outcome", outcome).functionTimer();
            assertThat(timer.count()).as(outcome).isEqualTo(count);
            assertThat(timer.totalTime(TimeUnit.MILLISECONDS)).as(outcome).isCloseTo(totalMillis, within(1e-6));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void jobsAreTimedByOutcomeAndSoIsTheirWait(boolean eachJob) {
        MicroBatcher<String, String> batcher =
                builder(meters(eachJob)).jobTimeout(Duration.ofMillis(100)).build();
        batcher.submit("cancelled").cancel(false);
        List.of("good", "bad").forEach(batcher::submit);
        time.advance(Duration.ofMillis(4));
        batcher.submit("silent"); // fills the batch
        time.advance(Duration.ofMillis(5)); // and the worker is late
        workers.runAll();
        batcher.submit("late");
        time.advance(Duration.ofMillis(100));
        workers.runAll();
        batcher.submit("left");
        time.advance(Duration.ofMillis(1));
        batcher.shutdownNow();
        expectJobs(eachJob, "succeeded", 1, 9);
        expectJobs(eachJob, "failed", 1, 9);
        expectJobs(eachJob, "missing", 1, 5);
        expectJobs(eachJob, "cancelled", 1, 0);
        expectJobs(eachJob, "timed_out", 1, 100);
        expectJobs(eachJob, "abandoned", 1, 1);
        if (eachJob) {
            Timer wait = find("microbatcher.job.wait").timer();
            assertThat(wait.count()).isEqualTo(6);
            assertThat(wait.totalTime(TimeUnit.MILLISECONDS)).isCloseTo(9 + 9 + 5 + 100 + 1, within(1e-6));
            assertThat(wait.max(TimeUnit.MILLISECONDS)).isCloseTo(100, within(1e-6));
        } else {
            FunctionTimer wait = find("microbatcher.job.wait").functionTimer();
            assertThat(wait.count()).isEqualTo(6);
            assertThat(wait.totalTime(TimeUnit.MILLISECONDS)).isCloseTo(9 + 9 + 5 + 100 + 1, within(1e-6));
        }
    }

    @Test
    void everyOutcomeHasItsTimerBeforeTheFirstJob() {
        builder(meters(false)).build();
        for (JobOutcome outcome : JobOutcome.values()) {
            expectJobs(false, outcome.name().toLowerCase(java.util.Locale.ROOT), 0, 0);
        }
    }

    @Test
    void batchesAreTimedByReasonAndOutcome() {
        MicroBatcher<String, String> batcher = builder(meters(false)).build();
        List.of("good", "good", "good").forEach(batcher::submit);
        List.of("good", "bad", "silent").forEach(batcher::submit);
        batcher.submit("worst");
        batcher.flush();
        workers.runAll();
        assertThat(find("microbatcher.batch", "reason", "size", "outcome", "succeeded")
                        .timer()
                        .count())
                .isEqualTo(1);
        assertThat(find("microbatcher.batch", "reason", "size", "outcome", "partial")
                        .timer()
                        .count())
                .isEqualTo(1);
        assertThat(find("microbatcher.batch", "reason", "flush", "outcome", "failed")
                        .timer()
                        .count())
                .isEqualTo(1);
        assertThat(find("microbatcher.batch").timers()).hasSize(3);
    }

    @Test
    void theDurationOfABatchIsThatOfTheProcessor() {
        BatcherMeters meters = meters(false);
        meters.built(builder().build());
        meters.completed(new BatchListener.BatchInfo(1, 3, 3, DispatchReason.SIZE, 7), 5_000_000, 0);
        meters.completed(new BatchListener.BatchInfo(2, 3, 3, DispatchReason.SIZE, 7), 7_000_000, 0);
        Timer timer = find("microbatcher.batch", "reason", "size").timer();
        assertThat(timer.totalTime(TimeUnit.MILLISECONDS)).isCloseTo(12, within(1e-6));
        assertThat(timer.max(TimeUnit.MILLISECONDS)).isCloseTo(7, within(1e-6));
    }

    @Test
    void sizesAndTheLongestWaitsAreThoseOfBatches() {
        MicroBatcher<String, String> batcher = builder(meters(false)).build();
        List.of("good", "good", "good", "good").forEach(batcher::submit);
        time.advance(Duration.ofMillis(10));
        workers.runAll();
        assertThat(find("microbatcher.batch.size").summary().count()).isEqualTo(2);
        assertThat(find("microbatcher.batch.size").summary().totalAmount()).isEqualTo(4);
        assertThat(find("microbatcher.batch.size").summary().max()).isEqualTo(3);
        assertThat(find("microbatcher.batch.wait").timer().totalTime(TimeUnit.MILLISECONDS))
                .isCloseTo(20, within(1e-6));
    }

    @Test
    void gaugesShowWhatIsThereNow() {
        MicroBatcher<String, String> batcher =
                builder(meters(false)).maxConcurrentBatches(2).build();
        List.of("good", "good", "good", "good").forEach(batcher::submit);
        assertThat(gauge("microbatcher.pending", "state", "waiting")).isEqualTo(4);
        assertThat(gauge("microbatcher.pending", "state", "in_flight")).isZero();
        assertThat(gauge("microbatcher.slots")).isZero();
        assertThat(gauge("microbatcher.slots.limit")).isEqualTo(2);
        assertThat(gauge("microbatcher.blocked")).isZero();
    }

    @Test
    void insideOfTheProcessorASlotIsInUse() {
        double[] seen = new double[2];
        MicroBatcher<String, String> batcher = MicroBatcher.builder((List<String> jobs) -> {
                    seen[0] = gauge("microbatcher.slots");
                    seen[1] = gauge("microbatcher.pending", "state", "in_flight");
                    return jobs;
                })
                .name("orders")
                .batchSize(2)
                .executor(workers)
                .listener(meters(false))
                .build();
        List.of("good", "good").forEach(batcher::submit);
        workers.runAll();
        assertThat(seen).containsExactly(1, 2);
    }

    @Test
    void callersThatWaitForRoomAreCountedWhileTheyWait() throws Exception {
        MicroBatcher<String, String> batcher =
                builder(meters(false)).batchSize(1).maxPending(1).build();
        batcher.submit("good");
        CompletableFuture<Void> other = CompletableFuture.runAsync(() -> batcher.submit("good"));
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> gauge("microbatcher.blocked") == 1);
        workers.runAll();
        other.get(30, TimeUnit.SECONDS);
        assertThat(gauge("microbatcher.blocked")).isZero();
    }

    @Test
    void refusalsAreCountedByTheirReason() {
        MicroBatcher<String, String> batcher = builder(meters(false))
                .batchSize(1)
                .maxPending(1)
                .maxBatchWeight(10, job -> job.equals("heavy") ? -1 : 1)
                .overflow(OverflowPolicy.REJECT)
                .build();
        List.of("good", "good", "good", "heavy").forEach(batcher::submit);
        batcher.shutdown();
        batcher.submit("good");
        assertThat(count("microbatcher.jobs.rejected", "reason", "full")).isEqualTo(2);
        assertThat(count("microbatcher.jobs.rejected", "reason", "invalid")).isEqualTo(1);
        assertThat(count("microbatcher.jobs.rejected", "reason", "closed")).isEqualTo(1);
    }

    @Test
    void whatIsTriedAgainIsCountedEachTime() {
        MicroBatcher<String, String> batcher = builder(meters(false))
                .retry(RetryPolicy.ofAttempts(3).backoff(Duration.ZERO, Duration.ZERO))
                .build();
        List.of("good", "bad", "bad").forEach(batcher::submit);
        for (int i = 0; i < 5; i++) {
            workers.runAll();
            time.advance(Duration.ofMillis(10));
        }
        assertThat(count("microbatcher.jobs.retried")).isEqualTo(4);
        expectJobs(
                false,
                "failed",
                2,
                find("microbatcher.job", "outcome", "failed").functionTimer().totalTime(TimeUnit.MILLISECONDS));
    }

    @Test
    void resultsThatBelongToNoJobAreCounted() {
        MicroBatcher<String, String> batcher = MicroBatcher.builder((List<String> jobs) -> List.of("1", "2", "3"))
                .name("orders")
                .batchSize(1)
                .executor(workers)
                .listener(meters(false))
                .build();
        batcher.submit("good");
        workers.runAll();
        assertThat(count("microbatcher.results.unmatched")).isEqualTo(2);
    }

    @Test
    void tagsOfOnesOwnAreOnAllMeters() {
        builder(new BatcherMeters(registry, Tags.of("region", "north"))).build();
        assertThat(registry.getMeters())
                .isNotEmpty()
                .allSatisfy(meter -> assertThat(meter.getId().getTag("region")).isEqualTo("north"))
                .allSatisfy(meter -> assertThat(meter.getId().getTag("name")).isEqualTo("orders"));
    }

    @Test
    void batchersOfOneNameAreAddedUpAtTheSameTimeAndOneAfterTheOther() {
        MicroBatcher<String, String> first = builder(meters(false)).batchSize(1).build();
        MicroBatcher<String, String> second =
                builder(meters(false)).batchSize(1).build();
        List.of("good", "good").forEach(first::submit);
        second.submit("good");
        assertThat(gauge("microbatcher.pending", "state", "waiting")).isEqualTo(3);
        assertThat(gauge("microbatcher.slots.limit")).isEqualTo(2);
        workers.runAll();
        first.close();
        assertThat(gauge("microbatcher.slots.limit")).isEqualTo(1);
        second.close();
        assertThat(gauge("microbatcher.slots.limit")).isZero();
        MicroBatcher<String, String> third = builder(meters(false)).batchSize(1).build();
        third.submit("good");
        workers.runAll();
        assertThat(find("microbatcher.job", "outcome", "succeeded")
                        .functionTimer()
                        .count())
                .isEqualTo(4);
        assertThat(gauge("microbatcher.slots.limit")).isEqualTo(1);
    }

    @Test
    void metersCountOnAfterABatcherOfTheNameWasCollected() {
        use(builder(meters(false)).batchSize(1).build());
        WeakReference<?> probe = new WeakReference<>(new Object());
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> {
            System.gc();
            return probe.get() == null && gauge("microbatcher.slots.limit") == 0;
        });
        use(builder(meters(false)).batchSize(1).build());
        assertThat(find("microbatcher.job", "outcome", "succeeded")
                        .functionTimer()
                        .count())
                .isEqualTo(2);
    }

    private void use(MicroBatcher<String, String> batcher) {
        batcher.submit("good");
        workers.runAll();
    }

    @Test
    void aSecondBatcherOfTheSameMetersIsRefusedByName() {
        BatcherMeters meters = meters(false);
        builder(meters).build();
        MicroBatcher<String, String> other = builder().name("prices").build();
        assertThatIllegalStateException()
                .isThrownBy(() -> meters.built(other))
                .withMessage(
                        "these meters are those of orders and were given to prices too, which is now counted as orders;"
                                + " make a BatcherMeters for each batcher");
    }

    @Test
    void aBatcherIsNotCountedTwice() {
        MicroBatcher<String, String> batcher =
                builder(meters(false)).listener(meters(false)).batchSize(1).build();
        batcher.submit("good");
        assertThat(gauge("microbatcher.pending", "state", "waiting")).isEqualTo(1);
        workers.runAll();
        assertThat(find("microbatcher.job", "outcome", "succeeded")
                        .functionTimer()
                        .count())
                .isEqualTo(1);
        assertThatIllegalStateException()
                .isThrownBy(() -> meters(false).built(batcher))
                .withMessage(
                        "orders has a BatcherMeters with the same registry and tags already, and a second one would"
                                + " count everything twice; give it one of them");
    }

    @Test
    void aNameCannotBeTimedInBothWays() {
        builder(meters(false)).build();
        MicroBatcher<String, String> other = builder().build();
        assertThatIllegalStateException()
                .isThrownBy(() -> meters(true).built(other))
                .withMessageContaining("do not time each job");
    }

    @Test
    void onlyThoseThatTimeEachJobAreToldOfEach() {
        assertThat(meters(false).watchesEachJob()).isFalse();
        assertThat(meters(true).watchesEachJob()).isTrue();
    }

    @Test
    void eventsOfABatcherThatIsNotKnownAreNoFailure() {
        BatcherMeters meters = meters(false);
        meters.ended(JobOutcome.SUCCEEDED, 1, 0, 0);
        meters.closed();
        assertThat(registry.getMeters()).isEmpty();
    }

    @Test
    void nothingIsNull() {
        assertThatNullPointerException()
                .isThrownBy(() -> new BatcherMeters(null))
                .withMessageContaining("registry");
        assertThatNullPointerException()
                .isThrownBy(() -> new BatcherMeters(registry, null))
                .withMessageContaining("tags");
    }
}
