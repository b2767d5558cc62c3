package io.microbatcher.contract;

import static io.microbatcher.contract.Caller.resultOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.microbatcher.BatchProcessor;
import io.microbatcher.MicroBatcher;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** R1.3: more results than jobs, by position, may give callers the results of others; the log says so. */
class SurplusWarningTest {
    /** Answers and one more, at the front, where it moves all the others by one. */
    private static List<String> oneTooMany(List<String> jobs) {
        List<String> results = new ArrayList<>(List.of("surplus"));
        results.addAll(jobs);
        return results;
    }

    static Stream<Arguments> forms() {
        BatchProcessor<String, String> byPosition = SurplusWarningTest::oneTooMany;
        BatchProcessor<String, String> async =
                BatchProcessor.async(jobs -> CompletableFuture.completedFuture(oneTooMany(jobs)));
        return Stream.of(Arguments.of("by position", byPosition), Arguments.of("async", async));
    }

    private static MicroBatcher<String, String> batcher(String name, BatchProcessor<String, String> processor) {
        return MicroBatcher.builder(processor)
                .name(name)
                .batchSize(2)
                .batchCycle(Duration.ofDays(1))
                .executor(Runnable::run)
                .build();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("forms")
    void r1_3_tooManyResultsByPositionAreAWarningOnceForEachBatcher(
            String form, BatchProcessor<String, String> processor) {
        try (RecordedLog log = new RecordedLog();
                MicroBatcher<String, String> one = batcher("shuffled", processor);
                MicroBatcher<String, String> other = batcher("another", processor)) {
            List<CompletableFuture<String>> jobs =
                    Stream.of("a", "b").map(one::submit).toList();
            assertThat(resultOf(jobs.get(1))).isEqualTo("a"); // the damage that the warning is about
            Stream.of("c", "d").forEach(one::submit);
            assertThat(one.stats().unmatched()).isEqualTo(2);
            assertThat(log.warnings())
                    .singleElement()
                    .satisfies(warning ->
                            assertThat(warning.getMessage()).contains("shuffled", "3 results for 2 jobs", "byId"));
            Stream.of("e", "f").forEach(other::submit);
            assertThat(log.warnings()).hasSize(2);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("forms")
    void r1_3_asManyResultsAsJobsAreNoWarning(String form, BatchProcessor<String, String> ignored) {
        BatchProcessor<String, String> right =
                form.equals("async") ? BatchProcessor.async(CompletableFuture::completedFuture) : jobs -> jobs;
        try (RecordedLog log = new RecordedLog();
                MicroBatcher<String, String> batcher = batcher("right", right)) {
            Stream.of("a", "b", "c").forEach(batcher::submit);
            batcher.flush();
            assertThat(log.warnings()).isEmpty();
        }
    }
}
