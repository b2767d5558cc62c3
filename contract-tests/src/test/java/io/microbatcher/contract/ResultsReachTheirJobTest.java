package io.microbatcher.contract;

import static io.microbatcher.contract.Caller.failureOf;
import static io.microbatcher.contract.Caller.resultOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.microbatcher.BatchListener;
import io.microbatcher.BatchProcessor;
import io.microbatcher.Job;
import io.microbatcher.JobFailedException;
import io.microbatcher.JobOutcome;
import io.microbatcher.JobResult;
import io.microbatcher.MicroBatcher;
import io.microbatcher.MissingResultException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** R1.2 and R1.3: each caller gets the answer that is meant for it, or is told that there is none. */
class ResultsReachTheirJobTest {
    private final List<Object> unmatched = new CopyOnWriteArrayList<>();
    private final List<String> ends = new CopyOnWriteArrayList<>();

    private <J, R> MicroBatcher<J, R> batcher(int batchSize, BatchProcessor<J, R> processor) {
        return MicroBatcher.builder(processor)
                .batchSize(batchSize)
                .batchCycle(Duration.ofDays(1))
                .executor(Runnable::run)
                .listener(new BatchListener() {
                    @Override
                    public void unmatched(BatchInfo batch, Object result) {
                        unmatched.add(result);
                    }

                    @Override
                    public void ended(Object job, JobOutcome outcome, long waitNanos, long totalNanos) {
                        ends.add(outcome.name());
                    }
                })
                .build();
    }

    private static List<CompletableFuture<String>> submit(MicroBatcher<Job<String>, String> batcher, String... params) {
        return Stream.of(params)
                .map(param -> batcher.submit(new Job<>("id-" + param, param)))
                .toList();
    }

    private static List<String> upper(List<Job<String>> jobs) {
        return jobs.stream()
                .map(job -> job.param().toUpperCase(java.util.Locale.ROOT))
                .toList();
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "SINK")
    void r1_2_everyFormGivesEachJobItsOwnResult(ProcessorForm form) {
        var batcher = batcher(100, form.of(ResultsReachTheirJobTest::upper));
        String[] params = IntStream.range(0, 250).mapToObj(i -> "p" + i).toArray(String[]::new);
        var futures = submit(batcher, params);
        batcher.flush();
        for (int i = 0; i < params.length; i++) {
            assertThat(resultOf(futures.get(i))).isEqualTo("P" + i);
        }
        assertThat(unmatched).isEmpty();
    }

    @Test
    void r1_2_aSinkGivesNullToEachJob() {
        var batcher = batcher(2, ProcessorForm.SINK.of(jobs -> null));
        assertThat(submit(batcher, "a", "b"))
                .allSatisfy(future -> assertThat(resultOf(future)).isNull());
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "SINK")
    void r1_2_equalJobsAllGetAnAnswer(ProcessorForm form) {
        var batcher = batcher(4, form.of(ResultsReachTheirJobTest::upper));
        assertThat(submit(batcher, "a", "b", "a", "a"))
                .extracting(Caller::resultOf)
                .containsExactly("A", "B", "A", "A");
        assertThat(batcher.stats().jobs(JobOutcome.SUCCEEDED)).isEqualTo(4);
    }

    @Test
    void r1_2_theSameObjectSubmittedTwiceIsTwoJobs() {
        var batcher = batcher(2, ProcessorForm.POSITION.of(jobs -> List.of("first", "second")));
        Job<String> job = new Job<>(1, "a");
        assertThat(List.of(batcher.submit(job), batcher.submit(job)))
                .extracting(Caller::resultOf)
                .containsExactly("first", "second");
    }

    @Test
    void r1_2_byIdTheNthResultOfAnIdGoesToTheNthJobWithIt() {
        MicroBatcher<Job<Integer>, String> batcher = batcher(
                4,
                BatchProcessor.byId(jobs -> List.of(
                        JobResult.success("x", "x1"),
                        JobResult.success("y", "y1"),
                        JobResult.failure("x", new IllegalStateException("x2")),
                        JobResult.success("x", "x3"))));
        var first = batcher.submit(new Job<>("x", 1));
        var second = batcher.submit(new Job<>("x", 2));
        var other = batcher.submit(new Job<>("y", 3));
        var third = batcher.submit(new Job<>("x", 4));
        assertThat(resultOf(first)).isEqualTo("x1");
        assertThat(failureOf(second)).isInstanceOf(JobFailedException.class).hasRootCauseMessage("x2");
        assertThat(resultOf(other)).isEqualTo("y1");
        assertThat(resultOf(third)).isEqualTo("x3");
    }

    @Test
    void r1_2_byIdTheLastResultOfAnIdAnswersTheJobsThatRemain() {
        MicroBatcher<Job<Integer>, String> batcher =
                batcher(3, BatchProcessor.byId(jobs -> List.of(JobResult.success("x", "only"))));
        assertThat(Stream.of(1, 2, 3)
                        .map(n -> batcher.submit(new Job<>("x", n)))
                        .toList())
                .extracting(Caller::resultOf)
                .containsOnly("only");
    }

    @Test
    void r1_2_byIdIsNotConfusedByIdsThatShareAHashCode() {
        MicroBatcher<Job<Integer>, String> batcher = batcher(
                2,
                BatchProcessor.byId(
                        jobs -> List.of(JobResult.success("BB", "of BB"), JobResult.success("Aa", "of Aa"))));
        var one = batcher.submit(new Job<>("Aa", 1));
        var two = batcher.submit(new Job<>("BB", 2));
        assertThat(resultOf(one)).isEqualTo("of Aa");
        assertThat(resultOf(two)).isEqualTo("of BB");
    }

    @Test
    void r1_2_byKeyTellsANullValueFromAnAbsentKey() {
        Map<String, String> answers = new HashMap<>();
        answers.put("null", null);
        answers.put("value", "v");
        MicroBatcher<String, String> batcher = batcher(3, BatchProcessor.byKey(jobs -> answers));
        var ofNull = batcher.submit("null");
        var ofNothing = batcher.submit("absent");
        var ofValue = batcher.submit("value");
        assertThat(resultOf(ofNull)).isNull();
        assertThat(failureOf(ofNothing)).isInstanceOf(MissingResultException.class);
        assertThat(resultOf(ofValue)).isEqualTo("v");
    }

    @Test
    void r1_2_byKeyANullKeyIsAKey() {
        Map<String, String> answers = new HashMap<>();
        answers.put(null, "of null");
        MicroBatcher<String, String> batcher =
                batcher(1, BatchProcessor.byKey(job -> null, (List<String> jobs) -> answers));
        assertThat(resultOf(batcher.submit("a"))).isEqualTo("of null");
    }

    @Test
    void r1_2_aProcessorThatRearrangesItsListDoesNotMisdirectResults() {
        for (ProcessorForm form : ProcessorForm.values()) {
            if (form == ProcessorForm.SINK) {
                continue;
            }
            var batcher = batcher(3, form.of(jobs -> {
                List<String> results = upper(jobs);
                Collections.reverse(jobs);
                jobs.clear();
                return results;
            }));
            assertThat(submit(batcher, "a", "b", "c"))
                    .as(form.name())
                    .extracting(Caller::resultOf)
                    .containsExactly("A", "B", "C");
        }
    }

    @Test
    void r1_2_jobsNeedNeitherEqualsNorHashCodeNorToString() {
        class Prickly {
            @Override
            public boolean equals(Object other) {
                throw new UnsupportedOperationException("equals");
            }

            @Override
            public int hashCode() {
                throw new UnsupportedOperationException("hashCode");
            }

            @Override
            public String toString() {
                throw new UnsupportedOperationException("toString");
            }
        }
        MicroBatcher<Prickly, Integer> batcher = batcher(2, jobs -> List.of(1));
        var first = batcher.submit(new Prickly());
        var second = batcher.submit(new Prickly());
        assertThat(resultOf(first)).isEqualTo(1);
        assertThat(failureOf(second)).isInstanceOf(MissingResultException.class);
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "SINK")
    void r1_3_aJobWithoutAResultIsToldSoByName(ProcessorForm form) {
        var batcher = batcher(3, form.of(jobs -> upper(jobs).subList(0, 2)));
        var futures = submit(batcher, "a", "b", "c");
        assertThat(resultOf(futures.get(0))).isEqualTo("A");
        assertThat(resultOf(futures.get(1))).isEqualTo("B");
        assertThat(failureOf(futures.get(2)))
                .isExactlyInstanceOf(MissingResultException.class)
                .hasMessageContaining("job 3 of 3")
                .hasNoCause();
        assertThat(batcher.stats().jobs(JobOutcome.MISSING)).isEqualTo(1);
        assertThat(ends).containsExactlyInAnyOrder("SUCCEEDED", "SUCCEEDED", "MISSING");
        assertThat(unmatched).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "SINK")
    void r1_3_noResultsAtAllIsMissingForEachJobWithAnExceptionOfItsOwn(ProcessorForm form) {
        var batcher = batcher(2, form.of(jobs -> List.of()));
        var futures = submit(batcher, "a", "b");
        assertThat(failureOf(futures.get(0)))
                .isInstanceOf(MissingResultException.class)
                .isNotSameAs(failureOf(futures.get(1)));
        assertThat(failureOf(futures.get(1))).isInstanceOf(MissingResultException.class);
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "SINK")
    void r1_3_resultsOfNoJobAreDroppedCountedAndReported(ProcessorForm form) {
        var batcher = batcher(2, form.of(jobs -> {
            List<String> results = new ArrayList<>(upper(jobs));
            results.add("stray");
            results.add(null);
            return results;
        }));
        var futures = submit(batcher, "a", "b");
        assertThat(futures).extracting(Caller::resultOf).containsExactly("A", "B");
        batcher.close();
        assertThat(batcher.stats().unmatched()).isEqualTo(2);
        assertThat(unmatched)
                .extracting(result -> result instanceof JobResult<?> answer ? answer.value() : result)
                .containsExactlyInAnyOrder("stray", null);
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "SINK")
    void r1_3_nullIsALegalResult(ProcessorForm form) {
        var batcher = batcher(3, form.of(jobs -> Arrays.asList("A", null, null)));
        assertThat(submit(batcher, "a", "b", "c")).extracting(Caller::resultOf).containsExactly("A", null, null);
        assertThat(batcher.stats().jobs(JobOutcome.SUCCEEDED)).isEqualTo(3);
    }

    @ParameterizedTest
    @EnumSource(names = {"POSITION", "BY_ID", "BY_KEY", "ASYNC_AT_ONCE", "ASYNC_LATER"})
    void r1_3_nullInPlaceOfTheWholeAnswerFailsTheBatch(ProcessorForm form) {
        var batcher = batcher(2, form.of(jobs -> null));
        assertThat(submit(batcher, "a", "b"))
                .allSatisfy(future -> assertThat(failureOf(future))
                        .isExactlyInstanceOf(JobFailedException.class)
                        .cause()
                        .isInstanceOf(NullPointerException.class)
                        .hasMessageContaining("null"));
        assertThat(batcher.stats().jobs(JobOutcome.FAILED)).isEqualTo(2);
    }

    @Test
    void r1_3_nullInPlaceOfTheStageFailsTheBatch() {
        MicroBatcher<String, String> batcher = batcher(1, BatchProcessor.async(jobs -> null));
        assertThat(failureOf(batcher.submit("a"))).hasCauseInstanceOf(NullPointerException.class);
        assertThat(batcher.stats().inFlightBatches()).isZero();
    }

    @Test
    void r1_3_nullAmongTheAnswersByIdBelongsToNoJob() {
        MicroBatcher<Job<String>, String> batcher =
                batcher(2, BatchProcessor.byId(jobs -> Arrays.asList(null, JobResult.success("id-b", "B"))));
        var futures = submit(batcher, "a", "b");
        assertThat(failureOf(futures.get(0))).isInstanceOf(MissingResultException.class);
        assertThat(resultOf(futures.get(1))).isEqualTo("B");
        assertThat(unmatched).containsExactly((Object) null);
        assertThat(batcher.stats().unmatched()).isEqualTo(1);
    }

    @Test
    void r1_3_aSecondAnswerToOneJobIsUnmatchedAndChangesNothing() {
        MicroBatcher<String, String> batcher = batcher(2, BatchProcessor.streaming((jobs, answers) -> {
            answers.complete(0, "first");
            answers.complete(0, "second");
            answers.fail(0, new IllegalStateException("third"));
            answers.complete(1, "other");
        }));
        var one = batcher.submit("a");
        var two = batcher.submit("b");
        assertThat(resultOf(one)).isEqualTo("first");
        assertThat(resultOf(two)).isEqualTo("other");
        assertThat(batcher.stats().unmatched()).isEqualTo(2);
        assertThat(unmatched.get(0)).isEqualTo("second");
        assertThat(unmatched.get(1)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void r1_3_answersToPositionsThatDoNotExistAreUnmatched() {
        MicroBatcher<String, String> batcher = batcher(1, BatchProcessor.streaming((jobs, answers) -> {
            answers.complete(-1, "before");
            answers.complete(1, "behind");
            answers.complete(Integer.MAX_VALUE, "far behind");
            answers.complete(Integer.MIN_VALUE, "far before");
            assertThat(answers.isEnded(-1)).isTrue();
            assertThat(answers.isEnded(7)).isTrue();
            assertThat(answers.isEnded(0)).isFalse();
            answers.complete(0, "right");
            assertThat(answers.isEnded(0)).isTrue();
        }));
        assertThat(resultOf(batcher.submit("a"))).isEqualTo("right");
        assertThat(unmatched).containsExactly("before", "behind", "far behind", "far before");
        assertThat(batcher.stats().unmatched()).isEqualTo(4);
    }

    @Test
    void r1_3_anAnswerAfterTheCallHasReturnedIsUnmatched() {
        List<BatchProcessor.Answers<? super String>> kept = new ArrayList<>();
        MicroBatcher<String, String> batcher =
                batcher(1, BatchProcessor.streaming((jobs, answers) -> kept.add(answers)));
        assertThat(failureOf(batcher.submit("a"))).isInstanceOf(MissingResultException.class);
        kept.get(0).complete(0, "late");
        Caller.doElsewhere(() -> kept.get(0).fail(0, new IllegalStateException("later")));
        assertThat(batcher.stats().unmatched()).isEqualTo(2);
        assertThat(batcher.stats().jobs(JobOutcome.MISSING)).isEqualTo(1);
        assertThat(unmatched).hasSize(2).first().isEqualTo("late");
    }

    @Test
    void r1_3_theMessageSaysHowManyResultsThereWere() {
        MicroBatcher<String, String> batcher = batcher(40, jobs -> jobs.subList(0, 39));
        List<CompletableFuture<String>> futures =
                IntStream.range(0, 40).mapToObj(i -> batcher.submit("j" + i)).toList();
        assertThat(failureOf(Objects.requireNonNull(futures.get(39))))
                .hasMessageContaining("job 40 of 40")
                .hasMessageContaining("39 results");
    }
}
