package io.microbatcher.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.microbatcher.BatchProcessor;
import io.microbatcher.JobOutcome;
import io.microbatcher.MicroBatcher;
import io.microbatcher.ResultChannel;
import io.microbatcher.ResultChannel.Result;
import io.microbatcher.Timer;
import io.microbatcher.test.ManualExecutor;
import io.microbatcher.test.VirtualTime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** How a channel ends, and what becomes of those who wait in it and of the places that they hold. */
class ResultChannelClosingTest {
    private static final Duration CYCLE = Duration.ofMillis(10);

    private final VirtualTime time = new VirtualTime();
    private final List<String> processed = new CopyOnWriteArrayList<>();
    private final MicroBatcher<String, String> batcher = echo().build();

    @Test
    void aHalfClosedChannelTakesNoMoreJobsAndGivesTheRest() throws Exception {
        ResultChannel<String, String> channel = batcher.openChannel();
        channel.submit("a");
        channel.halfClose();
        channel.halfClose();

        assertThatIllegalStateException().isThrownBy(() -> channel.submit("b")).withMessageContaining("half-closed");
        assertThatIllegalStateException().isThrownBy(() -> channel.trySubmit("b"));
        assertThat(channel.isFinished()).isFalse();
        time.advance(CYCLE);

        assertThat(channel.take()).isEqualTo(new Result<>("a", "a", null));
        assertThat(channel.isFinished()).isTrue();
        assertThat(channel.take()).isNull();
        assertThat(channel.poll(Duration.ofSeconds(30))).isNull();
    }

    @Test
    void aSubmitWaitsForRoomUntilAResultIsTaken() throws Exception {
        ResultChannel<String, String> channel = fullChannel();
        InThread submit = new InThread(() -> channel.submit("b"));
        submit.awaitWaiting();
        time.advance(CYCLE);
        submit.awaitWaiting(); // arrived is not taken

        assertThat(channel.take().job()).isEqualTo("a");
        assertThat(submit.thrown()).isNull();
        time.advance(CYCLE);
        assertThat(channel.take().job()).isEqualTo("b");
    }

    @Test
    void aSubmitThatWaitsForRoomIsRefusedByHalfClose() throws Exception {
        ResultChannel<String, String> channel = fullChannel();
        InThread submit = new InThread(() -> channel.submit("b"));
        InThread another = new InThread(() -> channel.submit("c"));
        submit.awaitWaiting();
        another.awaitWaiting();

        channel.halfClose();

        assertThat(submit.thrown()).isInstanceOf(IllegalStateException.class).hasMessageContaining("half-closed");
        assertThat(another.thrown()).isInstanceOf(IllegalStateException.class);
        time.advance(CYCLE);
        assertThat(channel).extracting(Result::job).containsExactly("a");
    }

    @Test
    void aSubmitThatWaitsForRoomIsRefusedByClose() throws Exception {
        ResultChannel<String, String> channel = fullChannel();
        InThread submit = new InThread(() -> channel.submit("b"));
        submit.awaitWaiting();

        channel.close();

        assertThat(submit.thrown()).isInstanceOf(IllegalStateException.class);
        assertThat(channel.take()).isNull();
    }

    @Test
    void r1_6_aSubmitThatWaitsForRoomIsEndedByAnInterruptAndItsJobIsNotSubmitted() throws Exception {
        ResultChannel<String, String> channel = fullChannel();
        InThread submit = new InThread(() -> channel.submit("b"));
        submit.awaitWaiting();

        submit.thread.interrupt();

        assertThat(submit.thrown()).isInstanceOf(InterruptedException.class);
        channel.halfClose();
        time.advance(CYCLE);
        assertThat(channel).extracting(Result::job).containsExactly("a");
        assertThat(processed).containsExactly("a");
    }

    @Test
    void r1_6_aTakeIsEndedByAnInterruptAndLeavesTheResultToOthers() throws Exception {
        ResultChannel<String, String> channel = fullChannel();
        InThread take = new InThread(channel::take);
        take.awaitWaiting();

        take.thread.interrupt();

        assertThat(take.thrown()).isInstanceOf(InterruptedException.class);
        time.advance(CYCLE);
        assertThat(channel.take().job()).isEqualTo("a");
    }

    @Test
    void allWhoWaitForResultsSeeTheEnd() throws Exception {
        ResultChannel<String, String> channel = batcher.openChannel();
        InThread one = new InThread(() -> assertThat(channel.take()).isNull());
        InThread other =
                new InThread(() -> assertThat(channel.iterator().hasNext()).isFalse());
        InThread third =
                new InThread(() -> assertThat(channel.poll(Duration.ofDays(1))).isNull());
        List.of(one, other, third).forEach(InThread::awaitWaiting);

        channel.halfClose();

        assertThat(one.thrown()).isNull();
        assertThat(other.thrown()).isNull();
        assertThat(third.thrown()).isNull();
    }

    @Test
    void oneOfThoseWhoWaitTakesTheLastResultAndTheOthersSeeTheEnd() throws Exception {
        ResultChannel<String, String> channel = fullChannel();
        List<Object> taken = new CopyOnWriteArrayList<>();
        InThread one = new InThread(() -> taken.add(String.valueOf(channel.take())));
        InThread other = new InThread(() -> taken.add(String.valueOf(channel.take())));
        one.awaitWaiting();
        other.awaitWaiting();
        channel.halfClose();
        time.advance(CYCLE);

        assertThat(one.thrown()).isNull();
        assertThat(other.thrown()).isNull();
        assertThat(taken).containsExactlyInAnyOrder("null", new Result<>("a", "a", null).toString());
    }

    @Test
    void r1_6_closeTakesBackWaitingJobsAndDiscardsResults() throws Exception {
        ResultChannel<String, String> channel = batcher.openChannel();
        channel.submit("arrived");
        time.advance(CYCLE);
        channel.submit("waiting");
        CompletableFuture<String> neighbour = batcher.submit("neighbour");

        channel.close();
        channel.close();
        time.advance(CYCLE);

        assertThat(processed).containsExactly("arrived", "neighbour");
        assertThat(neighbour).isCompletedWithValue("neighbour");
        assertThat(channel.poll()).isNull();
        assertThat(channel.isFinished()).isTrue();
        assertThat(batcher.stats().jobs(JobOutcome.CANCELLED)).isEqualTo(1);
        assertThat(batcher.stats().pending()).isZero();
    }

    @Test
    void r1_6_jobsInFlightAreForgottenByClose() throws Exception {
        ManualExecutor executor = new ManualExecutor();
        CompletableFuture<List<String>> answer = new CompletableFuture<>();
        MicroBatcher<String, String> slow = MicroBatcher.builder(BatchProcessor.<String, String>async(jobs -> answer))
                .batchSize(1)
                .executor(executor)
                .build();
        ResultChannel<String, String> channel = slow.openChannel();
        channel.submit("a");
        executor.runAll();

        channel.close();
        answer.complete(List.of("too late"));

        assertThat(channel.poll()).isNull();
        assertThat(slow.stats().pending()).isZero();
        slow.close();
    }

    @Test
    void r3_4_closingWhileASubmitWaitsForTheBatcherLosesNoCount() throws Exception {
        ManualExecutor executor = new ManualExecutor();
        MicroBatcher<String, String> narrow =
                echo().batchSize(1).maxPending(1).executor(executor).build();
        narrow.submit("first");
        InThread ahead = new InThread(() -> narrow.submit("ahead"));
        awaitBlocked(narrow, 1);
        ResultChannel<String, String> channel = narrow.openChannel();
        InThread submit = new InThread(() -> channel.submit("blocked"));
        awaitBlocked(narrow, 2);

        channel.close();
        assertThat(narrow.stats().blocked()).as("no room has come of it").isEqualTo(2);
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            executor.runAll();
            return !ahead.thread.isAlive() && !submit.thread.isAlive();
        });

        assertThat(ahead.thrown()).isNull();
        assertThat(submit.thrown()).isNull();
        executor.runAll();
        assertThat(narrow.stats().pending()).isZero();
        assertThat(channel.take()).isNull();
        narrow.close();
        assertThat(narrow.stats().accepted()).isEqualTo(narrow.stats().ended());
    }

    @Test
    void r3_4_anErrorInsideOfSubmitGivesThePlaceBackOnce() throws Exception {
        BreakableTimer timer = new BreakableTimer(time);
        MicroBatcher<String, String> fine = echo().timer(timer).build();
        ResultChannel<String, String> channel = fine.openChannel(2);

        timer.breakAfter(1); // the job is accepted; then the batcher looks at the clock again
        Throwable thrown = catchThrowable(() -> channel.submit("a"));
        assertThat(thrown).isInstanceOf(StackOverflowError.class);
        fine.flush();
        assertThat(processed).as("it was accepted all the same").containsExactly("a");

        assertThat(channel.trySubmit("b")).isTrue();
        assertThat(channel.trySubmit("c")).as("both places are free").isTrue();
        assertThat(channel.trySubmit("d")).as("and no third one").isFalse();
        channel.halfClose();
        fine.flush();
        assertThat(channel).extracting(Result::job).containsExactly("b", "c");
        assertThat(channel.isFinished()).isTrue();
    }

    private static void awaitBlocked(MicroBatcher<?, ?> batcher, int callers) {
        await().atMost(Duration.ofSeconds(30)).until(() -> batcher.stats().blocked() == callers);
    }

    /** Fails once, after it has told the time a number of times. */
    private static final class BreakableTimer implements Timer {
        private final VirtualTime time;
        private int left = Integer.MAX_VALUE;

        BreakableTimer(VirtualTime time) {
            this.time = time;
        }

        void breakAfter(int calls) {
            left = calls;
        }

        @Override
        public long nanos() {
            if (left-- == 0) {
                left = Integer.MAX_VALUE;
                throw new StackOverflowError("on purpose");
            }
            return time.nanos();
        }

        @Override
        public void schedule(long atNanos, Runnable task) {
            time.schedule(atNanos, task);
        }
    }

    private ResultChannel<String, String> fullChannel() throws InterruptedException {
        ResultChannel<String, String> channel = batcher.openChannel(1);
        channel.submit("a");
        return channel;
    }

    private MicroBatcher.Builder<String, String> echo() {
        return MicroBatcher.builder((List<String> jobs) -> {
                    processed.addAll(jobs);
                    return jobs;
                })
                .batchSize(100)
                .batchCycle(CYCLE)
                .timer(time)
                .executor(Runnable::run);
    }
}
