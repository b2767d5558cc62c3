package io.microbatcher.benchmarks.workload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class QueueingBackendTest {

    @Test
    void isNeverFasterThanItsServersAllow() {
        QueueingBackend backend = new QueueingBackend(2, 4_000, 500);
        ExecutorService callers = Executors.newFixedThreadPool(6);
        try {
            long begin = System.nanoTime();
            List<CompletableFuture<List<Long>>> batches = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                batches.add(CompletableFuture.supplyAsync(() -> backend.process(List.of(1L, 2L)), callers));
            }
            batches.forEach(batch -> assertThat(batch.join()).containsExactly(1L, 2L));

            // three rounds of two batches, 4 ms + 2 · 0.5 ms each
            assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(3 * 5_000_000L);
            assertThat(backend.batches()).isEqualTo(6);
        } finally {
            callers.shutdownNow();
        }
    }
}
