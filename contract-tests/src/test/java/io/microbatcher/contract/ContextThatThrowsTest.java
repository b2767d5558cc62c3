package io.microbatcher.contract;

import static io.microbatcher.contract.Caller.resultOf;
import static io.microbatcher.contract.ThreadContext.as;
import static io.microbatcher.contract.ThreadContext.here;
import static org.assertj.core.api.Assertions.assertThat;

import io.microbatcher.BatchProcessor;
import io.microbatcher.BatcherFullException;
import io.microbatcher.ContextCarrier;
import io.microbatcher.JobContexts;
import io.microbatcher.JobOutcome;
import io.microbatcher.MicroBatcher;
import io.microbatcher.OverflowPolicy;
import io.microbatcher.contract.ThreadContext.Hook;
import io.microbatcher.test.ManualExecutor;
import io.microbatcher.test.VirtualTime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.LogRecord;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** R5.9: a carrier that throws loses no job and ends none twice. */
class ContextThatThrowsTest {
    private final ManualExecutor workers = new ManualExecutor();
    private final List<String> seen = new CopyOnWriteArrayList<>();

    private MicroBatcher.Builder<String, String> batcher(
            ContextCarrier<?> carrier, BatchProcessor<String, String> processor) {
        return MicroBatcher.builder(processor)
                .name("loader")
                .batchSize(2)
                .batchCycle(Duration.ofDays(1))
                .timer(new VirtualTime())
                .executor(workers)
                .context(carrier);
    }

    private static ThreadContext throwing(Hook hook, Throwable thrown) {
        return new ThreadContext(at -> {
            if (at == hook) {
                Caller.<RuntimeException, Void>sneak(thrown);
            }
        });
    }

    static Stream<Arguments> troubles() {
        return Stream.of(Hook.values())
                .flatMap(hook -> Stream.of(
                                new IllegalStateException("on purpose"),
                                new StackOverflowError("on purpose"),
                                new InterruptedException("on purpose"))
                        .map(thrown -> Arguments.of(hook, thrown)));
    }

    @ParameterizedTest
    @MethodSource("troubles")
    void r5_9_everyJobEndsOnceAndTheLogSaysSoOnce(Hook hook, Throwable thrown) {
        try (RecordedLog log = new RecordedLog()) {
            var batcher = batcher(throwing(hook, thrown), jobs -> jobs).build();
            for (String name : List.of("a", "b", "c", "d")) {
                as("alice", () -> batcher.submit(name))
                        .whenComplete((result, failure) -> seen.add(result + " in " + here()));
            }
            workers.runAll();
            String where = hook == Hook.CLOSE ? "alice" : "null";
            assertThat(seen).containsExactly("a in " + where, "b in " + where, "c in " + where, "d in " + where);
            assertThat(batcher.stats().jobs(JobOutcome.SUCCEEDED)).isEqualTo(4);
            assertThat(batcher.stats().pending()).isZero();
            assertThat(log.warnings()).singleElement().satisfies(warning -> {
                assertThat(warning.getMessage())
                        .contains("of the context of loader threw", ThreadContext.class.getName());
                assertThat(warning.getThrown()).isSameAs(thrown);
            });
            batcher.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void r5_9_jobsThatAreTakenBackOrFailEndToo(Hook hook) {
        try (RecordedLog log = new RecordedLog()) {
            var batcher = batcher(throwing(hook, new StackOverflowError("on purpose")), jobs -> {
                        throw new IllegalStateException("no");
                    })
                    .build();
            var cancelled = as("alice", () -> batcher.submit("a"));
            cancelled.whenComplete((result, failure) -> seen.add("cancelled"));
            assertThat(cancelled.cancel(false)).isTrue();
            as("alice", () -> batcher.submit("b")).whenComplete((result, failure) -> seen.add("failed"));
            batcher.flush();
            workers.runAll();
            assertThat(seen).containsExactly("cancelled", "failed");
            var drained = batcher.drain();
            assertThat(resultOf(drained)).isNull();
            batcher.close();
            assertThat(log.warnings()).hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void r5_9_jobsThatAreRefusedAreRefusedForTheirOwnReason(Hook hook) {
        try (RecordedLog log = new RecordedLog()) {
            var batcher = batcher(throwing(hook, new StackOverflowError("on purpose")), jobs -> jobs)
                    .maxPending(1)
                    .overflow(OverflowPolicy.REJECT)
                    .build();
            as("alice", () -> batcher.submit("a"));
            var refused = as("bob", () -> batcher.submit("b"));
            assertThat(Caller.failureOf(refused)).isInstanceOf(BatcherFullException.class);
            assertThat(batcher.stats().rejected()).isEqualTo(1);
            assertThat(batcher.stats().pending()).isEqualTo(1);
            assertThat(log.warnings()).hasSize(1);
            batcher.shutdownNow();
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "CAPTURE")
    void r5_9_aProcessorThatRestoresAContextIsNotFailedByIt(Hook hook) {
        try (RecordedLog log = new RecordedLog()) {
            var batcher = batcher(throwing(hook, new StackOverflowError("on purpose")), jobs -> {
                        try (ContextCarrier.Scope scope = JobContexts.current().restore(0)) {
                            assertThat(scope).isNotNull();
                        }
                        return jobs;
                    })
                    .batchSize(1)
                    .build();
            var future = as("alice", () -> batcher.submit("a"));
            workers.runAll();
            assertThat(resultOf(future)).isEqualTo("a");
            assertThat(log.warnings()).hasSize(1);
        }
    }

    @Test
    void r5_9_aScopeThatIsNullIsOneThatThrows() {
        try (RecordedLog log = new RecordedLog()) {
            var batcher = batcher(
                            new ContextCarrier<String>() {
                                @Override
                                public String capture() {
                                    return "a context";
                                }

                                @Override
                                public Scope restore(String captured) {
                                    return null;
                                }
                            },
                            jobs -> jobs)
                    .batchSize(1)
                    .build();
            var future = batcher.submit("a");
            workers.runAll();
            assertThat(resultOf(future)).isEqualTo("a");
            assertThat(log.warnings())
                    .singleElement()
                    .extracting(LogRecord::getThrown)
                    .isInstanceOf(NullPointerException.class);
        }
    }
}
