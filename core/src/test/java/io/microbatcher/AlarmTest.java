package io.microbatcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What a batcher puts into its timer. */
class AlarmTest {
    /** Time that stands still unless moved, and counts what is in it. */
    private static final class CountingTimer implements Timer {
        private final PriorityQueue<Entry> entries = new PriorityQueue<>((a, b) -> Long.compare(a.at, b.at));
        private long now;

        private record Entry(long at, Runnable task) {}

        @Override
        public long nanos() {
            return now;
        }

        @Override
        public void schedule(long atNanos, Runnable task) {
            entries.add(new Entry(atNanos, task));
        }

        void advance(long nanos) {
            long target = now + nanos;
            while (!entries.isEmpty() && entries.peek().at <= target) {
                Entry next = entries.poll();
                now = next.at;
                next.task.run();
            }
            now = target;
        }
    }

    @Test
    void aLongTimeLimitLeavesNoHeapOfRingsBehind() {
        CountingTimer timer = new CountingTimer();
        AtomicInteger processed = new AtomicInteger();
        MicroBatcher<String, String> batcher = MicroBatcher.builder((List<String> jobs) -> {
                    processed.addAndGet(jobs.size());
                    return jobs;
                })
                .batchSize(10)
                .batchCycle(Duration.ofMillis(5))
                .jobTimeout(Duration.ofHours(1))
                .timer(timer)
                .executor(Runnable::run)
                .build();
        for (int i = 0; i < 1_000; i++) {
            batcher.submit("job");
            timer.advance(7_000_000);
        }
        assertThat(processed).hasValue(1_000);
        assertThat(timer.entries.size()).isLessThan(5);
    }
}
