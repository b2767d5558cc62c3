package io.microbatcher.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.microbatcher.BatchProcessor;
import io.microbatcher.JobFailedException;
import io.microbatcher.JobOutcome;
import io.microbatcher.MicroBatcher;
import io.microbatcher.OverflowPolicy;
import io.microbatcher.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(120) // a hang fails instead of stopping the build
class PermitsTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final BatchesFixture fixture = new BatchesFixture();

    private void assertRoomForExactly(int jobs, MicroBatcher<String, String> batcher) {
        assertThat(batcher.stats().pending()).isZero();
        assertThat(batcher.stats().inFlightBatches()).isZero();
        for (int i = 0; i < jobs; i++) {
            assertThat(batcher.submit("fits:1")).isNotCompletedExceptionally();
        }
        assertThat(batcher.submit("exceeds:1")).isCompletedExceptionally();
    }

    private MicroBatcher.Builder<String, String> narrow(MicroBatcher.Builder<String, String> builder) {
        return builder.batchSize(10)
                .maxBatchWeight(100, BatchesFixture::weightOf)
                .maxPending(4)
                .maxPendingWeight(4)
                .overflow(OverflowPolicy.REJECT);
    }

    @Test
    void r3_4_roomComesBackWhenABatchSucceeds() {
        MicroBatcher<String, String> batcher = narrow(fixture.held()).build();
        List.of("a:1", "b:3").forEach(batcher::submit);
        batcher.flush();
        fixture.finish(0);
        assertRoomForExactly(4, batcher);
    }

    @Test
    void r3_4_roomComesBackWhenABatchFails() {
        MicroBatcher<String, String> batcher = narrow(fixture.held()).build();
        List.of("a:1", "b:3").forEach(batcher::submit);
        batcher.flush();
        fixture.fail(0, new IllegalStateException("backend is down"));
        assertRoomForExactly(4, batcher);
    }

    @Test
    void r3_4_roomComesBackWhenWaitingJobsAreCancelled() {
        MicroBatcher<String, String> batcher = narrow(fixture.held()).build();
        List<CompletableFuture<String>> jobs = List.of(batcher.submit("a:1"), batcher.submit("b:3"));
        jobs.forEach(job -> job.cancel(false));
        jobs.forEach(job -> job.cancel(false)); // twice gives back once
        assertRoomForExactly(4, batcher);
    }

    @Test
    void r3_4_roomComesBackOnceWhenJobsInFlightAreCancelled() {
        MicroBatcher<String, String> batcher = narrow(fixture.held()).build();
        List<CompletableFuture<String>> jobs = List.of(batcher.submit("a:1"), batcher.submit("b:3"));
        batcher.flush();
        jobs.get(1).cancel(false);
        assertThat(batcher.stats().pending()).isEqualTo(1);
        assertThat(batcher.submit("c:3")).isNotDone();
        assertThat(batcher.submit("d:1")).isCompletedExceptionally();
        fixture.finish(0); // b's answer gives nothing back a second time
        batcher.flush();
        fixture.finish(1);
        assertRoomForExactly(4, batcher);
    }

    @Test
    void r3_4_roomComesBackWhenJobsTimeOutWhereverTheyAre() {
        MicroBatcher<String, String> batcher = narrow(fixture.held())
                .batchSize(2)
                .jobTimeout(Duration.ofMillis(50))
                .build();
        List.of("a:1", "b:1", "c:1", "d:1").forEach(batcher::submit); // two in flight, two wait
        fixture.advanceMillis(50);
        assertThat(batcher.stats().jobs(JobOutcome.TIMED_OUT)).isEqualTo(4);
        assertThat(batcher.stats().pending()).isZero();
        fixture.finish(0);
        assertRoomForExactly(4, batcher);
    }

    @Test
    void r3_4_roomAndSlotComeBackWhenTheExecutorRefuses() {
        MicroBatcher<String, String> batcher = narrow(fixture.onDemand()).build();
        fixture.workers.refuse(true);
        List<CompletableFuture<String>> jobs = List.of(batcher.submit("a:1"), batcher.submit("b:3"));
        batcher.flush();
        await().atMost(LIMIT).until(() -> jobs.stream().allMatch(CompletableFuture::isDone));
        assertThat(jobs)
                .allSatisfy(job -> assertThatThrownBy(job::join)
                        .cause()
                        .isInstanceOf(JobFailedException.class)
                        .hasCauseInstanceOf(RejectedExecutionException.class));
        fixture.workers.refuse(false);
        assertRoomForExactly(4, batcher);
        batcher.flush();
        fixture.workers.runAll();
        assertThat(fixture.sent)
                .singleElement()
                .satisfies(batch -> assertThat(batch).hasSize(4));
    }

    @Test
    void r3_4_nothingIsReservedForAJobThatCannotBeWeighed() {
        AtomicReference<RuntimeException> scales = new AtomicReference<>(new IllegalStateException("broken scales"));
        MicroBatcher<String, String> batcher = fixture.held()
                .batchSize(10)
                .maxBatchWeight(100, job -> {
                    RuntimeException broken = scales.get();
                    if (broken != null) {
                        throw broken;
                    }
                    return BatchesFixture.weightOf(job);
                })
                .maxPending(4)
                .maxPendingWeight(4)
                .overflow(OverflowPolicy.REJECT)
                .build();
        for (int i = 0; i < 10; i++) {
            assertThatThrownBy(batcher.submit("a:1")::join)
                    .cause()
                    .isInstanceOf(JobFailedException.class)
                    .hasRootCauseMessage("broken scales");
        }
        scales.set(null);
        assertThatThrownBy(batcher.submit("negative:-1")::join)
                .cause()
                .isInstanceOf(JobFailedException.class)
                .hasRootCauseMessage("a weight must be 0 or more, but was -1");
        assertThat(batcher.stats().rejected()).isEqualTo(11);
        assertThat(batcher.stats().accepted()).isZero();
        assertRoomForExactly(4, batcher);
    }

    @Test
    void r3_4_nothingIsReservedForCallersThatGaveUp() throws Exception {
        MicroBatcher<String, String> batcher = fixture.held()
                .batchSize(10)
                .maxBatchWeight(100, BatchesFixture::weightOf)
                .maxPending(4)
                .maxPendingWeight(4)
                .build();
        IntStream.range(0, 4).forEach(i -> batcher.submit("a:1"));
        for (int i = 0; i < 5; i++) {
            Blocked<String> caller = Blocked.in(batcher, () -> batcher.run("b:1"));
            caller.thread.interrupt();
            assertThatThrownBy(caller::outcome).hasCauseInstanceOf(InterruptedException.class);
        }
        for (int i = 0; i < fixture.sent.size(); i++) {
            fixture.finish(i);
        }
        assertThat(batcher.stats().pending()).isZero();
        assertRoomForExactlyByChannel(4, batcher);
    }

    @ParameterizedTest
    @EnumSource(OverflowPolicy.class)
    void r3_4_aStormOfEverythingThatCanGoWrongLosesNoRoom(OverflowPolicy overflow) throws Exception {
        int room = 16;
        StoppableClock clock = new StoppableClock();
        AtomicBoolean calm = new AtomicBoolean();
        CountDownLatch hold = new CountDownLatch(1);
        ExecutorService pool = Executors.newCachedThreadPool();
        MicroBatcher<String, String> batcher = MicroBatcher.builder(BatchProcessor.<String, String>streaming(
                        (jobs, answers) -> {
                            if (calm.get()) {
                                hold.await();
                            }
                            for (int i = 0; i < jobs.size(); i++) {
                                switch (ThreadLocalRandom.current().nextInt(6)) {
                                    case 0 -> answers.fail(i, new IllegalStateException("this one"));
                                    case 1 -> throw new IllegalStateException("all of them");
                                    case 2 -> {} // no answer
                                    default -> answers.complete(i, "done");
                                }
                            }
                        }))
                .batchSize(5)
                .batchCycle(Duration.ofNanos(200_000))
                .maxBatchWeight(7, job -> {
                    if (!calm.get() && ThreadLocalRandom.current().nextInt(10) == 0) {
                        throw new IllegalStateException("broken scales");
                    }
                    return BatchesFixture.weightOf(job);
                })
                .maxConcurrentBatches(3)
                .maxPending(room)
                .maxPendingWeight(room)
                .overflow(overflow)
                .jobTimeout(Duration.ofMillis(2))
                .timer(clock)
                .executor(task -> {
                    if (!calm.get() && ThreadLocalRandom.current().nextInt(10) == 0) {
                        throw new RejectedExecutionException("not now");
                    }
                    pool.execute(task);
                })
                .build();
        ExecutorService callers = Executors.newFixedThreadPool(6);
        try {
            List<Future<?>> storm = new ArrayList<>();
            for (int seed = 0; seed < 6; seed++) {
                Random random = new Random(seed);
                storm.add(callers.submit(() -> storm(batcher, random)));
            }
            for (Future<?> caller : storm) {
                caller.get(120, TimeUnit.SECONDS);
            }
            batcher.drain().get(30, TimeUnit.SECONDS);
            await().atMost(LIMIT).until(() -> batcher.stats().inFlightBatches() == 0);
            assertThat(batcher.stats().pending()).isZero();
            assertThat(batcher.stats().blocked()).isZero();
        } finally {
            callers.shutdownNow();
        }
        calm.set(true);
        clock.stop();
        assertRoomForExactlyByChannel(room, batcher);
        hold.countDown();
        batcher.close();
        pool.shutdown();
    }

    /** Real time until it stops: then nothing times out any more. */
    private static final class StoppableClock implements Timer {
        private final ScheduledExecutorService alarms = Executors.newSingleThreadScheduledExecutor();
        private final long origin = System.nanoTime();
        private volatile long stoppedAt = Long.MAX_VALUE;

        void stop() {
            stoppedAt = nanos();
            alarms.shutdownNow();
        }

        @Override
        public long nanos() {
            return Math.min(stoppedAt, System.nanoTime() - origin);
        }

        @Override
        public void schedule(long atNanos, Runnable task) {
            if (stoppedAt == Long.MAX_VALUE) {
                alarms.schedule(task, atNanos - nanos(), TimeUnit.NANOSECONDS);
            }
        }
    }

    private static void storm(MicroBatcher<String, String> batcher, Random random) {
        for (int i = 0; i < 1_500; i++) {
            String job = "j:" + random.nextInt(4);
            try {
                switch (random.nextInt(6)) {
                    case 0 -> batcher.submit(job).cancel(true);
                    case 1 -> batcher.run(job, Duration.ofNanos(random.nextInt(300_000)));
                    case 2 -> {
                        Thread.currentThread().interrupt();
                        batcher.submit(job);
                    }
                    case 3 -> {
                        Thread.currentThread().interrupt();
                        batcher.run(job);
                    }
                    case 4 -> batcher.submit(job).complete("from outside");
                    default -> batcher.submit(job);
                }
            } catch (Exception expected) {
                // each of them is a way to end
            } finally {
                Thread.interrupted();
            }
        }
    }

    /** Where callers block, a channel tells without blocking whether there is room. */
    private static void assertRoomForExactlyByChannel(int jobs, MicroBatcher<String, String> batcher) {
        try (var channel = batcher.openChannel()) {
            for (int i = 0; i < jobs; i++) {
                assertThat(channel.trySubmit("fits:1")).isTrue();
            }
            assertThat(channel.trySubmit("exceeds:1")).isFalse();
        }
    }
}
