package io.microbatcher.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.microbatcher.BatchProcessor;
import io.microbatcher.DispatchPolicy;
import io.microbatcher.MicroBatcher;
import io.microbatcher.OverflowPolicy;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(120) // a hang fails instead of stopping the build
class BuilderTest {
    private static MicroBatcher.Builder<String, String> builder() {
        return MicroBatcher.builder((List<String> jobs) -> jobs);
    }

    private static Arguments refused(UnaryOperator<MicroBatcher.Builder<String, String>> option, String message) {
        return Arguments.of(message, option);
    }

    static Stream<Arguments> nonsense() {
        return Stream.of(
                refused(b -> b.batchSize(0), "batchSize must be 1 or more, but was 0"),
                refused(b -> b.batchSize(-7), "batchSize must be 1 or more, but was -7"),
                refused(b -> b.batchSize(Integer.MIN_VALUE), "batchSize must be 1 or more, but was -2147483648"),
                refused(b -> b.maxConcurrentBatches(0), "maxConcurrentBatches must be 1 or more, but was 0"),
                refused(b -> b.maxConcurrentBatches(-1), "maxConcurrentBatches must be 1 or more, but was -1"),
                refused(b -> b.maxPending(0), "maxPending must be 1 or more, but was 0"),
                refused(b -> b.maxPending(-1), "maxPending must be 1 or more, but was -1"),
                refused(b -> b.maxBatchWeight(0, String::length), "maxBatchWeight must be 1 or more, but was 0"),
                refused(b -> b.maxBatchWeight(-3, String::length), "maxBatchWeight must be 1 or more, but was -3"),
                refused(
                        b -> b.maxBatchWeight(1, String::length).maxPendingWeight(0),
                        "maxPendingWeight must be 1 or more, but was 0"),
                refused(
                        b -> b.maxPendingWeight(500),
                        "maxPendingWeight needs a weigher: set maxBatchWeight(limit, weigher), but only "
                                + "maxPendingWeight was set, to 500"),
                refused(
                        b -> b.partitionBy(String::length).maxConcurrentBatchesPerKey(0),
                        "maxConcurrentBatchesPerKey must be 1 or more, but was 0"),
                refused(
                        b -> b.maxConcurrentBatchesPerKey(2),
                        "maxConcurrentBatchesPerKey needs keys: set partitionBy(key), but only "
                                + "maxConcurrentBatchesPerKey was set, to 2"),
                refused(b -> b.batchCycle(Duration.ofSeconds(-1)), "batchCycle must not be negative, but was PT-1S"),
                refused(
                        b -> b.batchCycle(Duration.ofNanos(-1)),
                        "batchCycle must not be negative, but was PT-0.000000001S"),
                refused(
                        b -> b.batchCycle(Duration.ofSeconds(Long.MIN_VALUE)),
                        "batchCycle must not be negative, but was"),
                refused(b -> b.jobTimeout(Duration.ZERO), "jobTimeout must be more than zero, but was PT0S"),
                refused(
                        b -> b.jobTimeout(Duration.ofMillis(-2)),
                        "jobTimeout must be more than zero, but was PT-0.002S"),
                refused(b -> b.batchTimeout(Duration.ZERO), "batchTimeout must be more than zero, but was PT0S"),
                refused(
                        b -> b.batchTimeout(Duration.ofSeconds(Long.MIN_VALUE)),
                        "batchTimeout must be more than zero, but was"),
                refused(b -> b.name(""), "name must not be blank, but was ''"),
                refused(b -> b.name(" \t"), "name must not be blank, but was ' \t'"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("nonsense")
    void r2_7_nonsenseIsRefusedWithTheOptionTheRuleAndTheValue(
            String message, UnaryOperator<MicroBatcher.Builder<String, String>> option) {
        MicroBatcher.Builder<String, String> builder = option.apply(builder()); // refused by build(), not before
        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message);
    }

    static Stream<Arguments> nulls() {
        return Stream.of(
                refused(b -> b.batchCycle(null), "batchCycle must not be null"),
                refused(b -> b.overflow(null), "overflow must not be null"),
                refused(b -> b.dispatchPolicy(null), "dispatchPolicy must not be null"),
                refused(b -> b.coalesceBy(null), "key must not be null"),
                refused(b -> b.coalesceBy(job -> job, null), "coalescing must not be null"),
                refused(b -> b.maxBatchWeight(1, null), "weigher must not be null"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("nulls")
    void r2_7_nullIsRefusedWithTheOption(String message, UnaryOperator<MicroBatcher.Builder<String, String>> option) {
        assertThatNullPointerException()
                .isThrownBy(() -> option.apply(builder()))
                .withMessage(message);
    }

    @Test
    void r2_7_aProcessorOfNullIsRefusedAtOnce() {
        assertThatNullPointerException()
                .isThrownBy(() -> MicroBatcher.builder((BatchProcessor<String, String>) null))
                .withMessage("processor must not be null");
    }

    static Stream<Arguments> extremes() {
        return Stream.of(
                refused(b -> b.batchSize(1), "smallest size"),
                refused(b -> b.batchSize(Integer.MAX_VALUE), "largest size"),
                refused(b -> b.batchCycle(Duration.ZERO), "no cycle"),
                refused(b -> b.batchCycle(Duration.ofSeconds(Long.MAX_VALUE, 999_999_999)), "longest cycle"),
                refused(b -> b.maxConcurrentBatches(Integer.MAX_VALUE), "most slots"),
                refused(b -> b.maxPending(1), "least room"),
                refused(b -> b.maxPending(Integer.MAX_VALUE), "most room"),
                refused(b -> b.maxBatchWeight(1, job -> 1), "lightest batch"),
                refused(b -> b.maxBatchWeight(Long.MAX_VALUE, job -> Long.MAX_VALUE), "heaviest batch"),
                refused(
                        b -> b.maxBatchWeight(Long.MAX_VALUE, job -> Long.MAX_VALUE)
                                .maxPendingWeight(Long.MAX_VALUE),
                        "heaviest load"),
                refused(b -> b.maxBatchWeight(5, job -> 1).maxPendingWeight(1), "room lighter than a batch"),
                refused(b -> b.jobTimeout(Duration.ofSeconds(Long.MAX_VALUE)), "longest timeout"),
                refused(b -> b.batchTimeout(Duration.ofSeconds(Long.MAX_VALUE)), "longest batch"),
                refused(b -> b.overflow(OverflowPolicy.REJECT), "rejecting"),
                refused(b -> b.dispatchPolicy(DispatchPolicy.natural()), "natural"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("extremes")
    void r2_7_theEndsOfEachRangeWork(String name, UnaryOperator<MicroBatcher.Builder<String, String>> option)
            throws Exception {
        try (MicroBatcher<String, String> batcher =
                option.apply(builder().name(name)).build()) {
            var job = batcher.submit("a");
            batcher.drain().get();
            assertThat(job).isCompletedWithValue("a");
            assertThat(batcher.toString()).contains(name);
        }
    }

    @Test
    void r2_7_optionsWithoutSettingWorkAsTheyAre() throws Exception {
        try (MicroBatcher<String, String> batcher = builder().build()) {
            assertThat(batcher.run("a")).isEqualTo("a");
            assertThat(batcher.name()).matches("batcher-\\d+");
        }
    }

    @Test
    void aBuilderBuildsSeveralBatchersWithNamesOfTheirOwn() {
        MicroBatcher.Builder<String, String> builder = builder();
        try (MicroBatcher<String, String> one = builder.build();
                MicroBatcher<String, String> other = builder.build()) {
            assertThat(one.name()).isNotEqualTo(other.name());
        }
    }

    @Test
    void whatIsSetAfterBuildDoesNotReachTheBatcherThatWasBuilt() {
        BatchesFixture fixture = new BatchesFixture();
        MicroBatcher.Builder<String, String> builder = fixture.atOnce().batchSize(2);
        MicroBatcher<String, String> batcher = builder.build();
        builder.batchSize(1).name("another");
        batcher.submit("a");
        assertThat(fixture.sent).isEmpty();
        assertThat(batcher.name()).isNotEqualTo("another");
        builder.build().submit("b");
        assertThat(fixture.sent).containsExactly(List.of("b"));
    }
}
