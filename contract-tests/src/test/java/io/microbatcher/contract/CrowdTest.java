package io.microbatcher.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.microbatcher.BatcherClosedException;
import io.microbatcher.JobOutcome;
import io.microbatcher.MicroBatcher;
import io.microbatcher.ResultChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many, or one that has gone: the batcher closes, and everybody knows. */
@Timeout(120)
class CrowdTest {
    private static final int CROWD = 10_000;
    private static final long SMALL_STACK = 128 * 1024;

    @Test
    void r4_2_tenThousandThreadsAgainstACloseAreAnsweredOrRefused() throws InterruptedException {
        AtomicInteger answered = new AtomicInteger();
        AtomicInteger refused = new AtomicInteger();
        AtomicInteger lost = new AtomicInteger();
        CountDownLatch half = new CountDownLatch(CROWD / 2);
        MicroBatcher<Integer, Integer> batcher = MicroBatcher.builder((List<Integer> jobs) -> jobs)
                .batchSize(100)
                .maxPending(500)
                .maxConcurrentBatches(4)
                .build();
        List<Thread> crowd = IntStream.range(0, CROWD)
                .mapToObj(job -> new Thread(
                        null,
                        () -> {
                            half.countDown();
                            try {
                                (batcher.run(job) == job ? answered : lost).incrementAndGet();
                            } catch (BatcherClosedException closed) {
                                refused.incrementAndGet();
                            } catch (InterruptedException | RuntimeException other) {
                                lost.incrementAndGet();
                            }
                        },
                        "crowd-" + job,
                        SMALL_STACK))
                .toList();
        crowd.forEach(Thread::start);
        Caller.await(half);
        batcher.close();
        for (Thread thread : crowd) {
            thread.join(Caller.PATIENCE.toMillis());
            assertThat(thread.isAlive()).as("somebody was left hanging").isFalse();
        }
        assertThat(lost).hasValue(0);
        assertThat(answered.get() + refused.get()).isEqualTo(CROWD);
        assertThat(batcher.stats().jobs(JobOutcome.SUCCEEDED)).isEqualTo(answered.get());
        assertThat(batcher.stats().pending()).isZero();
        assertThat(batcher.stats().inFlightBatches()).isZero();
    }

    @Test
    void r4_1_aFullChannelWhoseReaderHasGoneHoldsNobodyElseUp() throws InterruptedException {
        MicroBatcher<Integer, Integer> batcher = MicroBatcher.builder((List<Integer> jobs) -> jobs)
                .batchSize(10)
                .batchCycle(Duration.ofMillis(1))
                .build();
        ResultChannel<Integer, Integer> abandoned = batcher.openChannel(5);
        for (int i = 0; i < 5; i++) {
            abandoned.submit(i);
        }
        CompletableFuture<Void> stuck = Caller.elsewhere(() -> abandoned.submit(5)); // nobody takes anything
        List<CompletableFuture<Integer>> others =
                IntStream.range(0, 100).mapToObj(batcher::submit).toList();
        others.forEach(Caller::resultOf);
        Caller.awaitEnd(batcher.drain());
        assertThat(batcher.stats().pending()).isZero();
        batcher.close();
        assertThat(batcher.stats().inFlightBatches()).isZero();
        abandoned.close();
        Caller.awaitEnd(stuck);
        assertThat(batcher.stats().ended()).isEqualTo(batcher.stats().accepted());
    }
}
