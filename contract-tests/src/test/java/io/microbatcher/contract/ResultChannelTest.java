package io.microbatcher.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.microbatcher.BatchProcessor;
import io.microbatcher.BatcherClosedException;
import io.microbatcher.BatcherFullException;
import io.microbatcher.JobFailedException;
import io.microbatcher.MicroBatcher;
import io.microbatcher.OverflowPolicy;
import io.microbatcher.ResultChannel;
import io.microbatcher.ResultChannel.Result;
import io.microbatcher.test.ManualExecutor;
import io.microbatcher.test.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What comes out of a channel, and in which order; all on one thread. */
class ResultChannelTest {
    private static final Duration CYCLE = Duration.ofMillis(10);

    private final VirtualTime time = new VirtualTime();

    @Test
    void r1_5_resultsComeInTheOrderOfArrivalEachWithItsJob() throws Exception {
        MicroBatcher<String, Integer> batcher = builder(BatchProcessor.<String, Integer>streaming((jobs, answers) -> {
                    for (int position : new int[] {2, 0, 1}) {
                        answers.complete(position, jobs.get(position).length());
                    }
                }))
                .batchSize(3)
                .build();
        ResultChannel<String, Integer> channel = batcher.openChannel();

        channel.submit("a");
        channel.submit("bb");
        channel.submit("ccc");

        assertThat(channel.take()).isEqualTo(new Result<>("ccc", 3, null));
        assertThat(channel.take()).isEqualTo(new Result<>("a", 1, null));
        assertThat(channel.take()).isEqualTo(new Result<>("bb", 2, null));
    }

    @Test
    void r1_3_aNullResultIsAResult() throws Exception {
        ResultChannel<String, Void> channel =
                builder(BatchProcessor.<String>sink(jobs -> {})).build().openChannel();

        channel.submit("a");
        channel.halfClose();
        time.advance(CYCLE);

        Result<String, Void> result = channel.take();
        assertThat(result).isEqualTo(new Result<>("a", null, null));
        assertThat(result.succeeded()).isTrue();
        assertThat(channel.take()).as("the end").isNull();
    }

    @Test
    void r1_5_aFailedJobIsAnElementAndTheChannelGoesOn() throws Exception {
        Exception boom = new Exception("boom");
        ResultChannel<String, String> channel = builder(BatchProcessor.<String, String>streaming((jobs, answers) -> {
                    answers.fail(0, boom);
                    answers.complete(1, "fine");
                }))
                .batchSize(2)
                .build()
                .openChannel();

        channel.submit("a");
        channel.submit("b");

        Result<String, String> failed = channel.take();
        assertThat(failed.job()).isEqualTo("a");
        assertThat(failed.succeeded()).isFalse();
        assertThat(failed.failure()).isInstanceOf(JobFailedException.class).hasCause(boom);
        assertThat(channel.take()).isEqualTo(new Result<>("b", "fine", null));
    }

    @Test
    void pollTakesWhatHasArrivedAndNothingElse() throws Exception {
        ResultChannel<String, String> channel = echo().build().openChannel();
        channel.submit("a");

        assertThat(channel.poll()).isNull();
        assertThat(channel.poll(Duration.ZERO)).isNull();
        assertThat(channel.poll(Duration.ofSeconds(-1))).isNull();
        assertThat(channel.poll(Duration.ofNanos(1))).isNull();
        time.advance(CYCLE);

        assertThat(channel.poll(Duration.ofSeconds(30))).isEqualTo(new Result<>("a", "a", null));
        assertThat(channel.poll()).isNull();
    }

    @Test
    void trySubmitIsRefusedUntilAResultWasTaken() {
        ResultChannel<String, String> channel = echo().build().openChannel(2);

        assertThat(channel.trySubmit("a")).isTrue();
        assertThat(channel.trySubmit("b")).isTrue();
        assertThat(channel.trySubmit("c")).isFalse();
        time.advance(CYCLE);
        assertThat(channel.trySubmit("c")).as("arrived is not taken").isFalse();
        assertThat(channel.poll()).isNotNull();
        assertThat(channel.trySubmit("c")).isTrue();
    }

    @Test
    void trySubmitIsRefusedByAFullBatcherAndLeavesNothingInTheChannel() {
        ResultChannel<String, String> channel = echo().maxPending(1).build().openChannel(10);

        assertThat(channel.trySubmit("a")).isTrue();
        assertThat(channel.trySubmit("b")).isFalse();
        channel.halfClose();
        time.advance(CYCLE);

        assertThat(channel).extracting(Result::job).containsExactly("a");
        assertThat(channel.isFinished()).isTrue();
    }

    @Test
    void anIteratorEndsAfterTheLastResultOfAHalfClosedChannel() throws Exception {
        ResultChannel<String, String> channel = echo().batchSize(4).build().openChannel();
        for (String job : List.of("a", "b", "c", "d")) {
            channel.submit(job);
        }
        channel.halfClose();

        Iterator<Result<String, String>> one = channel.iterator();
        Iterator<Result<String, String>> other = channel.iterator();
        List<String> jobs = new ArrayList<>();
        while (one.hasNext() && other.hasNext()) {
            assertThat(one.hasNext()).as("asking twice takes one").isTrue();
            jobs.add(one.next().job());
            jobs.add(other.next().job());
        }

        assertThat(jobs).as("each result goes to one iterator").containsExactly("a", "b", "c", "d");
        assertThat(channel.isFinished()).isTrue();
        assertThatExceptionOfType(NoSuchElementException.class)
                .isThrownBy(one::next)
                .withMessageContaining("half-closed");
    }

    @Test
    void anInterruptEndsAnIterationAndKeepsTheFlag() {
        ResultChannel<String, String> channel = echo().build().openChannel();

        Thread.currentThread().interrupt();
        Throwable thrown = catchThrowable(() -> channel.iterator().hasNext());

        assertThat(Thread.interrupted()).as("interrupt flag").isTrue();
        assertThat(thrown).isInstanceOf(IllegalStateException.class).hasCauseInstanceOf(InterruptedException.class);
    }

    @Test
    void r2_7_nonsenseIsRefused() {
        MicroBatcher<String, String> batcher = echo().build();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> batcher.openChannel(0))
                .withMessage("capacity must be 1 or more, but was 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> batcher.openChannel(Integer.MIN_VALUE))
                .withMessageContaining("capacity must be 1 or more");
        ResultChannel<String, String> channel = batcher.openChannel(1);
        assertThatNullPointerException().isThrownBy(() -> channel.submit(null)).withMessageContaining("job");
        assertThatNullPointerException()
                .isThrownBy(() -> channel.trySubmit(null))
                .withMessageContaining("job");
        assertThatNullPointerException().isThrownBy(() -> channel.poll(null)).withMessageContaining("timeout");
        assertThatNullPointerException()
                .isThrownBy(() -> channel.subscribe(null))
                .withMessageContaining("subscriber");
        assertThat(channel.trySubmit("a")).as("no place was lost").isTrue();
    }

    @Test
    void aJobThatIsRefusedArrivesWithTheReason() throws Exception {
        ResultChannel<String, String> channel =
                echo().maxPending(1).overflow(OverflowPolicy.REJECT).build().openChannel();

        channel.submit("a");
        channel.submit("b");
        Result<String, String> refused = channel.take();

        assertThat(refused.job()).isEqualTo("b");
        assertThat(refused.failure()).isInstanceOf(BatcherFullException.class);
    }

    @Test
    void r1_1_aJobWhoseWeigherFailsArrives() throws Exception {
        ArithmeticException boom = new ArithmeticException("boom");
        ResultChannel<String, String> channel = echo().maxBatchWeight(100, job -> {
                    throw boom;
                })
                .build()
                .openChannel();

        channel.submit("a");
        assertThat(channel.trySubmit("b")).as("trying again would not help").isTrue();

        assertThat(channel.take().failure())
                .isInstanceOf(JobFailedException.class)
                .hasCause(boom);
        assertThat(channel.take().failure())
                .isInstanceOf(JobFailedException.class)
                .hasCause(boom);
    }

    @Test
    void aJobHeavierThanMaxPendingWeightArrivesOrIsNotSubmitted() throws Exception {
        ResultChannel<String, String> channel = echo().maxBatchWeight(100, String::length)
                .maxPendingWeight(3)
                .build()
                .openChannel(1);

        assertThat(channel.trySubmit("heavy")).isFalse();
        channel.submit("heavy");

        assertThat(channel.take().failure()).isInstanceOf(BatcherFullException.class);
    }

    @Test
    void r1_7_aJobThatTimesOutArrives() throws Exception {
        ResultChannel<String, String> channel = echo().batchCycle(Duration.ofHours(1))
                .jobTimeout(Duration.ofSeconds(1))
                .build()
                .openChannel();

        channel.submit("a");
        time.advance(Duration.ofSeconds(1));

        Result<String, String> late = channel.take();
        assertThat(late.job()).isEqualTo("a");
        assertThat(late.failure()).isInstanceOf(JobFailedException.class).hasCauseInstanceOf(TimeoutException.class);
    }

    @Test
    void r4_1_closingTheBatcherDoesNotEndTheChannel() throws Exception {
        MicroBatcher<String, String> batcher = echo().build();
        ResultChannel<String, String> channel = batcher.openChannel();
        channel.submit("a");
        channel.submit("b");

        batcher.close();
        assertThat(channel.isFinished()).isFalse();
        channel.submit("late");
        assertThat(channel.trySubmit("later")).as("it would never be accepted").isTrue();
        channel.halfClose();

        assertThat(channel.take()).isEqualTo(new Result<>("a", "a", null));
        assertThat(channel.take()).isEqualTo(new Result<>("b", "b", null));
        assertThat(channel.take().failure()).isInstanceOf(BatcherClosedException.class);
        assertThat(channel.take().failure()).isInstanceOf(BatcherClosedException.class);
        assertThat(channel.take()).as("the end").isNull();
    }

    @Test
    void r4_3_waitingJobsArriveAsFailuresAfterShutdownNow() throws Exception {
        MicroBatcher<String, String> batcher = echo().build();
        ResultChannel<String, String> channel = batcher.openChannel();
        channel.submit("a");
        channel.halfClose();

        assertThat(batcher.shutdownNow()).containsExactly("a");

        Result<String, String> abandoned = channel.take();
        assertThat(abandoned.job()).isEqualTo("a");
        assertThat(abandoned.failure()).isInstanceOf(BatcherClosedException.class);
        assertThat(channel.take()).as("the end").isNull();
    }

    @Test
    void r2_6_afterADrainTheResultsAreInTheChannel() throws Exception {
        ManualExecutor executor = new ManualExecutor();
        MicroBatcher<String, String> batcher = echo().executor(executor).build();
        ResultChannel<String, String> channel = batcher.openChannel();
        channel.submit("a");
        AtomicReference<Result<String, String>> found = new AtomicReference<>();

        // on the thread that ends the job: nothing can hide between the two
        batcher.drain().thenRun(() -> found.set(channel.poll()));
        executor.runAll();

        assertThat(found.get()).isEqualTo(new Result<>("a", "a", null));
    }

    @Test
    void r4_4_takingInTheProcessorIsRefusedIfItWouldWait() {
        AtomicReference<ResultChannel<String, String>> channel = new AtomicReference<>();
        List<Object> seen = new ArrayList<>();
        MicroBatcher<String, String> batcher = builder((List<String> jobs) -> {
                    seen.add(channel.get().take().job()); // has arrived already
                    seen.add(channel.get().poll(Duration.ZERO) == null);
                    seen.add(catchThrowable(() -> channel.get().take()));
                    seen.add(catchThrowable(() -> channel.get().poll(Duration.ofSeconds(30))));
                    return jobs;
                })
                .name("mine")
                .maxPending(1)
                .overflow(OverflowPolicy.REJECT)
                .build();
        channel.set(batcher.openChannel());

        assertThat(channel.get().trySubmit("a")).isTrue();
        assertThatIllegalStateException().isThrownBy(() -> {
            channel.get().submit("refused"); // arrives at once
            time.advance(CYCLE);
            throw (Throwable) seen.get(2);
        });
        assertThat(seen.subList(0, 2)).containsExactly("refused", true);
        assertThat((Throwable) seen.get(3))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("mine");
    }

    @Test
    void r4_4_takingInACallbackIsRefusedIfItWouldWaitForItsOwnThread() throws Exception {
        MicroBatcher<String, String> batcher = echo().batchSize(2).build();
        ResultChannel<String, String> channel = batcher.openChannel();
        AtomicReference<Throwable> thrown = new AtomicReference<>();

        // the callback of the first job runs on the thread that has the second one's result in its hand
        batcher.submit("first").thenRun(() -> thrown.set(catchThrowable(channel::take)));
        channel.submit("second");

        assertThat(thrown.get()).isInstanceOf(IllegalStateException.class);
        assertThat(channel.take()).isEqualTo(new Result<>("second", "second", null));
    }

    @Test
    void r4_4_submittingInTheProcessorIsRefusedIfItWouldWait() throws Exception {
        AtomicReference<ResultChannel<String, String>> channel = new AtomicReference<>();
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        MicroBatcher<String, String> batcher = builder((List<String> jobs) -> {
                    thrown.set(catchThrowable(() -> channel.get().submit("more")));
                    return jobs;
                })
                .batchSize(1)
                .build();
        channel.set(batcher.openChannel(1));

        channel.get().submit("a");

        assertThat(thrown.get()).isInstanceOf(BatcherFullException.class).hasMessageContaining("capacity");
        channel.get().halfClose();
        assertThat(channel.get()).extracting(Result::job).containsExactly("a");
    }

    private MicroBatcher.Builder<String, String> echo() {
        return builder((List<String> jobs) -> jobs);
    }

    private <J, R> MicroBatcher.Builder<J, R> builder(BatchProcessor<J, R> processor) {
        return MicroBatcher.builder(processor)
                .batchSize(100)
                .batchCycle(CYCLE)
                .timer(time)
                .executor(Runnable::run);
    }
}
