package io.microbatcher.contract;

import static io.microbatcher.contract.Caller.failureOf;
import static io.microbatcher.contract.Caller.resultOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.microbatcher.BatchProcessor;
import io.microbatcher.Coalescing;
import io.microbatcher.DispatchReason;
import io.microbatcher.Job;
import io.microbatcher.JobFailedException;
import io.microbatcher.MicroBatcher;
import io.microbatcher.MissingResultException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** R8.1, R8.3, R8.4: who shares an answer, and who does not. A job is its key's letter and a number. */
class CoalescingTest {
    private final BatchesFixture fixture = new BatchesFixture();

    private static Object key(String job) {
        return job.charAt(0);
    }

    @Test
    void r8_1_jobsWithEqualKeysThatWaitTogetherAreAskedOnce() {
        var batcher =
                fixture.atOnce().batchSize(9).coalesceBy(CoalescingTest::key).build();
        var a1 = batcher.submit("a1");
        var b1 = batcher.submit("b1");
        var a2 = batcher.submit("a2");
        assertThat(a2).isNotSameAs(a1);
        batcher.flush();
        assertThat(fixture.sent).containsExactly(List.of("a1", "b1"));
        assertThat(a1).isCompletedWithValue("a1!");
        assertThat(a2).isCompletedWithValue("a1!");
        assertThat(b1).isCompletedWithValue("b1!");
    }

    @ParameterizedTest
    @EnumSource(ProcessorForm.class)
    void r8_1_everyFormAnswersAllWhoAskedForTheKey(ProcessorForm form) {
        List<Integer> sizes = new ArrayList<>();
        BatchProcessor<Job<String>, String> processor = form.of(jobs -> {
            sizes.add(jobs.size());
            return jobs.stream().map(job -> job.param() + "!").toList();
        });
        var batcher = MicroBatcher.builder(processor)
                .batchSize(2)
                .coalesceBy(Job::id)
                .timer(fixture.time)
                .batchCycle(BatchesFixture.FOR_EVER)
                .build();
        List<CompletableFuture<String>> ones = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            ones.add(batcher.submit(new Job<>(1, "one")));
        }
        var two = batcher.submit(new Job<>(2, "two"));
        boolean sink = form == ProcessorForm.SINK;
        ones.forEach(one -> assertThat(resultOf(one)).isEqualTo(sink ? null : "one!"));
        assertThat(resultOf(two)).isEqualTo(sink ? null : "two!");
        assertThat(sizes).containsExactly(2);
        assertThat(batcher.stats().unmatched()).isZero();
    }

    @ParameterizedTest
    @EnumSource(ProcessorForm.class)
    void r8_1_aFailureReachesEachCallerInAnExceptionOfItsOwn(ProcessorForm form) {
        IllegalStateException cause = new IllegalStateException("down");
        var batcher = MicroBatcher.builder(form.of(jobs -> {
                    throw cause;
                }))
                .batchSize(2)
                .batchCycle(BatchesFixture.FOR_EVER)
                .timer(fixture.time)
                .coalesceBy(Job::id)
                .build();
        var one = batcher.submit(new Job<>(1, "one"));
        var same = batcher.submit(new Job<>(1, "one"));
        batcher.flush();
        assertThat(batcher.stats().coalesced()).isOne();
        assertThat(failureOf(one)).isInstanceOf(JobFailedException.class).hasCause(cause);
        assertThat(failureOf(same)).isInstanceOf(JobFailedException.class).hasCause(cause);
        assertThat(failureOf(same)).isNotSameAs(failureOf(one));
    }

    @Test
    void r8_1_oneJobThatFailsAloneFailsForEachOfItsCallers() {
        IllegalStateException cause = new IllegalStateException("poison");
        var batcher = MicroBatcher.builder(BatchProcessor.<String, String>streaming((jobs, answers) -> {
                    answers.fail(0, cause);
                    answers.complete(1, "fine");
                }))
                .batchSize(2)
                .batchCycle(BatchesFixture.FOR_EVER)
                .timer(fixture.time)
                .coalesceBy(CoalescingTest::key)
                .executor(Runnable::run)
                .build();
        var bad = batcher.submit("a1");
        var badToo = batcher.submit("a2");
        var good = batcher.submit("b1");
        assertThat(failureOf(bad)).isInstanceOf(JobFailedException.class).hasCause(cause);
        assertThat(failureOf(badToo)).hasCause(cause).isNotSameAs(failureOf(bad));
        assertThat(good).isCompletedWithValue("fine");
    }

    @Test
    void r8_1_aMissingResultIsMissingForEachCaller() {
        var batcher = MicroBatcher.builder((List<String> jobs) -> List.of("first"))
                .batchSize(2)
                .batchCycle(BatchesFixture.FOR_EVER)
                .timer(fixture.time)
                .coalesceBy(CoalescingTest::key)
                .executor(fixture.workers)
                .build();
        var first = batcher.submit("a1");
        var missing = batcher.submit("b1");
        var missingToo = batcher.submit("b2");
        fixture.workers.runAll();
        assertThat(first).isCompletedWithValue("first");
        assertThat(failureOf(missing))
                .isInstanceOf(MissingResultException.class)
                .hasMessageContaining("no result for job 2 of 2");
        assertThat(failureOf(missingToo))
                .isInstanceOf(MissingResultException.class)
                .isNotSameAs(failureOf(missing));
    }

    @Test
    void r8_1_keysOfDifferentLanesAreDifferentJobs() {
        var batcher = fixture.atOnce()
                .batchSize(9)
                .partitionBy(CoalescingTest::key)
                .coalesceBy(job -> job.substring(1, 2))
                .build();
        var here = batcher.submit("a1");
        var there = batcher.submit("b1");
        var again = batcher.submit("a1 again");
        batcher.flush();
        assertThat(fixture.sent).containsExactlyInAnyOrder(List.of("a1"), List.of("b1"));
        assertThat(here).isCompletedWithValue("a1!");
        assertThat(there).isCompletedWithValue("b1!");
        assertThat(again).isCompletedWithValue("a1!");
    }

    @Test
    void r8_3_aJobIsNotAnsweredByABatchThatHadLeftBeforeIt() {
        var batcher = fixture.held()
                .batchSize(1)
                .maxConcurrentBatches(2)
                .coalesceBy(CoalescingTest::key)
                .build();
        var early = batcher.submit("a1");
        var late = batcher.submit("a2");
        assertThat(fixture.sent).containsExactly(List.of("a1"), List.of("a2"));
        fixture.finish(0);
        assertThat(early).isCompletedWithValue("a1!");
        assertThat(late).isNotDone();
        fixture.finish(1);
        assertThat(late).isCompletedWithValue("a2!");
        assertThat(batcher.stats().coalesced()).isZero();
    }

    @Test
    void r8_3_lateCallersWaitTogetherForTheNextBatch() {
        var batcher =
                fixture.held().batchSize(1).coalesceBy(CoalescingTest::key).build();
        batcher.submit("a1");
        var late = batcher.submit("a2");
        var later = batcher.submit("a3");
        fixture.finish(0);
        fixture.finish(1);
        assertThat(fixture.sent).containsExactly(List.of("a1"), List.of("a2"));
        assertThat(late).isCompletedWithValue("a2!");
        assertThat(later).isCompletedWithValue("a2!");
    }

    @ParameterizedTest
    @EnumSource(Coalescing.class)
    void r8_3_whoAsksAgainWhenItHasTheAnswerIsNotAnsweredByTheBatchThatEnded(Coalescing coalescing) {
        var batcher = fixture.atOnce()
                .batchSize(1)
                .coalesceBy(CoalescingTest::key, coalescing)
                .build();
        var again = batcher.submit("a1").thenCompose(answer -> batcher.submit("a2"));
        assertThat(resultOf(again)).isEqualTo("a2!");
        assertThat(fixture.sent).containsExactly(List.of("a1"), List.of("a2"));
    }

    @ParameterizedTest
    @EnumSource(Coalescing.class)
    void r8_3_norWhileTheBatchThatAnsweredStillRuns(Coalescing coalescing) {
        List<List<String>> sent = new ArrayList<>();
        List<CompletableFuture<String>> again = new ArrayList<>();
        List<MicroBatcher<String, String>> self = new ArrayList<>();
        var batcher = MicroBatcher.builder(BatchProcessor.<String, String>streaming((jobs, answers) -> {
                    sent.add(List.copyOf(jobs));
                    answers.complete(0, jobs.get(0) + "!");
                    if (sent.size() == 1) {
                        again.add(self.get(0).submit("a3"));
                    }
                }))
                .batchSize(1)
                .coalesceBy(CoalescingTest::key, coalescing)
                .timer(fixture.time)
                .executor(fixture.workers)
                .build();
        self.add(batcher);
        batcher.submit("a1").thenAccept(answer -> again.add(batcher.submit("a2")));
        fixture.workers.runAll();
        assertThat(again).hasSize(2);
        again.forEach(job -> assertThat(resultOf(job)).isEqualTo("a2!"));
        assertThat(sent).containsExactly(List.of("a1"), List.of("a2"));
    }

    @Test
    void r8_3_joiningInFlightIsAnsweredByTheBatchThatRuns() {
        var batcher = fixture.held()
                .batchSize(2)
                .coalesceBy(CoalescingTest::key, Coalescing.JOIN_IN_FLIGHT)
                .build();
        var early = batcher.submit("a1");
        batcher.submit("b1");
        var late = batcher.submit("a2");
        assertThat(batcher.stats().inFlight()).isEqualTo(3);
        assertThat(batcher.stats().waiting()).isZero();
        fixture.finish(0);
        assertThat(early).isCompletedWithValue("a1!");
        assertThat(late).isCompletedWithValue("a1!");
        assertThat(batcher.stats().pending()).isZero();
        batcher.submit("a3");
        batcher.flush();
        assertThat(fixture.sent).containsExactly(List.of("a1", "b1"), List.of("a3"));
    }

    @Test
    void r8_4_aBatchIsFullOfKeysNotOfCallers() {
        var batcher =
                fixture.atOnce().batchSize(2).coalesceBy(CoalescingTest::key).build();
        batcher.submit("a1");
        batcher.submit("a2");
        batcher.submit("a3");
        assertThat(fixture.sent).isEmpty();
        batcher.submit("b1");
        assertThat(fixture.sent).containsExactly(List.of("a1", "b1"));
        assertThat(fixture.reasons()).containsExactly(DispatchReason.SIZE);
        assertThat(fixture.infos.get(0).size()).isEqualTo(2);
    }

    @Test
    void r8_4_aLaneIsFullOfKeysTooAndNobodyForgetsToLook() {
        var batcher = fixture.atOnce()
                .batchSize(3)
                .partitionBy(job -> job.substring(1, 2))
                .coalesceBy(CoalescingTest::key)
                .build();
        for (String job : List.of("a1", "a1", "b1", "a2", "b1", "a1", "a2", "b2")) {
            batcher.submit(job);
        }
        assertThat(fixture.sent).isEmpty();
        batcher.submit("c1");
        assertThat(fixture.sent).containsExactly(List.of("a1", "b1", "c1"));
        batcher.submit("c2");
        assertThat(fixture.sent).hasSize(2).contains(List.of("a2", "b2", "c2"));
    }

    @Test
    void r8_4_theWeightOfEqualJobsCountsOnce() {
        var batcher = fixture.atOnce()
                .batchSize(9)
                .maxBatchWeight(10, BatchesFixture::weightOf)
                .coalesceBy(CoalescingTest::key)
                .build();
        batcher.submit("a:6");
        batcher.submit("a:6");
        assertThat(fixture.sent).isEmpty();
        batcher.submit("b:4");
        assertThat(fixture.sent).containsExactly(List.of("a:6", "b:4"));
        assertThat(fixture.infos.get(0).weight()).isEqualTo(10);
    }

    @Test
    void r8_4_theJobThatIsAskedIsTheOneThatIsWeighed() {
        var batcher = fixture.atOnce()
                .batchSize(9)
                .maxBatchWeight(10, BatchesFixture::weightOf)
                .coalesceBy(CoalescingTest::key)
                .build();
        var light = batcher.submit("a:1");
        batcher.submit("a:9");
        batcher.submit("b:2");
        assertThat(fixture.sent).isEmpty();
        light.cancel(false);
        assertThat(fixture.sent).containsExactly(List.of("a:9"));
        batcher.flush();
        assertThat(Stream.of(0, 1).map(i -> fixture.infos.get(i).weight())).containsExactly(9L, 2L);
    }
}
