package io.microbatcher.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.microbatcher.JobOutcome;
import io.microbatcher.MicroBatcher;
import io.microbatcher.test.ManualExecutor;
import io.microbatcher.test.VirtualTime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/**
 * A batcher for the recipes, and what its backend was asked. Batches of two, which run when the test says so; a job that is
 * alone waits for ever. An id below zero fails its batch, and has a lane of its own so that it harms no other; 0 has no
 * price.
 */
final class Prices implements AutoCloseable {
    final List<List<Integer>> asked = new CopyOnWriteArrayList<>();
    final ManualExecutor executor = new ManualExecutor();
    final MicroBatcher<Integer, Integer> batcher;

    Prices() {
        this(builder -> builder);
    }

    Prices(UnaryOperator<MicroBatcher.Builder<Integer, Integer>> options) {
        batcher = options.apply(MicroBatcher.builder(this::look)
                        .batchSize(2)
                        .batchCycle(Duration.ofDays(1))
                        .partitionBy(id -> id < 0)
                        .timer(new VirtualTime())
                        .executor(executor))
                .build();
    }

    private List<Integer> look(List<Integer> ids) {
        asked.add(ids);
        if (ids.get(0) < 0) {
            throw new IllegalStateException("no such price");
        }
        return ids.stream()
                .map(id -> id == 0 ? null : Integer.valueOf(id * 100))
                .toList();
    }

    long jobs(JobOutcome outcome) {
        return batcher.stats().jobs(outcome);
    }

    /** Lets everything leave that is still there, and run. */
    void flush() {
        batcher.flush();
        executor.runAll();
    }

    /** So many jobs were cancelled while they waited, and the backend never hears of these. */
    void assertTakenBack(Integer... ids) {
        assertThat(jobs(JobOutcome.CANCELLED)).isEqualTo(ids.length);
        flush();
        assertThat(asked.stream().flatMap(List::stream)).doesNotContain(ids);
        assertThat(batcher.stats().pending()).isZero();
    }

    @Override
    public void close() {
        batcher.shutdownNow();
        executor.runAll();
    }
}
