package io.microbatcher.contract;

import static io.microbatcher.contract.Caller.resultOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.microbatcher.BatchListener;
import io.microbatcher.MicroBatcher;
import io.microbatcher.test.ManualExecutor;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** R1.4, R4.3: an interrupt flag that outlives its batch. */
class InterruptFlagTest {

    @Test
    void r1_4_aProcessorThatLeavesItsThreadInterruptedDoesNotInterruptTheNextBatch() {
        var batcher = MicroBatcher.builder((List<String> jobs) -> {
                    if (jobs.contains("first")) {
                        Thread.currentThread().interrupt(); // as one does after catching InterruptedException
                        throw new IllegalStateException("interrupted");
                    }
                    new CountDownLatch(0).await(); // as any call that heeds interrupts, whatever it waits for
                    return jobs;
                })
                .batchSize(1)
                .build();
        var seconds = java.util.stream.IntStream.range(0, 200)
                .mapToObj(i -> {
                    batcher.submit("first");
                    return batcher.submit("second");
                })
                .toList();
        assertThat(seconds).allSatisfy(future -> assertThat(resultOf(future)).isEqualTo("second"));
    }

    @Test
    void r4_3_whenTheExecutorRefusesTheFlagIsNotLeftForTheCallbacks() {
        ManualExecutor executor = new ManualExecutor();
        executor.refuse(true);
        AtomicReference<MicroBatcher<String, String>> it = new AtomicReference<>();
        it.set(MicroBatcher.<String, String>builder(jobs -> jobs)
                .batchSize(2)
                .executor(executor)
                .listener(new BatchListener() {
                    @Override
                    public void dispatched(BatchInfo batch) {
                        it.get().shutdownNow();
                    }
                })
                .build());
        AtomicBoolean flag = new AtomicBoolean();
        var told = it.get()
                .submit("a")
                .whenComplete(
                        (result, failure) -> flag.set(Thread.currentThread().isInterrupted()));
        it.get().submit("b");
        Caller.awaitEnd(told);
        assertThat(flag).isFalse();
    }
}
