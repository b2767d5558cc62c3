package io.microbatcher.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.microbatcher.DispatchPolicy;
import io.microbatcher.DispatchReason;
import io.microbatcher.MicroBatcher;
import java.util.List;
import org.junit.jupiter.api.Test;

class PolicyTest {
    private final BatchesFixture fixture = new BatchesFixture();

    @Test
    void naturalLeavesAtOnceWhenASlotIsFree() {
        MicroBatcher<String, String> batcher = fixture.atOnce()
                .batchSize(9)
                .dispatchPolicy(DispatchPolicy.natural())
                .build();
        assertThat(batcher.submit("a")).isCompletedWithValue("a!");
        assertThat(batcher.submit("b")).isCompletedWithValue("b!");
        assertThat(fixture.reasons()).containsExactly(DispatchReason.IDLE, DispatchReason.IDLE);
        assertThat(fixture.time.alarms()).isZero();
    }

    @Test
    void naturalCollectsWhileAllSlotsAreBusy() {
        MicroBatcher<String, String> batcher = fixture.held()
                .batchSize(3)
                .maxConcurrentBatches(2)
                .dispatchPolicy(DispatchPolicy.natural())
                .build();
        List.of("a", "b", "c", "d", "e", "f").forEach(batcher::submit);
        fixture.advanceMillis(1_000);
        fixture.finish(0);
        fixture.finish(1);
        assertThat(fixture.sent).containsExactly(List.of("a"), List.of("b"), List.of("c", "d", "e"), List.of("f"));
        assertThat(fixture.reasons())
                .containsExactly(DispatchReason.IDLE, DispatchReason.IDLE, DispatchReason.SIZE, DispatchReason.IDLE);
    }

    @Test
    void naturalHasNoUseForTheCycle() {
        MicroBatcher<String, String> batcher = fixture.atOnce()
                .batchSize(9)
                .batchCycle(BatchesFixture.FOR_EVER)
                .dispatchPolicy(DispatchPolicy.natural())
                .build();
        assertThat(batcher.submit("a")).isCompleted();
    }

    @Test
    void naturalKeepsTheLimitsOfABatch() {
        MicroBatcher<String, String> batcher = fixture.held()
                .batchSize(2)
                .maxBatchWeight(10, BatchesFixture::weightOf)
                .dispatchPolicy(DispatchPolicy.natural())
                .build();
        List.of("a:1", "b:1", "c:1", "d:1", "e:6", "f:6", "g:99").forEach(batcher::submit);
        for (int i = 0; i < fixture.sent.size(); i++) {
            fixture.finish(i);
        }
        assertThat(fixture.sent)
                .containsExactly(
                        List.of("a:1"), List.of("b:1", "c:1"), List.of("d:1", "e:6"), List.of("f:6"), List.of("g:99"));
    }

    @Test
    void onePolicyServesManyBatchersAndTellsItsName() {
        assertThat(DispatchPolicy.natural()).isSameAs(DispatchPolicy.natural()).hasToString("natural");
        assertThat(DispatchPolicy.sizeOrAge())
                .isSameAs(DispatchPolicy.sizeOrAge())
                .hasToString("sizeOrAge");
    }
}
