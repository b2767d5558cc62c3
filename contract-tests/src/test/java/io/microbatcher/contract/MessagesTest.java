package io.microbatcher.contract;

import static io.microbatcher.contract.Caller.failureOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.microbatcher.BatchListener;
import io.microbatcher.BatchProcessor;
import io.microbatcher.BatcherFullException;
import io.microbatcher.Job;
import io.microbatcher.JobFailedException;
import io.microbatcher.JobResult;
import io.microbatcher.MicroBatcher;
import io.microbatcher.MissingResultException;
import io.microbatcher.OverflowPolicy;
import io.microbatcher.ResultChannel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

/** What the library says: it names who, what was found and what to do. */
class MessagesTest {
    private final BatchesFixture fixture = new BatchesFixture();

    private static <J, R> MicroBatcher.Builder<J, R> atOnce(BatchProcessor<J, R> processor) {
        return MicroBatcher.builder(processor).name("shop").batchSize(1).executor(Runnable::run);
    }

    @Test
    void aMissingKeyIsNamedWithItsClassBesideOneThatWasFound() {
        var batcher = atOnce(BatchProcessor.<Object, String>byKey(keys -> Map.of("7", "seven")))
                .build();
        assertThat(failureOf(batcher.submit(7)))
                .isInstanceOf(MissingResultException.class)
                .hasMessageContaining("1 key such as '7' (java.lang.String)")
                .hasMessageContaining("not the key of this job: '7' (java.lang.Integer)");
    }

    @Test
    void aMissingIdIsNamedWithItsClassBesideOneThatWasFound() {
        var batcher = atOnce(BatchProcessor.<String, String>byId(jobs -> List.of(JobResult.success("7", "seven"))))
                .build();
        assertThat(failureOf(batcher.submit(new Job<>(7, "a"))))
                .isInstanceOf(MissingResultException.class)
                .hasMessageContaining("1 result such as '7' (java.lang.String)")
                .hasMessageContaining("none with the id of this job: '7' (java.lang.Integer)");
    }

    @Test
    void aKeyThatCannotSayWhatItIsIsNamedByItsClass() {
        Object prickly = new Object() {
            @Override
            public String toString() {
                throw new UnsupportedOperationException("toString");
            }
        };
        var batcher =
                atOnce(BatchProcessor.<Object, String>byKey(keys -> Map.of())).build();
        assertThat(failureOf(batcher.submit(prickly)))
                .isInstanceOf(MissingResultException.class)
                .hasMessageContaining("0 keys, but")
                .hasMessageContaining("one of " + prickly.getClass().getName());
    }

    @Test
    void aKeyThatSaysTooMuchIsCutShort() {
        var batcher =
                atOnce(BatchProcessor.<String, String>byKey(keys -> Map.of())).build();
        assertThat(failureOf(batcher.submit("x".repeat(10_000))).getMessage())
                .hasSizeLessThan(400)
                .contains("…");
    }

    @Test
    void anExecutorThatRefusesIsNotTakenForAProcessorThatFailed() {
        RejectedExecutionException refusal = new RejectedExecutionException("Task io.microbatcher.Worker@1 rejected");
        var batcher = atOnce((List<String> jobs) -> jobs)
                .executor(task -> {
                    throw refusal;
                })
                .build();
        assertThat(failureOf(batcher.submit("a")))
                .isInstanceOf(JobFailedException.class)
                .hasCause(refusal)
                .hasMessageContaining("the executor of shop refused a batch")
                .hasMessageContaining("RejectedExecutionException")
                .hasMessageNotContaining("Worker");
    }

    @Test
    void aRefusalThatRunThrowsHasTheStackTraceOfItsCaller() {
        var weighed =
                atOnce((List<String> jobs) -> jobs).maxBatchWeight(9, job -> -1).build();
        var keyed = atOnce((List<String> jobs) -> jobs)
                .partitionBy(job -> {
                    throw new IllegalStateException(job);
                })
                .build();
        for (var batcher : List.of(weighed, keyed)) {
            Throwable refusal = catchThrowable(() -> batcher.run("a"));
            assertThat(refusal).isInstanceOf(JobFailedException.class);
            assertThat(refusal.getStackTrace())
                    .anyMatch(frame -> frame.getClassName().equals(MessagesTest.class.getName()));
        }
    }

    @Test
    void oneOfAKindIsSingular() {
        var batcher = fixture.held()
                .name("shop")
                .batchSize(1)
                .maxPending(1)
                .overflow(OverflowPolicy.REJECT)
                .build();
        batcher.submit("a");
        assertThat(failureOf(batcher.submit("b")))
                .isInstanceOf(BatcherFullException.class)
                .hasMessageContaining("1 pending job, maxPending is 1");
    }

    @Test
    void theLogNamesTheBatcherWhoseListenerThrew() {
        try (RecordedLog log = new RecordedLog()) {
            atOnce((List<String> jobs) -> jobs)
                    .listener(new BatchListener() {
                        @Override
                        public void accepted(Object job) {
                            throw new IllegalStateException("listener");
                        }
                    })
                    .build()
                    .submit("a");
            assertThat(log.warnings())
                    .extracting(LogRecord::getMessage)
                    .singleElement()
                    .satisfies(message -> assertThat(message).startsWith("a listener of shop threw"));
        }
    }

    @Test
    void theLogNamesTheBatcherWhoseSubscriberThrew() {
        try (RecordedLog log = new RecordedLog();
                MicroBatcher<String, String> batcher =
                        atOnce((List<String> jobs) -> jobs).build()) {
            batcher.openChannel().subscribe(new Flow.Subscriber<ResultChannel.Result<String, String>>() {
                @Override
                public void onSubscribe(Flow.Subscription subscription) {
                    throw new IllegalStateException("subscriber");
                }

                @Override
                public void onNext(ResultChannel.Result<String, String> next) {}

                @Override
                public void onError(Throwable why) {}

                @Override
                public void onComplete() {}
            });
            assertThat(log.warnings())
                    .extracting(LogRecord::getMessage)
                    .singleElement()
                    .satisfies(
                            message -> assertThat(message).contains("a subscriber of a result channel of shop threw"));
        }
    }

    @Test
    void theStatisticsSayWhatThereIsAndRoundIt() {
        var batcher = fixture.atOnce().batchSize(3).build();
        assertThat(batcher.stats()).hasToString("BatcherStats[accepted=0, batches=0, slots=1]");
        List.of("a", "b", "c", "d", "e", "f", "g").forEach(batcher::submit);
        batcher.flush();
        batcher.submit("waits");
        assertThat(batcher.stats().toString())
                .startsWith("BatcherStats[accepted=8, succeeded=7, batches=3 (size=2, flush=1), meanBatchSize=2.3, "
                        + "waiting=1, slots=1")
                .endsWith(" µs]");
    }

    @Test
    void theStatisticsNameEverythingInTheSameWay() {
        var batcher = fixture.atOnce().jobTimeout(Duration.ofMillis(5)).build();
        batcher.submit("late");
        fixture.advanceMillis(5);
        assertThat(batcher.stats()).hasToString("BatcherStats[accepted=1, timedOut=1, batches=0, slots=1]");
    }
}
