package io.microbatcher.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.microbatcher.BatcherFullException;
import io.microbatcher.MicroBatcher;
import io.microbatcher.ResultChannel;
import io.microbatcher.ResultChannel.Result;
import io.microbatcher.test.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** A channel as a {@link Flow.Publisher}, beyond what {@link ReactiveStreamsTckTest} examines. */
class ResultChannelPublisherTest {
    private static final Duration CYCLE = Duration.ofMillis(10);

    private final VirtualTime time = new VirtualTime();
    private final List<Integer> processed = new ArrayList<>();
    private final MicroBatcher<Integer, Integer> batcher = MicroBatcher.builder((List<Integer> jobs) -> {
                processed.addAll(jobs);
                return jobs;
            })
            .batchSize(3)
            .batchCycle(CYCLE)
            .timer(time)
            .executor(Runnable::run)
            .build();
    private final ResultChannel<Integer, Integer> channel = batcher.openChannel(200_000);
    private final Recorder recorder = new Recorder();

    @Test
    void demandIsHonoured() throws Exception {
        channel.subscribe(recorder);
        submit(0, 3);
        assertThat(recorder.events).containsExactly("subscribed");

        recorder.subscription.request(2);
        assertThat(recorder.events).containsExactly("subscribed", "0", "1");
        recorder.subscription.request(2);
        submit(3, 3);
        assertThat(recorder.events).containsExactly("subscribed", "0", "1", "2", "3");
    }

    @Test
    void completionFollowsTheLastResultWithoutDemand() throws Exception {
        channel.subscribe(recorder);
        recorder.subscription.request(3);
        submit(0, 3);
        assertThat(recorder.events).doesNotContain("completed");

        channel.halfClose();

        assertThat(recorder.events).containsExactly("subscribed", "0", "1", "2", "completed");
    }

    @Test
    void aHalfClosedChannelCompletesWhenItsLastResultHasArrived() throws Exception {
        channel.subscribe(recorder);
        recorder.subscription.request(Long.MAX_VALUE);
        submit(0, 1);
        channel.halfClose();
        assertThat(recorder.events).containsExactly("subscribed");

        time.advance(CYCLE);

        assertThat(recorder.events).containsExactly("subscribed", "0", "completed");
    }

    @Test
    void completionFollowsALastResultThatWasTakenPastTheSubscriber() throws Exception {
        channel.subscribe(recorder);
        recorder.subscription.request(1);
        submit(0, 3);
        channel.halfClose();

        assertThat(channel.take()).isEqualTo(new Result<>(1, 1, null));
        assertThat(recorder.events).containsExactly("subscribed", "0");
        assertThat(channel.poll()).isEqualTo(new Result<>(2, 2, null));
        assertThat(recorder.events).containsExactly("subscribed", "0", "completed");
    }

    @Test
    void aSecondSubscriberIsRefusedAndHarmsNothing() throws Exception {
        channel.subscribe(recorder);
        Recorder second = new Recorder();
        second.atSubscription = subscription -> subscription.request(10);

        channel.subscribe(second);
        second.subscription.request(-1);
        second.subscription.cancel();
        recorder.subscription.request(Long.MAX_VALUE);
        submit(0, 3);

        assertThat(second.events).containsExactly("subscribed", "failed");
        assertThat(second.failure).isInstanceOf(IllegalStateException.class).hasMessageContaining("one subscriber");
        assertThat(recorder.events).containsExactly("subscribed", "0", "1", "2");
    }

    @Test
    void r1_6_cancellingClosesTheChannel() throws Exception {
        channel.subscribe(recorder);
        recorder.subscription.request(Long.MAX_VALUE);
        submit(0, 2);

        recorder.subscription.cancel();
        time.advance(CYCLE);

        assertThat(processed).isEmpty();
        assertThat(channel.isFinished()).isTrue();
        assertThat(recorder.events).containsExactly("subscribed");
    }

    @Test
    void aSubscriberThatThrowsIsCancelled() throws Exception {
        recorder.atNext = result -> {
            throw new IllegalArgumentException("on purpose");
        };
        channel.subscribe(recorder);
        recorder.subscription.request(Long.MAX_VALUE);
        CompletableFuture<Integer> neighbour = submitAfter(batcher, 0, 1);

        assertThat(neighbour).isCompletedWithValue(2);
        assertThat(channel.isFinished()).isTrue();
        assertThat(recorder.events).containsExactly("subscribed", "0");
    }

    @Test
    void aSubscriberThatThrowsWhenItIsIntroducedIsCancelled() throws Exception {
        recorder.atSubscription = subscription -> {
            throw new IllegalArgumentException("on purpose");
        };
        submit(0, 1);

        channel.subscribe(recorder);

        assertThat(channel.isFinished()).isTrue();
        assertThat(recorder.events).containsExactly("subscribed");
    }

    @Test
    void r1_6_aSubscriberThatThrowsAtItsEndStillClosesTheChannel() throws Exception {
        recorder.atEnd = () -> {
            throw new IllegalArgumentException("on purpose");
        };
        channel.subscribe(recorder);
        submit(0, 1);

        recorder.subscription.request(0);
        time.advance(CYCLE);

        assertThat(channel.isFinished()).isTrue();
        assertThat(processed).isEmpty();
    }

    @Test
    void aRequestForNothingEndsWithAnErrorAndClosesTheChannel() throws Exception {
        channel.subscribe(recorder);
        submit(0, 1);

        recorder.subscription.request(0);
        recorder.subscription.request(1);
        time.advance(CYCLE);

        assertThat(recorder.events).containsExactly("subscribed", "failed");
        assertThat(recorder.failure)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("rule 3.9");
        assertThat(channel.isFinished()).isTrue();
        assertThat(processed).isEmpty();
    }

    @Test
    void closingTellsTheSubscriberThatThereWasMore() throws Exception {
        channel.subscribe(recorder);
        recorder.subscription.request(Long.MAX_VALUE);
        submit(0, 1);

        channel.close();

        assertThat(recorder.events).containsExactly("subscribed", "failed");
        assertThat(recorder.failure).isInstanceOf(IllegalStateException.class).hasMessageContaining("closed before");
    }

    @Test
    void aSubscriberThatComesAfterTheCloseIsToldSo() throws Exception {
        submit(0, 1);
        channel.close();

        channel.subscribe(recorder);

        assertThat(recorder.events).containsExactly("subscribed", "failed");
    }

    @Test
    void closingAFinishedChannelTellsNobodyAnything() throws Exception {
        channel.subscribe(recorder);
        recorder.subscription.request(Long.MAX_VALUE);
        submit(0, 3);
        channel.halfClose();

        channel.close();

        assertThat(recorder.events).containsExactly("subscribed", "0", "1", "2", "completed");
    }

    @Test
    void aHundredThousandRequestsFromInsideDoNotRecurse() throws Exception {
        recorder.atNext = result -> recorder.subscription.request(1);
        submit(0, 100_000);
        channel.halfClose();
        time.advance(CYCLE);

        channel.subscribe(recorder);
        recorder.subscription.request(1);

        assertThat(recorder.events).hasSize(100_002).endsWith("99999", "completed");
    }

    @Test
    void r4_4_aSubscriberThatSubmitsIntoItsOwnFullChannelIsRefused() throws Exception {
        ResultChannel<Integer, Integer> narrow = batcher.openChannel(3);
        AtomicReference<Throwable> first = new AtomicReference<>();
        AtomicReference<Throwable> second = new AtomicReference<>();
        recorder.atNext = result -> {
            if (result.job() == 0) {
                first.set(catchThrowable(() -> narrow.submit(10))); // in the place of the result that it was given
                second.set(catchThrowable(() -> narrow.submit(11)));
            }
        };
        recorder.atSubscription = subscription -> {
            for (int job = 0; job < 3; job++) {
                assertThat(narrow.trySubmit(job)).isTrue();
            }
            assertThat(catchThrowable(() -> narrow.submit(3))).isInstanceOf(BatcherFullException.class);
        };

        narrow.subscribe(recorder); // this thread signals, and is in no callback of the batcher
        recorder.subscription.request(Long.MAX_VALUE);

        assertThat(first.get()).isNull();
        assertThat(second.get()).isInstanceOf(BatcherFullException.class).hasMessageContaining("capacity");
        narrow.halfClose();
        time.advance(CYCLE);
        assertThat(recorder.events).containsExactly("subscribed", "0", "1", "2", "10", "completed");
    }

    @Test
    void r1_1_aLongStreamIsHandedOverSoThatNeighboursGetTheirResults() throws Exception {
        Thread delivering = Thread.currentThread();
        CompletableFuture<Thread> lastOn = new CompletableFuture<>();
        CompletableFuture<Integer> neighbour = new CompletableFuture<>();
        recorder.atNext = result -> {
            if (result.job() == 998) {
                if (Thread.currentThread() != delivering) {
                    neighbour.orTimeout(30, TimeUnit.SECONDS).join();
                }
                lastOn.complete(Thread.currentThread());
            }
        };
        channel.subscribe(recorder);
        submit(0, 999);

        // in the middle of a delivery the subscriber asks for what has piled up
        batcher.submit(-1).thenRun(() -> recorder.subscription.request(Long.MAX_VALUE));
        batcher.submit(-2).thenAccept(neighbour::complete);
        batcher.submit(-3);

        assertThat(lastOn.get(30, TimeUnit.SECONDS)).isNotSameAs(delivering);
        assertThat(neighbour).isCompletedWithValue(-2);
    }

    private void submit(int from, int count) throws InterruptedException {
        for (int job = from; job < from + count; job++) {
            channel.submit(job);
        }
    }

    /** Two jobs of the channel and a plain one behind them, in one batch. */
    private CompletableFuture<Integer> submitAfter(MicroBatcher<Integer, Integer> batcher, int first, int second)
            throws InterruptedException {
        channel.submit(first);
        channel.submit(second);
        return batcher.submit(second + 1);
    }

    /** Writes down what it is told, in order. */
    private static final class Recorder implements Flow.Subscriber<Result<Integer, Integer>> {
        final List<String> events = new ArrayList<>();
        Flow.Subscription subscription;
        Throwable failure;
        Consumer<Flow.Subscription> atSubscription = subscription -> {};
        Consumer<Result<Integer, Integer>> atNext = result -> {};
        Runnable atEnd = () -> {};

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            this.subscription = subscription;
            events.add("subscribed");
            atSubscription.accept(subscription);
        }

        @Override
        public void onNext(Result<Integer, Integer> result) {
            events.add(String.valueOf(result.job()));
            atNext.accept(result);
        }

        @Override
        public void onError(Throwable failure) {
            this.failure = failure;
            events.add("failed");
            atEnd.run();
        }

        @Override
        public void onComplete() {
            events.add("completed");
            atEnd.run();
        }
    }
}
