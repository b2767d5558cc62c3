package io.microbatcher.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.microbatcher.BatchProcessor;
import io.microbatcher.MicroBatcher;
import io.microbatcher.test.VirtualTime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class RegroupTest {
    @Test
    void blockedCallersThatAreTwoCohortsBecomeOne() {
        VirtualTime time = new VirtualTime();
        int[] calls = {0};
        MicroBatcher<Integer, Integer> batcher = MicroBatcher.builder(BatchProcessor.async((List<Integer> jobs) -> {
                    calls[0]++;
                    CompletableFuture<List<Integer>> answer = new CompletableFuture<>();
                    time.schedule(time.nanos() + 2_000_000 + 20_000L * jobs.size(), () -> answer.complete(jobs));
                    return answer;
                }))
                .batchSize(100)
                .adaptive()
                .timer(time)
                .executor(Runnable::run)
                .build();
        for (int caller = 0; caller < 64; caller++) {
            call(batcher, time, caller);
        }
        time.advance(Duration.ofSeconds(1));
        int before = calls[0];
        time.advance(Duration.ofSeconds(1));
        assertThat(calls[0] - before).isLessThan(330); // one cohort: 293..305 calls/s; two: 379
    }

    private static void call(MicroBatcher<Integer, Integer> batcher, VirtualTime time, int caller) {
        batcher.submit(caller)
                .thenRun(() -> time.schedule(time.nanos() + 10_000 + caller * 300L, () -> call(batcher, time, caller)));
    }
}
