package io.microbatcher.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.microbatcher.BatchProcessor;
import io.microbatcher.JobOutcome;
import io.microbatcher.MicroBatcher;
import io.microbatcher.RetryPolicy;
import io.microbatcher.test.VirtualTime;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A streaming processor has failed a job that is worth another attempt, and then its batch ends badly. */
@Timeout(60)
class KeptFailuresTest {
    private final VirtualTime time = new VirtualTime();

    private static final class Busy extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    @Test
    void r7_1_aJobThatFailedAloneIsTriedAgainThoughTheRestOfItsBatchIsNot() {
        AtomicInteger calls = new AtomicInteger();
        try (MicroBatcher<String, String> batcher = MicroBatcher.builder(
                        BatchProcessor.<String, String>streaming((jobs, answers) -> {
                            if (calls.incrementAndGet() == 1) {
                                answers.fail(0, new Busy());
                                throw new IllegalStateException("for good");
                            }
                            answers.complete(0, jobs.get(0) + "!");
                        }))
                .batchSize(2)
                .retry(RetryPolicy.ofAttempts(2).when(Busy.class::isInstance))
                .batchCycle(Duration.ofMillis(1))
                .timer(time)
                .executor(Runnable::run)
                .build()) {
            CompletableFuture<String> busy = batcher.submit("a");
            CompletableFuture<String> broken = batcher.submit("b");
            time.advance(Duration.ofMinutes(1));
            assertThat(busy).isCompletedWithValue("a!");
            assertThat(Caller.failureOf(broken)).hasRootCauseInstanceOf(IllegalStateException.class);
            assertThat(calls).hasValue(2);
            assertThat(batcher.stats().pending()).isZero();
        }
    }

    @Test
    void r1_9_aJobThatFailedBeforeItsBatchTimedOutFailsWithItsOwnCause() {
        CountDownLatch called = new CountDownLatch(1);
        ExecutorService threads = Executors.newCachedThreadPool();
        try (MicroBatcher<String, String> batcher = MicroBatcher.builder(
                        BatchProcessor.<String, String>streaming((jobs, answers) -> {
                            answers.fail(0, new Busy());
                            called.countDown();
                            new CountDownLatch(1).await(); // until it is interrupted
                        }))
                .batchSize(2)
                .batchCycle(Duration.ofMillis(1))
                .batchTimeout(Duration.ofMillis(10))
                .retry(RetryPolicy.ofAttempts(2))
                .timer(time)
                .executor(threads)
                .build()) {
            CompletableFuture<String> busy = batcher.submit("a");
            CompletableFuture<String> waiting = batcher.submit("b");
            Caller.await(called);
            time.advance(Duration.ofMillis(10));
            assertThat(Caller.failureOf(busy)).hasRootCauseInstanceOf(Busy.class);
            assertThat(Caller.failureOf(waiting)).hasMessageContaining("batchTimeout");
            assertThat(batcher.stats().jobs(JobOutcome.FAILED)).isEqualTo(1);
            assertThat(batcher.stats().jobs(JobOutcome.TIMED_OUT)).isEqualTo(1);
        } finally {
            threads.shutdownNow();
        }
    }

    /** The processor has returned, and another of its threads fails a job while the predicate is asked about the rest. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void r7_1_aJobThatFailsAloneAtTheLastMomentIsTriedAgain(boolean throwsAtLast) {
        AtomicReference<BatchProcessor.Answers<String>> first = new AtomicReference<>();
        try (MicroBatcher<String, String> batcher = MicroBatcher.builder(BatchProcessor.<String, String>streaming(
                        (jobs, answers) -> {
                            if (first.compareAndSet(null, answers)) {
                                if (throwsAtLast) {
                                    throw new IllegalStateException("for good");
                                }
                                return;
                            }
                            answers.complete(0, jobs.get(0) + "!");
                        }))
                .batchSize(2)
                .retry(RetryPolicy.ofAttempts(2).when(failure -> {
                    if (failure instanceof Busy) {
                        return true;
                    }
                    first.get().fail(0, new Busy());
                    return false;
                }))
                .coalesceBy(job -> job)
                .timer(time)
                .executor(Runnable::run)
                .batchCycle(Duration.ofMillis(1))
                .build()) {
            CompletableFuture<String> busy = batcher.submit("a");
            CompletableFuture<String> equal = batcher.submit("a");
            CompletableFuture<String> broken = batcher.submit("b");
            time.advance(Duration.ofMinutes(1));
            assertThat(busy).isCompletedWithValue("a!");
            assertThat(equal).isCompletedWithValue("a!");
            assertThat(broken).isCompletedExceptionally();
            assertThat(batcher.stats().retries()).isEqualTo(1);
            assertThat(batcher.stats().pending()).isZero();
        }
    }
}
