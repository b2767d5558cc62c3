package io.microbatcher.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.microbatcher.MicroBatcher;
import io.microbatcher.test.ManualExecutor;
import io.microbatcher.test.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How to test code that batches: time moves when the test says so, and nothing sleeps. */
class TestingYourCodeTest {
    private final VirtualTime time = new VirtualTime();
    private final List<List<String>> sent = new ArrayList<>();

    private List<Integer> send(List<String> jobs) {
        sent.add(jobs);
        return jobs.stream().map(String::length).toList();
    }

    @Test
    void aBatchLeavesWhenItsOldestJobHasWaitedLongEnough() {
        try (MicroBatcher<String, Integer> batcher = MicroBatcher.builder(this::send)
                .batchCycle(Duration.ofMillis(10))
                .timer(time)
                .executor(Runnable::run) // batches run inside of the call that makes them leave
                .build()) {
            CompletableFuture<Integer> length = batcher.submit("hello");
            time.advance(Duration.ofMillis(9));
            assertThat(length).isNotDone();
            time.advance(Duration.ofMillis(1));
            assertThat(length).isCompletedWithValue(5);
        }
    }

    @Test
    void jobsThatComeWhileABatchIsHeldUpShareTheNextOne() {
        ManualExecutor executor = new ManualExecutor();
        MicroBatcher<String, Integer> batcher = MicroBatcher.builder(this::send)
                .batchSize(2)
                .timer(time)
                .executor(executor) // batches run when the test says so
                .build();
        batcher.submit("a");
        batcher.submit("b"); // full, and on its way to a thread
        batcher.submit("c");
        assertThat(sent).isEmpty();
        executor.runAll();
        batcher.flush();
        executor.runAll();
        assertThat(sent).containsExactly(List.of("a", "b"), List.of("c"));
        batcher.close();
    }

    @Test
    void aCallThatBlocksHasAThreadOfItsOwnWhileTheTestMovesTheClock() throws Exception {
        ExecutorService caller = Executors.newSingleThreadExecutor();
        try (MicroBatcher<String, Integer> batcher = MicroBatcher.builder(this::send)
                .batchCycle(Duration.ofMillis(10))
                .timer(time)
                .executor(Runnable::run)
                .build()) {
            Future<Integer> length = caller.submit(() -> batcher.run("hello"));
            await().until(() -> batcher.stats().waiting() == 1); // from here on its age counts
            time.advance(Duration.ofMillis(10));
            assertThat(length.get(30, TimeUnit.SECONDS)).isEqualTo(5);
        } finally {
            caller.shutdownNow();
        }
    }
}
