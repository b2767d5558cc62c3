package io.microbatcher.contract;

import static io.microbatcher.contract.Caller.resultOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.microbatcher.MicroBatcher;
import io.microbatcher.Timer;
import io.microbatcher.test.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** R5.5: a batcher that does nothing costs nothing. */
class IdleBatchersTest {
    private static final int MANY = 10_000;

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("microbatcher"))
                .count();
    }

    @Test
    void r5_5_tenThousandBatchersThatWereNeverUsedHaveNoThread() {
        long before = threads();
        List<MicroBatcher<String, String>> batchers = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            batchers.add(MicroBatcher.<String, String>builder(jobs -> jobs).build());
        }
        assertThat(threads()).isLessThanOrEqualTo(before);
        batchers.forEach(MicroBatcher::close);
        assertThat(threads()).isLessThanOrEqualTo(before);
    }

    @Test
    void r5_5_tenThousandBatchersThatWaitForCompanyShareOneThread() {
        ExecutorService one = Executors.newSingleThreadExecutor();
        try {
            long before = threads();
            List<MicroBatcher<String, String>> batchers = new ArrayList<>();
            List<CompletableFuture<String>> futures = new ArrayList<>();
            for (int i = 0; i < MANY; i++) {
                var batcher = MicroBatcher.<String, String>builder(jobs -> jobs)
                        .batchCycle(Duration.ofDays(1))
                        .executor(one)
                        .build();
                batchers.add(batcher);
                futures.add(batcher.submit("job"));
            }
            assertThat(threads()).as("the timer's").isLessThanOrEqualTo(before + 1);
            batchers.forEach(MicroBatcher::flush);
            futures.forEach(Caller::resultOf);
            assertThat(threads()).isLessThanOrEqualTo(before + 1);
            assertThat(batchers).allMatch(batcher -> batcher.stats().ended() == 1);
        } finally {
            one.shutdownNow();
        }
    }

    @Test
    void r5_5_afterItsLastJobNobodyIsWoken() {
        VirtualTime time = new VirtualTime();
        AtomicInteger scheduled = new AtomicInteger();
        Timer counting = new Timer() {
            @Override
            public long nanos() {
                return time.nanos();
            }

            @Override
            public void schedule(long atNanos, Runnable task) {
                scheduled.incrementAndGet();
                time.schedule(atNanos, task);
            }
        };
        for (int i = 0; i < 100; i++) {
            var batcher = MicroBatcher.<String, String>builder(jobs -> jobs)
                    .batchSize(2)
                    .batchCycle(Duration.ofMillis(10))
                    .jobTimeout(Duration.ofSeconds(1))
                    .timer(counting)
                    .executor(Runnable::run)
                    .build();
            batcher.submit("leaves");
            batcher.submit("by size");
            var last = batcher.submit("by age");
            time.advance(Duration.ofMillis(10));
            assertThat(resultOf(last)).isEqualTo("by age");
            time.advance(Duration.ofSeconds(1)); // an alarm that was set for the deadline finds nothing
            assertThat(time.alarms()).isZero();
            int sofar = scheduled.get();
            time.advance(Duration.ofDays(1));
            assertThat(scheduled).hasValue(sofar);
        }
    }

    @Test
    void r5_5_aBatcherThatWasNeverUsedSetsNoAlarm() {
        VirtualTime time = new VirtualTime();
        for (int i = 0; i < 100; i++) {
            var batcher = MicroBatcher.<String, String>builder(jobs -> jobs)
                    .jobTimeout(Duration.ofSeconds(1))
                    .timer(time)
                    .build();
            batcher.flush();
            batcher.drain();
            assertThat(batcher.stats().pending()).isZero();
        }
        assertThat(time.alarms()).isZero();
    }

    @Test
    void r5_5_withoutALimitOnAgeNoAlarmIsSet() {
        VirtualTime time = new VirtualTime();
        var batcher = MicroBatcher.<String, String>builder(jobs -> jobs)
                .batchCycle(Duration.ofSeconds(Long.MAX_VALUE))
                .timer(time)
                .executor(Runnable::run)
                .build();
        var future = batcher.submit("waits for the size alone");
        assertThat(time.alarms()).isZero();
        batcher.close();
        assertThat(future).isCompleted();
        assertThat(time.alarms()).isZero();
    }
}
