package io.microbatcher.contract;

import static io.microbatcher.contract.Caller.resultOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.microbatcher.BatchListener;
import io.microbatcher.MicroBatcher;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** R4.4: the executor's only thread calls before the batcher has ever run a batch on it, and so does not know it. */
class OnlyThreadBeforeItsFirstBatchTest {
    private final ExecutorService only = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        return thread;
    });

    @AfterEach
    void stop() {
        only.shutdownNow();
    }

    @Test
    void r4_4_aProcessorUsesAnotherBatcherOnItsOwnOnlyThread() {
        MicroBatcher<String, String> inner = MicroBatcher.<String, String>builder(jobs -> jobs)
                .batchSize(1)
                .executor(only)
                .build();
        MicroBatcher<String, String> outer = MicroBatcher.builder(
                        (List<String> jobs) -> List.of(inner.run(jobs.get(0))))
                .batchSize(1)
                .executor(only)
                .build();
        assertThat(resultOf(outer.submit("a"))).isEqualTo("a");
    }

    @Test
    void r4_4_aListenerClosesOnTheOnlyThread() {
        AtomicReference<MicroBatcher<String, String>> it = new AtomicReference<>();
        it.set(MicroBatcher.<String, String>builder(jobs -> jobs)
                .batchSize(1)
                .executor(only)
                .listener(new BatchListener() {
                    @Override
                    public void accepted(Object job) {
                        it.get().close();
                    }
                })
                .build());
        var submitting = only.submit(() -> it.get().submit("a"));
        assertThat(resultOf(resultOf(submitting))).isEqualTo("a");
    }
}
