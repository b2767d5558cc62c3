package io.microbatcher.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.microbatcher.JobOutcome;
import io.microbatcher.MicroBatcher;
import io.microbatcher.RetryPolicy;
import io.microbatcher.test.VirtualTime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.logging.LogRecord;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** R5.4: what a listener throws is said once, and changes nothing else. */
class ListenerThatThrowsTest {
    private static MicroBatcher<Integer, Integer> batcher(ThrowingListener... listeners) {
        var builder = MicroBatcher.builder((List<Integer> jobs) -> {
                    if (jobs.contains(13)) {
                        throw new IllegalStateException("unlucky");
                    }
                    return IntStream.rangeClosed(0, jobs.size()).boxed().toList(); // one too many
                })
                .batchSize(1)
                .batchCycle(Duration.ofDays(1))
                .maxBatchWeight(100, job -> job == 7 ? -1 : 1)
                .retry(RetryPolicy.ofAttempts(2).backoff(Duration.ZERO, Duration.ZERO))
                .timer(new VirtualTime())
                .executor(Runnable::run);
        for (ThrowingListener listener : listeners) {
            builder.listener(listener);
        }
        return builder.build();
    }

    /** What was said of a listener; the surplus result that some events need is a warning of its own. */
    private static List<LogRecord> ofListener(RecordedLog log) {
        return log.warnings().stream()
                .filter(logged -> logged.getMessage().startsWith("a listener of "))
                .toList();
    }

    @ParameterizedTest
    @EnumSource
    void r5_4_eachBatcherReportsItOnceWithWhatWasThrown(ThrowingListener.Event event) {
        Throwable thrown = new IllegalStateException("listener");
        ThrowingListener listener = new ThrowingListener(event, thrown);
        try (RecordedLog log = new RecordedLog()) {
            for (int batchers = 1; batchers <= 2; batchers++) {
                var batcher = batcher(listener);
                for (int job = 0; job < 20; job++) {
                    batcher.submit(job);
                }
                batcher.close();
                assertThat(ofListener(log)).hasSize(batchers);
            }
            assertThat(listener.thrown()).isGreaterThan(1);
            assertThat(ofListener(log)).allSatisfy(logged -> {
                assertThat(logged.getLoggerName()).isEqualTo("io.microbatcher");
                assertThat(logged.getThrown()).isSameAs(thrown);
                assertThat(logged.getMessage()).contains(ThrowingListener.class.getName());
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    void r5_4_theCountsAreThoseOfABatcherThatNobodyWatches(ThrowingListener.Event event) {
        try (RecordedLog log = new RecordedLog()) {
            var batcher = batcher(new ThrowingListener(event, new OutOfMemoryError("listener")));
            List<CompletableFuture<Integer>> futures =
                    IntStream.range(0, 20).mapToObj(batcher::submit).toList();
            batcher.close();
            var stats = batcher.stats();
            assertThat(futures).allMatch(CompletableFuture::isDone);
            assertThat(stats.accepted()).isEqualTo(19);
            assertThat(stats.rejected()).isEqualTo(1);
            assertThat(stats.jobs(JobOutcome.SUCCEEDED)).isEqualTo(18);
            assertThat(stats.jobs(JobOutcome.FAILED)).isEqualTo(1);
            assertThat(stats.unmatched()).isEqualTo(18);
            assertThat(stats.batches()).isEqualTo(20); // one of them was tried again
            assertThat(ofListener(log)).hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void r5_4_otherListenersAreToldAllTheSame(ThrowingListener.Event event) {
        try (RecordedLog log = new RecordedLog()) {
            ThrowingListener first = new ThrowingListener(event, new IllegalStateException("first"));
            ThrowingListener second = new ThrowingListener(event, new IllegalStateException("second"));
            var batcher = batcher(first, second);
            for (int job = 0; job < 20; job++) {
                batcher.submit(job);
            }
            batcher.close();
            assertThat(second.thrown()).isEqualTo(first.thrown()).isPositive();
            assertThat(ofListener(log)).hasSize(1);
        }
    }

    @Test
    void r5_4_aListenerThatDoesNotThrowIsNotMentioned() {
        try (RecordedLog log = new RecordedLog()) {
            var batcher = batcher(new ThrowingListener(ThrowingListener.Event.FAILED, new AssertionError()));
            batcher.submit(1);
            batcher.close();
            assertThat(ofListener(log)).isEmpty();
        }
    }
}
