package io.microbatcher.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.microbatcher.JobOutcome;
import io.microbatcher.MicroBatcher;
import io.microbatcher.RetryPolicy;
import io.microbatcher.Timer;
import io.microbatcher.test.VirtualTime;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A clock that jumps, as one does when the machine was asleep, and one that lies: no job is lost over it. */
class ClockJumpsTest {

    @ParameterizedTest
    @ValueSource(longs = {1, 3_600, 365L * 24 * 3_600, 250L * 365 * 24 * 3_600})
    void r1_1_aClockThatJumpsAheadEndsEachJobOnce(long seconds) {
        VirtualTime time = new VirtualTime();
        List<CompletableFuture<String>> jobs = new ArrayList<>();
        try (MicroBatcher<String, String> batcher = MicroBatcher.builder((List<String> batch) -> batch)
                .batchSize(10)
                .batchCycle(Duration.ofMillis(10))
                .jobTimeout(Duration.ofSeconds(30))
                .batchTimeout(Duration.ofSeconds(10))
                .retry(RetryPolicy.ofAttempts(3))
                .timer(time)
                .executor(Runnable::run)
                .build()) {
            jobs.add(batcher.submit("before"));
            time.advance(Duration.ofSeconds(seconds));
            jobs.add(batcher.submit("after"));
            time.advance(Duration.ofSeconds(seconds));
            assertThat(jobs).allMatch(CompletableFuture::isDone);
            assertThat(batcher.stats().pending()).isZero();
            assertThat(batcher.stats().inFlightBatches()).isZero();
        }
    }

    @Test
    void r2_3_aClockThatGoesBackStandsStillForTheBatcher() {
        BackwardTimer timer = new BackwardTimer();
        try (MicroBatcher<String, String> batcher = MicroBatcher.builder((List<String> batch) -> batch)
                .batchSize(10)
                .batchCycle(Duration.ofNanos(100))
                .jobTimeout(Duration.ofNanos(1_000))
                .timer(timer)
                .executor(Runnable::run)
                .build()) {
            timer.now = 5_000;
            CompletableFuture<String> first = batcher.submit("first");
            timer.now = 10; // an hour was put back
            CompletableFuture<String> second = batcher.submit("second");
            timer.now = 5_100;
            timer.ring();
            assertThat(first).isCompletedWithValue("first");
            timer.ring();
            assertThat(second).isDone();
            assertThat(batcher.stats().pending()).isZero();
            assertThat(batcher.stats().ended()).isEqualTo(2);
            assertThat(batcher.stats().jobs(JobOutcome.SUCCEEDED)).isPositive();
        }
    }

    private static final class BackwardTimer implements Timer {
        private final Queue<Runnable> alarms = new ArrayDeque<>();
        private long now;

        @Override
        public long nanos() {
            return now;
        }

        @Override
        public void schedule(long atNanos, Runnable task) {
            alarms.add(task);
        }

        private void ring() {
            for (int due = alarms.size(); due > 0; due--) {
                alarms.remove().run();
            }
        }
    }
}
