package io.microbatcher.contract;

import static io.microbatcher.contract.Caller.failureOf;
import static io.microbatcher.contract.Caller.resultOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.microbatcher.BatchProcessor;
import io.microbatcher.Job;
import io.microbatcher.JobFailedException;
import io.microbatcher.JobOutcome;
import io.microbatcher.JobResult;
import io.microbatcher.MicroBatcher;
import io.microbatcher.MissingResultException;
import io.microbatcher.test.ManualExecutor;
import java.io.IOException;
import java.time.Duration;
import java.util.AbstractCollection;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** R1.4 and R1.5: a failure reaches the jobs that it concerns, each with an exception of its own, and no other. */
class FailedBatchesTest {
    private static <J, R> MicroBatcher<J, R> batcher(int batchSize, BatchProcessor<J, R> processor) {
        return MicroBatcher.builder(processor)
                .batchSize(batchSize)
                .batchCycle(Duration.ofDays(1))
                .executor(Runnable::run)
                .build();
    }

    static Stream<Arguments> everyFormAndThrowable() {
        List<Throwable> thrown = List.of(
                new IllegalStateException("runtime"),
                new IOException("checked"),
                new InterruptedException("interrupted"),
                new CancellationException("cancelled"),
                new AssertionError("assertion"),
                new StackOverflowError("stack"),
                new OutOfMemoryError("memory"),
                new NoClassDefFoundError("linkage"),
                new Throwable("neither exception nor error"));
        return Stream.of(ProcessorForm.values())
                .flatMap(form -> thrown.stream().map(cause -> Arguments.of(form, cause)));
    }

    @ParameterizedTest
    @MethodSource("everyFormAndThrowable")
    void r1_4_eachJobOfTheBatchFailsWithAnExceptionOfItsOwnAndLaterJobsAreUntouched(
            ProcessorForm form, Throwable thrown) {
        List<String> seen = new ArrayList<>();
        MicroBatcher<Job<String>, String> batcher = batcher(2, form.of(jobs -> {
            List<String> params = jobs.stream().map(Job::param).toList();
            if (params.contains("bad")) {
                Caller.<RuntimeException, Void>sneak(thrown);
            }
            seen.addAll(params);
            return params;
        }));
        var good = submit(batcher, "a", "b");
        good.forEach(Caller::awaitEnd);
        var bad = submit(batcher, "bad", "neighbour");
        var first = failureOf(bad.get(0));
        var second = failureOf(bad.get(1));
        assertThat(first).isExactlyInstanceOf(JobFailedException.class).cause().isSameAs(thrown);
        assertThat(second).isExactlyInstanceOf(JobFailedException.class).cause().isSameAs(thrown);
        assertThat(first).isNotSameAs(second);
        submit(batcher, "c", "d").forEach(Caller::resultOf);
        good.forEach(Caller::resultOf);
        batcher.close();
        assertThat(seen).containsExactly("a", "b", "c", "d");
        assertThat(batcher.stats().jobs(JobOutcome.FAILED)).isEqualTo(2);
        assertThat(batcher.stats().jobs(JobOutcome.SUCCEEDED)).isEqualTo(4);
    }

    private static List<CompletableFuture<String>> submit(MicroBatcher<Job<String>, String> batcher, String... params) {
        return Stream.of(params)
                .map(param -> batcher.submit(new Job<>(param, param)))
                .toList();
    }

    @Test
    void r1_4_aStageThatFailsIsUnwrapped() {
        IOException cause = new IOException("backend");
        MicroBatcher<String, String> batcher = batcher(
                1,
                BatchProcessor.async(jobs ->
                        CompletableFuture.failedStage(new CompletionException(new CompletionException(cause)))));
        assertThat(failureOf(batcher.submit("a"))).cause().isSameAs(cause);
    }

    @Test
    void r1_4_aStageThatIsCancelledFailsItsBatchWithoutCancellingTheJobs() {
        CompletableFuture<List<String>> stage = new CompletableFuture<>();
        MicroBatcher<String, String> batcher = batcher(1, BatchProcessor.async(jobs -> stage));
        var future = batcher.submit("a");
        stage.cancel(true);
        assertThat(failureOf(future))
                .isInstanceOf(JobFailedException.class)
                .hasCauseInstanceOf(CancellationException.class);
        assertThat(future.isCancelled()).isFalse();
    }

    @Test
    void r1_4_aStageThatCannotBeAwaitedFailsItsBatch() {
        class Unwatchable extends CompletableFuture<List<String>> {
            @Override
            public CompletableFuture<List<String>> whenComplete(
                    java.util.function.BiConsumer<? super List<String>, ? super Throwable> action) {
                throw new UnsupportedOperationException("whenComplete");
            }
        }
        MicroBatcher<String, String> batcher = batcher(1, BatchProcessor.async(jobs -> new Unwatchable()));
        assertThat(failureOf(batcher.submit("a"))).hasRootCauseMessage("whenComplete");
        assertThat(failureOf(batcher.submit("b"))).hasRootCauseMessage("whenComplete");
    }

    @Test
    void r1_4_collectionsThatThrowFailTheirBatchOnly() {
        List<Integer> broken = new AbstractList<>() {
            @Override
            public Integer get(int index) {
                throw new IndexOutOfBoundsException("get");
            }

            @Override
            public int size() {
                return 2;
            }
        };
        Collection<JobResult<String>> brokenResults = new AbstractCollection<>() {
            @Override
            public Iterator<JobResult<String>> iterator() {
                throw new IllegalStateException("iterator");
            }

            @Override
            public int size() {
                return 2;
            }
        };
        MicroBatcher<Integer, Integer> byPosition = batcher(2, jobs -> jobs.contains(0) ? broken : jobs);
        var bad = List.of(byPosition.submit(0), byPosition.submit(1));
        assertThat(bad).allSatisfy(future -> assertThat(failureOf(future)).hasRootCauseMessage("get"));
        byPosition.submit(2);
        assertThat(resultOf(byPosition.submit(3))).isEqualTo(3);

        MicroBatcher<Job<String>, String> byId = batcher(1, BatchProcessor.byId(jobs -> brokenResults));
        assertThat(failureOf(byId.submit(new Job<>(1, "a")))).hasRootCauseMessage("iterator");

        MicroBatcher<Integer, Integer> async =
                batcher(1, BatchProcessor.async(jobs -> CompletableFuture.completedFuture(broken)));
        assertThat(failureOf(async.submit(1))).hasRootCauseMessage("get");
        assertThat(async.stats().inFlightBatches()).isZero();
    }

    @Test
    void r1_4_batchesInFlightAtTheSameTimeDoNotSeeTheFailure() {
        CountDownLatch failed = new CountDownLatch(1);
        MicroBatcher<String, String> batcher = MicroBatcher.builder((List<String> jobs) -> {
                    if (jobs.contains("bad")) {
                        throw new IllegalStateException("bad");
                    }
                    Caller.await(failed);
                    return jobs;
                })
                .batchSize(1)
                .maxConcurrentBatches(2)
                .build();
        var slow = batcher.submit("slow");
        assertThat(failureOf(batcher.submit("bad"))).isInstanceOf(JobFailedException.class);
        failed.countDown();
        assertThat(resultOf(slow)).isEqualTo("slow");
        assertThat(resultOf(batcher.submit("later"))).isEqualTo("later");
    }

    @Test
    void r1_4_aThousandFailuresInARowLeaveTheBatcherAlive() {
        MicroBatcher<Integer, Integer> batcher = batcher(1, jobs -> {
            if (jobs.get(0) < 1_000) {
                throw new AssertionError("not yet");
            }
            return jobs;
        });
        IntStream.range(0, 1_000)
                .forEach(i -> assertThat(failureOf(batcher.submit(i))).isNotNull());
        assertThat(resultOf(batcher.submit(1_000))).isEqualTo(1_000);
    }

    @Test
    void r1_4_runThrowsTheExceptionOfItsOwnJobWithTheStackOfItsOwnThread() {
        MicroBatcher<String, String> batcher = batcher(1, jobs -> {
            throw new IOException("backend");
        });
        assertThatThrownBy(() -> batcher.run("a"))
                .isExactlyInstanceOf(JobFailedException.class)
                .hasCauseInstanceOf(IOException.class)
                .satisfies(thrown -> assertThat(thrown.getStackTrace())
                        .anyMatch(frame -> frame.getClassName().equals(FailedBatchesTest.class.getName())));
    }

    @Test
    void r1_5_byIdOneJobFailsAndItsNeighboursAreAnswered() {
        IOException cause = new IOException("poison");
        MicroBatcher<Job<String>, String> batcher = batcher(
                3,
                BatchProcessor.byId(jobs -> List.of(
                        JobResult.success("a", "A"), JobResult.failure("b", cause), JobResult.success("c", "C"))));
        var futures = submit(batcher, "a", "b", "c");
        assertThat(resultOf(futures.get(0))).isEqualTo("A");
        assertThat(failureOf(futures.get(1)))
                .isExactlyInstanceOf(JobFailedException.class)
                .cause()
                .isSameAs(cause);
        assertThat(resultOf(futures.get(2))).isEqualTo("C");
    }

    @Test
    void r1_5_oneFailureThatAnswersTwoJobsIsTwoExceptions() {
        MicroBatcher<Job<String>, String> batcher =
                batcher(2, BatchProcessor.byId(jobs -> List.of(JobResult.failure("x", new IOException("x")))));
        var one = batcher.submit(new Job<>("x", "1"));
        var two = batcher.submit(new Job<>("x", "2"));
        assertThat(failureOf(one)).isNotSameAs(failureOf(two)).isInstanceOf(JobFailedException.class);
    }

    @Test
    void r1_5_aKeyFunctionThatThrowsFailsThatJobAlone() {
        for (Throwable thrown : List.of(new IllegalStateException("key"), new StackOverflowError("key"))) {
            MicroBatcher<String, String> batcher = batcher(
                    3,
                    BatchProcessor.byKey(
                            job -> job.equals("b") ? Caller.<RuntimeException, String>sneak(thrown) : job,
                            (List<String> jobs) -> java.util.Map.of("a", "A", "b", "B", "c", "C")));
            var a = batcher.submit("a");
            var b = batcher.submit("b");
            var c = batcher.submit("c");
            assertThat(resultOf(a)).isEqualTo("A");
            assertThat(failureOf(b))
                    .isInstanceOf(JobFailedException.class)
                    .cause()
                    .isSameAs(thrown);
            assertThat(resultOf(c)).isEqualTo("C");
        }
    }

    @Test
    void r1_5_answersArriveWhileTheBatchStillRuns() {
        CountDownLatch seen = new CountDownLatch(1);
        MicroBatcher<String, String> batcher = MicroBatcher.builder(
                        BatchProcessor.<String, String>streaming((jobs, answers) -> {
                            answers.complete(1, "B");
                            answers.fail(0, new IOException("A"));
                            Caller.await(seen); // returns only when the callers have theirs
                            answers.complete(2, "C");
                        }))
                .batchSize(3)
                .batchCycle(Duration.ofDays(1))
                .build();
        var a = batcher.submit("a");
        var b = batcher.submit("b");
        var c = batcher.submit("c");
        assertThat(resultOf(b)).isEqualTo("B");
        assertThat(failureOf(a)).hasCauseInstanceOf(IOException.class);
        assertThat(c).isNotDone();
        assertThat(batcher.stats().inFlight()).isEqualTo(1);
        assertThat(batcher.stats().inFlightBatches()).isEqualTo(1);
        seen.countDown();
        assertThat(resultOf(c)).isEqualTo("C");
    }

    @Test
    void r1_5_anyThreadMayAnswer() {
        int size = 64;
        MicroBatcher<Integer, Integer> batcher = MicroBatcher.builder(BatchProcessor.<Integer, Integer>streaming(
                        (jobs, answers) -> {
                            List<CompletableFuture<Void>> helpers = IntStream.range(0, 4)
                                    .mapToObj(from -> Caller.elsewhere(() -> {
                                        for (int i = 0; i < size; i++) { // all try each: one wins
                                            int position = (i + from * 16) % size;
                                            answers.complete(position, jobs.get(position) * 2);
                                        }
                                    }))
                                    .toList();
                            helpers.forEach(Caller::resultOf);
                        }))
                .batchSize(size)
                .batchCycle(Duration.ofDays(1))
                .build();
        List<CompletableFuture<Integer>> futures =
                IntStream.range(0, size).mapToObj(batcher::submit).toList();
        for (int i = 0; i < size; i++) {
            assertThat(resultOf(futures.get(i))).isEqualTo(i * 2);
        }
        await().atMost(Caller.PATIENCE)
                .until(() -> batcher.stats().inFlightBatches() == 0); // the losers go on when all jobs have ended
        assertThat(batcher.stats().unmatched()).isEqualTo(3L * size);
        assertThat(batcher.stats().ended()).isEqualTo(size);
    }

    @Test
    void r1_5_whatWasAnsweredBeforeTheProcessorThrewStays() {
        IOException thrown = new IOException("half way");
        MicroBatcher<String, String> batcher = batcher(3, BatchProcessor.streaming((jobs, answers) -> {
            answers.complete(0, "A");
            answers.fail(1, new IllegalStateException("B"));
            throw thrown;
        }));
        var a = batcher.submit("a");
        var b = batcher.submit("b");
        var c = batcher.submit("c");
        assertThat(resultOf(a)).isEqualTo("A");
        assertThat(failureOf(b)).hasCauseInstanceOf(IllegalStateException.class);
        assertThat(failureOf(c)).cause().isSameAs(thrown);
    }

    @Test
    void r1_5_aFailureWithoutACauseIsRefusedAndTheJobIsStillOpen() {
        MicroBatcher<String, String> batcher = batcher(1, BatchProcessor.streaming((jobs, answers) -> {
            assertThatThrownBy(() -> answers.fail(0, null)).isInstanceOf(NullPointerException.class);
            answers.complete(0, "A");
        }));
        assertThat(resultOf(batcher.submit("a"))).isEqualTo("A");
    }

    @Test
    void r1_5_jobsNotAnsweredWhenTheCallReturnsHaveNoResult() {
        ManualExecutor executor = new ManualExecutor();
        MicroBatcher<String, String> batcher = MicroBatcher.builder(
                        BatchProcessor.<String, String>streaming((jobs, answers) -> answers.complete(1, "B")))
                .batchSize(2)
                .executor(executor)
                .build();
        var a = batcher.submit("a");
        var b = batcher.submit("b");
        executor.runAll();
        assertThat(failureOf(a)).isInstanceOf(MissingResultException.class);
        assertThat(resultOf(b)).isEqualTo("B");
    }
}
