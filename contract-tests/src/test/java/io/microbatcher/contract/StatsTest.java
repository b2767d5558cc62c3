package io.microbatcher.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.microbatcher.BatchProcessor;
import io.microbatcher.BatcherStats;
import io.microbatcher.DispatchReason;
import io.microbatcher.Job;
import io.microbatcher.JobOutcome;
import io.microbatcher.JobResult;
import io.microbatcher.MicroBatcher;
import io.microbatcher.OverflowPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120) // a hang fails instead of stopping the build
class StatsTest {
    private final BatchesFixture fixture = new BatchesFixture();

    @Test
    void aNewBatcherHasCountedNothing() {
        BatcherStats stats = fixture.held().build().stats();
        assertThat(stats.accepted()).isZero();
        assertThat(stats.ended()).isZero();
        assertThat(stats.rejected()).isZero();
        assertThat(stats.batches()).isZero();
        assertThat(stats.meanBatchSize()).isZero();
        assertThat(stats.meanBatchFill()).isZero();
        assertThat(stats.pending()).isZero();
        assertThat(stats.inFlightBatches()).isZero();
        assertThat(stats.blocked()).isZero();
    }

    @Test
    void waitingAndInFlightAreToldApart() {
        MicroBatcher<String, String> batcher =
                fixture.held().batchSize(2).maxConcurrentBatches(2).build();
        List.of("a", "b", "c", "d", "e", "f", "g").forEach(batcher::submit);
        BatcherStats stats = batcher.stats();
        assertThat(stats.accepted()).isEqualTo(7);
        assertThat(stats.inFlight()).isEqualTo(4);
        assertThat(stats.inFlightBatches()).isEqualTo(2);
        assertThat(stats.waiting()).isEqualTo(3);
        assertThat(stats.pending()).isEqualTo(7);
        fixture.finish(0);
        assertThat(batcher.stats().ended()).isEqualTo(2);
        assertThat(batcher.stats().waiting()).isEqualTo(1);
        assertThat(stats.ended()).isZero(); // a snapshot stays as it is
    }

    @Test
    void everyReasonIsCountedOnItsOwn() {
        MicroBatcher<String, String> batcher = fixture.atOnce()
                .batchSize(3)
                .maxBatchWeight(10, BatchesFixture::weightOf)
                .maxPendingWeight(12)
                .build();
        List.of("a:1", "b:1", "c:1").forEach(batcher::submit); // size
        batcher.submit("d:10"); // weight
        batcher.submit("e:1");
        fixture.advanceMillis(10); // age
        batcher.submit("f:1");
        batcher.flush();
        batcher.submit("g:9");
        batcher.submit("h:4"); // pressure: 13 would be pending
        batcher.close(); // with h
        assertThat(fixture.reasons())
                .containsExactly(
                        DispatchReason.SIZE,
                        DispatchReason.WEIGHT,
                        DispatchReason.AGE,
                        DispatchReason.FLUSH,
                        DispatchReason.PRESSURE,
                        DispatchReason.CLOSE);
        BatcherStats stats = batcher.stats();
        for (DispatchReason reason : DispatchReason.values()) {
            boolean happened = fixture.reasons().contains(reason);
            assertThat(stats.batches(reason)).as("%s", reason).isEqualTo(happened ? 1 : 0);
        }
        assertThat(stats.batches()).isEqualTo(6);
        assertThat(stats.meanBatchSize()).isCloseTo(8.0 / 6, within(1e-9));
        assertThat(stats.meanBatchFill()).isCloseTo(8.0 / 6 / 3, within(1e-9));
    }

    @Test
    void everyOutcomeIsCountedOnItsOwn() {
        MicroBatcher<String, String> batcher = MicroBatcher.builder(BatchProcessor.<String, String>streaming(
                        (jobs, answers) -> {
                            for (int i = 0; i < jobs.size(); i++) {
                                String job = jobs.get(i);
                                switch (job) {
                                    case "good" -> answers.complete(i, "fine");
                                    case "bad" -> answers.fail(i, new IllegalStateException("bad"));
                                    default -> {} // no answer
                                }
                            }
                        }))
                .batchSize(9)
                .batchCycle(BatchesFixture.FOR_EVER)
                .jobTimeout(Duration.ofMillis(50))
                .timer(fixture.time)
                .executor(Runnable::run)
                .build();
        List.of("good", "good", "good", "bad", "bad", "silent").forEach(batcher::submit);
        batcher.submit("cancelled").cancel(false);
        batcher.flush();
        batcher.submit("late");
        fixture.advanceMillis(50);
        batcher.submit("abandoned");
        assertThat(batcher.shutdownNow()).containsExactly("abandoned");
        BatcherStats stats = batcher.stats();
        assertThat(stats.jobs(JobOutcome.SUCCEEDED)).isEqualTo(3);
        assertThat(stats.jobs(JobOutcome.FAILED)).isEqualTo(2);
        assertThat(stats.jobs(JobOutcome.MISSING)).isEqualTo(1);
        assertThat(stats.jobs(JobOutcome.CANCELLED)).isEqualTo(1);
        assertThat(stats.jobs(JobOutcome.TIMED_OUT)).isEqualTo(1);
        assertThat(stats.jobs(JobOutcome.ABANDONED)).isEqualTo(1);
        assertThat(stats.ended()).isEqualTo(9);
        assertThat(stats.accepted()).isEqualTo(9);
        assertThat(batcher.submit("too late")).isCompletedExceptionally();
        assertThat(batcher.stats().rejected()).isEqualTo(1);
        assertThat(batcher.stats().accepted()).isEqualTo(9);
    }

    @Test
    void resultsThatBelongToNobodyAreCounted() {
        MicroBatcher<String, String> tooMany = MicroBatcher.builder((List<String> jobs) -> List.of("1", "2", "3", "4"))
                .batchSize(2)
                .batchCycle(Duration.ofMinutes(1))
                .timer(fixture.time)
                .executor(Runnable::run)
                .build();
        List.of("a", "b").forEach(tooMany::submit);
        assertThat(tooMany.stats().unmatched()).isEqualTo(2);

        MicroBatcher<Job<String>, String> strangers = MicroBatcher.builder(
                        BatchProcessor.<String, String>byId(jobs -> List.of(JobResult.success(7, "for nobody"))))
                .batchSize(1)
                .timer(fixture.time)
                .executor(Runnable::run)
                .build();
        strangers.submit(new Job<>(1, "a"));
        assertThat(strangers.stats().unmatched()).isEqualTo(1);
        assertThat(strangers.stats().jobs(JobOutcome.MISSING)).isEqualTo(1);
    }

    @Test
    void blockedCallersAreCountedWhileTheyWait() throws Exception {
        MicroBatcher<String, String> batcher =
                fixture.held().batchSize(1).maxPending(1).build();
        batcher.submit("a");
        Blocked<CompletableFuture<String>> caller = Blocked.in(batcher, () -> batcher.submit("b"));
        assertThat(batcher.stats().blocked()).isEqualTo(1);
        assertThat(batcher.stats().accepted()).isEqualTo(1);
        fixture.finish(0);
        caller.outcome();
        assertThat(batcher.stats().blocked()).isZero();
        assertThat(batcher.stats().accepted()).isEqualTo(2);
    }

    @Test
    void aCallbackSeesItsOwnJobAsEndedAndItsSlotAsFree() {
        MicroBatcher<String, String> batcher = fixture.held().batchSize(2).build();
        AtomicReference<BatcherStats> seen = new AtomicReference<>();
        batcher.submit("a").thenRun(() -> seen.set(batcher.stats()));
        batcher.submit("b");
        fixture.finish(0);
        assertThat(seen.get().ended()).isEqualTo(2);
        assertThat(seen.get().pending()).isZero();
        assertThat(seen.get().inFlightBatches()).isZero();
    }

    @Test
    void everySnapshotAgreesWithWhatWasSubmittedWhileOthersAreAtWork() throws Exception {
        AtomicLong begun = new AtomicLong();
        AtomicLong returned = new AtomicLong();
        MicroBatcher<Integer, Integer> batcher = MicroBatcher.builder((List<Integer> jobs) -> {
                    if (jobs.get(0) % 3 == 0) {
                        throw new IllegalStateException("every third");
                    }
                    return jobs;
                })
                .batchSize(7)
                .batchCycle(Duration.ofNanos(100_000))
                .maxConcurrentBatches(3)
                .maxPending(50)
                .overflow(OverflowPolicy.REJECT)
                .build();
        List<Thread> submitters = IntStream.range(0, 3)
                .mapToObj(t -> new Thread(() -> {
                    for (int i = 0; i < 20_000; i++) {
                        begun.incrementAndGet();
                        CompletableFuture<Integer> job = batcher.submit(i);
                        if (i % 11 == 0) {
                            job.cancel(false);
                        }
                        returned.incrementAndGet();
                    }
                }))
                .toList();
        submitters.forEach(Thread::start);
        List<String> wrong = new ArrayList<>();
        BatcherStats before = batcher.stats();
        while (submitters.stream().anyMatch(Thread::isAlive)) {
            long least = returned.get();
            BatcherStats now = batcher.stats();
            long most = begun.get();
            expect(wrong, now.accepted() + now.rejected() >= least, "a returned job is missing", now);
            expect(wrong, now.accepted() + now.rejected() <= most, "more jobs than were submitted", now);
            expect(wrong, now.accepted() >= before.accepted(), "accepted went back", now);
            expect(wrong, now.ended() >= before.ended(), "ended went back", now);
            expect(wrong, now.batches() >= before.batches(), "batches went back", now);
            expect(wrong, now.waiting() >= 0 && now.inFlight() >= 0, "negative", now);
            expect(wrong, now.pending() <= 50, "more than maxPending", now);
            expect(wrong, now.inFlightBatches() <= 3, "more than the slots", now);
            expect(wrong, now.inFlight() <= 7 * now.inFlightBatches(), "jobs in flight without a batch", now);
            expect(wrong, now.meanBatchSize() <= 7 && now.meanBatchFill() <= 1, "overfull", now);
            before = now;
        }
        assertThat(wrong).isEmpty();
        batcher.drain().get(30, TimeUnit.SECONDS);
        assertThat(batcher.stats().accepted() + batcher.stats().rejected()).isEqualTo(60_000);
        assertThat(batcher.stats().pending()).isZero();
        batcher.close();
    }

    private static void expect(List<String> wrong, boolean holds, String what, BatcherStats stats) {
        if (!holds && wrong.size() < 10) {
            wrong.add(what + ": " + stats);
        }
    }
}
