package io.microbatcher.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.microbatcher.DispatchReason;
import io.microbatcher.MicroBatcher;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SizeTest {
    private final BatchesFixture fixture = new BatchesFixture();

    @Test
    void r2_2_aBatchLeavesInTheCallThatFillsIt() {
        MicroBatcher<String, String> batcher = fixture.atOnce().batchSize(3).build();
        batcher.submit("a");
        batcher.submit("b");
        assertThat(fixture.sent).isEmpty();
        CompletableFuture<String> third = batcher.submit("c");
        assertThat(fixture.sent).containsExactly(List.of("a", "b", "c"));
        assertThat(third).isCompletedWithValue("c!");
        assertThat(fixture.reasons()).containsExactly(DispatchReason.SIZE);
    }

    @Test
    void r2_2_theJobAfterAFullBatchStartsTheNextOne() {
        MicroBatcher<String, String> batcher = fixture.atOnce().batchSize(2).build();
        List.of("a", "b", "c").forEach(batcher::submit);
        assertThat(fixture.sent).containsExactly(List.of("a", "b"));
        assertThat(batcher.stats().waiting()).isEqualTo(1);
    }

    @Test
    void r2_2_aBatchSizeOfOneSendsEachJobAlone() {
        MicroBatcher<String, String> batcher = fixture.atOnce().batchSize(1).build();
        List.of("a", "b").forEach(batcher::submit);
        assertThat(fixture.sent).containsExactly(List.of("a"), List.of("b"));
        assertThat(fixture.time.alarms()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 7", "1, 5, 100", "4, 3, 100", "16, 7, 700", "3, 100, 99"})
    void r2_1_r2_2_noBatchHoldsMoreOrLessThanItsSizeHoweverManySlotsThereAre(int slots, int size, int jobs) {
        MicroBatcher<String, String> batcher = fixture.onDemand()
                .batchSize(size)
                .maxConcurrentBatches(slots)
                .batchCycle(BatchesFixture.FOR_EVER)
                .build();
        IntStream.range(0, jobs).forEach(i -> batcher.submit("j" + i));
        fixture.workers.runAll();
        assertThat(fixture.sent)
                .hasSize(jobs / size)
                .allSatisfy(batch -> assertThat(batch).hasSize(size));
        assertThat(batcher.stats().waiting()).isEqualTo(jobs % size);
    }

    @Test
    void r2_2_asManyFullBatchesLeaveAtOnceAsThereAreSlots() {
        MicroBatcher<String, String> batcher =
                fixture.held().batchSize(2).maxConcurrentBatches(2).build();
        List.of("a", "b", "c", "d", "e", "f").forEach(batcher::submit);
        assertThat(fixture.sent).containsExactly(List.of("a", "b"), List.of("c", "d"));
        assertThat(batcher.stats().inFlightBatches()).isEqualTo(2);
        fixture.finish(1);
        assertThat(fixture.sent).hasSize(3).endsWith(List.of("e", "f"));
    }

    @Test
    void r2_2_aWorkerIsAskedForInTheCallThatFillsTheBatchAndOnlyOnce() {
        MicroBatcher<String, String> batcher =
                fixture.onDemand().batchSize(2).maxConcurrentBatches(4).build();
        batcher.submit("a");
        assertThat(fixture.workers.size()).isZero();
        batcher.submit("b");
        assertThat(fixture.workers.size()).isEqualTo(1);
        batcher.submit("c");
        assertThat(fixture.workers.size()).isEqualTo(1);
        batcher.submit("d");
        assertThat(fixture.workers.size()).isEqualTo(2);
    }

    @Test
    void r2_2_jobsThatWereCancelledDoNotFillABatch() {
        MicroBatcher<String, String> batcher = fixture.atOnce().batchSize(3).build();
        batcher.submit("a");
        batcher.submit("b").cancel(false);
        batcher.submit("c");
        assertThat(fixture.sent).isEmpty();
        batcher.submit("d");
        assertThat(fixture.sent).containsExactly(List.of("a", "c", "d"));
    }

    @Test
    void r2_7_theLargestBatchSizeWaitsForTheAge() {
        MicroBatcher<String, String> batcher = fixture.atOnce()
                .batchSize(Integer.MAX_VALUE)
                .maxPending(Integer.MAX_VALUE)
                .maxConcurrentBatches(Integer.MAX_VALUE)
                .build();
        IntStream.range(0, 1_000).forEach(i -> batcher.submit("j" + i));
        assertThat(fixture.sent).isEmpty();
        fixture.advanceMillis(10);
        assertThat(fixture.sent)
                .singleElement()
                .satisfies(batch -> assertThat(batch).hasSize(1_000));
        assertThat(batcher.stats().meanBatchFill()).isGreaterThan(0).isLessThan(1e-6);
    }
}
