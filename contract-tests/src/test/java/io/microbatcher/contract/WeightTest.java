package io.microbatcher.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.microbatcher.DispatchReason;
import io.microbatcher.MicroBatcher;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class WeightTest {
    private static final long HEAVIEST = Long.MAX_VALUE;

    private final BatchesFixture fixture = new BatchesFixture();

    private MicroBatcher<String, String> batcher(long maxBatchWeight) {
        return fixture.atOnce()
                .batchSize(100)
                .maxBatchWeight(maxBatchWeight, BatchesFixture::weightOf)
                .build();
    }

    private MicroBatcher<String, String> heldBatcher(long maxBatchWeight) {
        return fixture.held()
                .batchSize(100)
                .maxBatchWeight(maxBatchWeight, BatchesFixture::weightOf)
                .build();
    }

    @Test
    void r2_1_aBatchThatWeighsExactlyTheMaximumLeavesAtOnce() {
        MicroBatcher<String, String> batcher = batcher(10);
        batcher.submit("a:6");
        batcher.submit("b:3");
        assertThat(fixture.sent).isEmpty();
        batcher.submit("c:1");
        assertThat(fixture.sent).containsExactly(List.of("a:6", "b:3", "c:1"));
        assertThat(fixture.reasons()).containsExactly(DispatchReason.WEIGHT);
        assertThat(fixture.infos.get(0).weight()).isEqualTo(10);
    }

    @Test
    void r2_1_aJobThatWouldExceedTheMaximumStartsTheNextBatch() {
        MicroBatcher<String, String> batcher = batcher(10);
        batcher.submit("a:6");
        batcher.submit("b:3");
        batcher.submit("c:2"); // due at 10
        assertThat(fixture.sent).containsExactly(List.of("a:6", "b:3"));
        assertThat(fixture.reasons()).containsExactly(DispatchReason.WEIGHT);
        fixture.advanceMillis(10);
        assertThat(fixture.sent).containsExactly(List.of("a:6", "b:3"), List.of("c:2"));
        assertThat(fixture.reasons()).containsExactly(DispatchReason.WEIGHT, DispatchReason.AGE);
    }

    @Test
    void r2_1_aJobHeavierThanTheMaximumGoesAloneAtOnce() {
        MicroBatcher<String, String> batcher = batcher(10);
        assertThat(batcher.submit("a:11")).isCompletedWithValue("a:11!");
        assertThat(fixture.sent).containsExactly(List.of("a:11"));
        assertThat(fixture.reasons()).containsExactly(DispatchReason.WEIGHT);
    }

    @Test
    void r2_1_aHeavyJobPushesOutTheLightOnesBeforeItAndTakesNoneBehindIt() {
        MicroBatcher<String, String> batcher = batcher(10);
        batcher.submit("a:1");
        batcher.submit("b:" + HEAVIEST);
        assertThat(fixture.sent).containsExactly(List.of("a:1"), List.of("b:" + HEAVIEST));
        batcher.submit("c:1");
        assertThat(fixture.sent).hasSize(2);
        assertThat(fixture.infos.get(1).weight()).isEqualTo(HEAVIEST);
    }

    @Test
    void r2_1_manyOfTheHeaviestGoOneByOne() {
        MicroBatcher<String, String> batcher = heldBatcher(10);
        for (int i = 0; i < 20; i++) {
            batcher.submit("j" + i + ":" + HEAVIEST);
        }
        for (int i = 0; i < 20; i++) {
            assertThat(fixture.sent).hasSize(i + 1);
            fixture.finish(i);
        }
        assertThat(fixture.sent)
                .hasSize(20)
                .allSatisfy(batch -> assertThat(batch).hasSize(1));
        assertThat(batcher.stats().pending()).isZero();
    }

    @Test
    void r2_1_jobsWithoutWeightCountByTheirNumberOnly() {
        MicroBatcher<String, String> batcher = fixture.atOnce()
                .batchSize(3)
                .maxBatchWeight(10, BatchesFixture::weightOf)
                .build();
        List.of("a:0", "b:0", "c:0").forEach(batcher::submit);
        assertThat(fixture.sent).containsExactly(List.of("a:0", "b:0", "c:0"));
        assertThat(fixture.reasons()).containsExactly(DispatchReason.SIZE);
        batcher.submit("d:0");
        fixture.advanceMillis(10);
        assertThat(fixture.infos.get(1).weight()).isZero();
    }

    @Test
    void r2_1_bothLimitsHoldWhicheverComesFirst() {
        MicroBatcher<String, String> batcher = fixture.atOnce()
                .batchSize(3)
                .maxBatchWeight(10, BatchesFixture::weightOf)
                .build();
        List.of("a:1", "b:1", "c:1", "d:5", "e:5", "f:9", "g:2", "h:1", "i:1").forEach(batcher::submit);
        assertThat(fixture.sent)
                .containsExactly(
                        List.of("a:1", "b:1", "c:1"),
                        List.of("d:5", "e:5"),
                        List.of("f:9"),
                        List.of("g:2", "h:1", "i:1"));
    }

    @Test
    void r2_1_aMaximumOfTheLargestNumberDoesNotOverflow() {
        MicroBatcher<String, String> batcher = batcher(HEAVIEST);
        batcher.submit("a:" + (HEAVIEST - 1_000_000));
        batcher.submit("b:" + HEAVIEST);
        assertThat(fixture.sent).containsExactly(List.of("a:" + (HEAVIEST - 1_000_000)), List.of("b:" + HEAVIEST));
    }

    @Test
    void r2_1_r2_4_aBacklogLeavesInBatchesThatFit() {
        MicroBatcher<String, String> batcher = heldBatcher(10);
        batcher.submit("first:10");
        List.of("a:4", "b:4", "c:4", "d:40", "e:0", "f:10", "g:0", "h:3").forEach(batcher::submit);
        batcher.flush();
        for (int i = 0; i < fixture.sent.size(); i++) {
            fixture.finish(i);
        }
        assertThat(fixture.sent)
                .containsExactly(
                        List.of("first:10"),
                        List.of("a:4", "b:4"),
                        List.of("c:4"),
                        List.of("d:40"),
                        List.of("e:0", "f:10"),
                        List.of("g:0", "h:3"));
    }

    @Test
    void r2_1_theWeightOfACancelledJobDoesNotCount() {
        MicroBatcher<String, String> batcher = batcher(10);
        CompletableFuture<String> light = batcher.submit("a:9");
        light.cancel(false);
        batcher.submit("b:8");
        assertThat(fixture.sent).isEmpty();
        batcher.submit("c:2");
        assertThat(fixture.sent).containsExactly(List.of("b:8", "c:2"));
    }

    @Test
    void r2_2_withSeveralSlotsEveryBatchThatIsFullByWeightLeavesAtOnce() {
        MicroBatcher<String, String> batcher = fixture.onDemand()
                .batchSize(100)
                .maxConcurrentBatches(8)
                .maxBatchWeight(10, BatchesFixture::weightOf)
                .build();
        List.of("a:6", "b:6", "c:6", "d:6", "e:6").forEach(batcher::submit);
        fixture.workers.runAll();
        assertThat(fixture.sent).containsExactly(List.of("a:6"), List.of("b:6"), List.of("c:6"), List.of("d:6"));
    }

    @Test
    void r2_1_noRandomLoadExceedsEitherLimit() {
        Random random = new Random(7);
        MicroBatcher<String, String> batcher = fixture.held()
                .batchSize(5)
                .maxBatchWeight(20, BatchesFixture::weightOf)
                .maxConcurrentBatches(2)
                .build();
        int finished = 0;
        for (int i = 0; i < 2_000; i++) {
            batcher.submit("j" + i + ":" + random.nextInt(25));
            fixture.advanceMillis(random.nextInt(3));
            if (random.nextBoolean() && finished < fixture.sent.size()) {
                fixture.finish(finished++);
            }
        }
        batcher.flush();
        while (finished < fixture.sent.size()) {
            fixture.finish(finished++);
        }
        assertThat(fixture.sent).allSatisfy(batch -> {
            assertThat(batch.size()).isBetween(1, 5);
            assertThat(batch.size() == 1
                            || batch.stream()
                                            .mapToLong(BatchesFixture::weightOf)
                                            .sum()
                                    <= 20)
                    .isTrue();
        });
        assertThat(fixture.sent.stream().mapToInt(List::size).sum()).isEqualTo(2_000);
    }
}
