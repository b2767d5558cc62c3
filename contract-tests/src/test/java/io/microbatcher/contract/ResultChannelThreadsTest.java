package io.microbatcher.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.microbatcher.MicroBatcher;
import io.microbatcher.ResultChannel;
import io.microbatcher.ResultChannel.Result;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Real threads in one channel: nothing is lost, nothing comes twice, and it ends. */
class ResultChannelThreadsTest {
    private static final int PRODUCERS = 4;
    private static final int JOBS_EACH = 5_000;

    private final Queue<Integer> taken = new ConcurrentLinkedQueue<>();

    @Test
    void r1_1_manyProducersAndManyTakersSeeEachJobOnce() throws Exception {
        try (MicroBatcher<Integer, Integer> batcher = batcher();
                ResultChannel<Integer, Integer> channel = batcher.openChannel(16)) {
            List<InThread> takers = List.of(
                    new InThread(() -> takeAll(channel)),
                    new InThread(() -> takeAll(channel)),
                    new InThread(() -> channel.forEach(this::taken)),
                    new InThread(() -> pollAll(channel, Duration.ofNanos(100))), // gives up all the time
                    new InThread(() -> pollAll(channel, Duration.ZERO)));

            join(produceAll(channel));
            channel.halfClose();
            join(takers);
        }
        assertThatEachJobWasTakenOnce();
    }

    @Test
    void r1_1_interruptsOfThoseWhoWaitLoseNothing() throws Exception {
        try (MicroBatcher<Integer, Integer> batcher = batcher();
                ResultChannel<Integer, Integer> channel = batcher.openChannel(4)) {
            List<InThread> takers = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                takers.add(new InThread(() -> takeAllDespiteInterrupts(channel)));
            }
            List<InThread> producers = produceAll(channel);
            InThread nuisance = new InThread(() -> {
                while (takers.stream().anyMatch(taker -> taker.thread.isAlive())) {
                    takers.forEach(taker -> taker.thread.interrupt());
                    Thread.onSpinWait();
                }
            });

            join(producers);
            channel.halfClose();
            join(takers);
            join(List.of(nuisance));
        }
        assertThatEachJobWasTakenOnce();
    }

    @Test
    void aSubscriberIsCalledOneAtATimeAndSharesWithTakers() throws Exception {
        CountDownLatch completed = new CountDownLatch(1);
        AtomicInteger calls = new AtomicInteger();
        AtomicInteger overlaps = new AtomicInteger();
        try (MicroBatcher<Integer, Integer> batcher = batcher();
                ResultChannel<Integer, Integer> channel = batcher.openChannel(16)) {
            channel.subscribe(new Flow.Subscriber<>() {
                private Flow.Subscription subscription;

                @Override
                public void onSubscribe(Flow.Subscription subscription) {
                    this.subscription = subscription;
                    subscription.request(1);
                }

                @Override
                public void onNext(Result<Integer, Integer> result) {
                    overlaps.addAndGet(calls.getAndIncrement());
                    taken(result);
                    subscription.request(1);
                    calls.decrementAndGet();
                }

                @Override
                public void onError(Throwable failure) {
                    throw new AssertionError(failure);
                }

                @Override
                public void onComplete() {
                    overlaps.addAndGet(calls.get());
                    completed.countDown();
                }
            });
            List<InThread> takers = List.of(
                    new InThread(() -> takeAll(channel)), new InThread(() -> pollAll(channel, Duration.ofNanos(100))));

            join(produceAll(channel));
            channel.halfClose();
            join(takers);
            assertThat(completed.await(30, TimeUnit.SECONDS)).as("completed").isTrue();
        }
        assertThat(overlaps).hasValue(0);
        assertThatEachJobWasTakenOnce();
    }

    @Test
    void r3_4_closingInTheMiddleOfSubmitsLosesNoCount() throws Exception {
        try (MicroBatcher<Integer, Integer> batcher = batcher()) {
            for (int round = 0; round < 500; round++) {
                ResultChannel<Integer, Integer> channel = batcher.openChannel(8);
                List<InThread> threads = new ArrayList<>();
                for (int i = 0; i < 2; i++) {
                    threads.add(new InThread(() -> {
                        try {
                            for (int job = 0; ; job++) {
                                channel.submit(job);
                            }
                        } catch (IllegalStateException closed) {
                            // as it should be
                        }
                    }));
                }
                assertThat(channel.take()).isNotNull();
                channel.close();
                join(threads);
            }
            batcher.drain().get(30, TimeUnit.SECONDS);
            assertThat(batcher.stats().pending()).isZero();
            assertThat(batcher.run(7)).isEqualTo(7);
        }
    }

    @Test
    void theEndNeverOvertakesTheIntroductionNorACloseTheTruth() throws Exception {
        try (MicroBatcher<Integer, Integer> batcher = batcher()) {
            for (int round = 0; round < 2_000; round++) {
                ResultChannel<Integer, Integer> channel = batcher.openChannel(8);
                channel.submit(round);
                Witness witness = new Witness();
                CountDownLatch go = new CountDownLatch(1);
                InThread closer = new InThread(() -> {
                    go.await();
                    channel.close(); // half-closes, with a result that was not taken: not a completion
                });
                go.countDown();
                channel.subscribe(witness);
                assertThat(closer.thrown()).isNull();
                assertThat(witness.ended.await(30, TimeUnit.SECONDS)).isTrue();
                assertThat(witness.events).containsExactly("subscribed", "failed");
            }
        }
    }

    /** Asks for nothing, and so can only fail. */
    private static final class Witness implements Flow.Subscriber<Result<Integer, Integer>> {
        final Queue<String> events = new ConcurrentLinkedQueue<>();
        final CountDownLatch ended = new CountDownLatch(1);

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            events.add("subscribed");
        }

        @Override
        public void onNext(Result<Integer, Integer> result) {
            events.add("result");
        }

        @Override
        public void onError(Throwable failure) {
            events.add("failed");
            ended.countDown();
        }

        @Override
        public void onComplete() {
            events.add("completed");
            ended.countDown();
        }
    }

    private static MicroBatcher<Integer, Integer> batcher() {
        return MicroBatcher.builder((List<Integer> jobs) -> jobs)
                .batchSize(5)
                .batchCycle(Duration.ZERO)
                .maxConcurrentBatches(3)
                .maxPending(10)
                .build();
    }

    private static List<InThread> produceAll(ResultChannel<Integer, Integer> channel) {
        List<InThread> producers = new ArrayList<>();
        for (int i = 0; i < PRODUCERS; i++) {
            int first = i * JOBS_EACH;
            producers.add(new InThread(() -> {
                for (int job = first; job < first + JOBS_EACH; job++) {
                    channel.submit(job);
                }
            }));
        }
        return producers;
    }

    private void takeAll(ResultChannel<Integer, Integer> channel) throws InterruptedException {
        for (Result<Integer, Integer> next = channel.take(); next != null; next = channel.take()) {
            taken(next);
        }
    }

    private void takeAllDespiteInterrupts(ResultChannel<Integer, Integer> channel) {
        while (!channel.isFinished()) {
            try {
                takeAll(channel);
            } catch (InterruptedException again) {
                // that is the point
            }
        }
    }

    private void pollAll(ResultChannel<Integer, Integer> channel, Duration timeout) throws InterruptedException {
        while (!channel.isFinished()) {
            Result<Integer, Integer> next = timeout.isZero() ? channel.poll() : channel.poll(timeout);
            if (next == null) {
                Thread.onSpinWait();
            } else {
                taken(next);
            }
        }
    }

    private void taken(Result<Integer, Integer> result) {
        assertThat(result).isEqualTo(new Result<>(result.job(), result.job(), null));
        taken.add(result.job());
    }

    private static void join(List<InThread> threads) throws Exception {
        for (InThread thread : threads) {
            assertThat(thread.thrown()).isNull();
        }
    }

    private void assertThatEachJobWasTakenOnce() {
        assertThat(taken.stream().sorted().toList())
                .isEqualTo(IntStream.range(0, PRODUCERS * JOBS_EACH).boxed().toList());
    }
}
