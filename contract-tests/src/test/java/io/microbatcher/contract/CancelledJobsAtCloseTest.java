package io.microbatcher.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.microbatcher.BatchListener;
import io.microbatcher.JobOutcome;
import io.microbatcher.MicroBatcher;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** R4.1: a job that is being cancelled has ended in the books, but its future is not done yet when close() returns. */
class CancelledJobsAtCloseTest {

    @Test
    void r4_1_closeWaitsForAJobThatAnotherThreadIsTakingBack() {
        CountDownLatch inListener = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        MicroBatcher<String, String> batcher = MicroBatcher.<String, String>builder(jobs -> jobs)
                .batchCycle(Duration.ofDays(1))
                .listener(new BatchListener() {
                    @Override
                    public void ended(Object job, JobOutcome outcome, long waitNanos, long totalNanos) {
                        inListener.countDown();
                        Caller.await(go);
                    }
                })
                .build();
        var future = batcher.submit("a");
        var cancelling = Caller.elsewhere(() -> future.cancel(true));
        Caller.await(inListener);
        assertThat(batcher.shutdown()).as("the job's caller does not know yet").isNotDone();
        go.countDown();
        Caller.resultOf(cancelling);
        Caller.resultOf(batcher.shutdown());
        assertThat(future).isDone();
    }

    @Test
    void r2_6_drainWaitsForItToo() {
        CountDownLatch inListener = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        MicroBatcher<String, String> batcher = MicroBatcher.<String, String>builder(jobs -> jobs)
                .batchCycle(Duration.ofDays(1))
                .listener(new BatchListener() {
                    @Override
                    public void ended(Object job, JobOutcome outcome, long waitNanos, long totalNanos) {
                        inListener.countDown();
                        Caller.await(go);
                    }
                })
                .build();
        var future = batcher.submit("a");
        var cancelling = Caller.elsewhere(() -> future.cancel(true));
        Caller.await(inListener);
        assertThat(batcher.drain()).isNotDone();
        go.countDown();
        Caller.resultOf(cancelling);
    }

    @Test
    void r4_1_withoutAListenerARaceOfAFewInstructionsIsLeft() {
        AtomicInteger open = new AtomicInteger();
        for (int round = 0; round < 20_000; round++) {
            MicroBatcher<String, String> batcher = MicroBatcher.<String, String>builder(jobs -> jobs)
                    .batchCycle(Duration.ofDays(1))
                    .build();
            var future = batcher.submit("a");
            var barrier = new java.util.concurrent.CyclicBarrier(2);
            var cancelling = Caller.elsewhere(() -> {
                Caller.meet(barrier);
                future.cancel(true);
            });
            Caller.meet(barrier);
            batcher.close();
            if (!future.isDone()) {
                open.incrementAndGet();
            }
            Caller.resultOf(cancelling);
        }
        assertThat(open).hasValue(0);
    }
}
