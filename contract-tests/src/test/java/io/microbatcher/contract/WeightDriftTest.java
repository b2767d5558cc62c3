package io.microbatcher.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.microbatcher.MicroBatcher;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class WeightDriftTest {
    private static final long HEAVIEST = Long.MAX_VALUE;

    private final BatchesFixture fixture = new BatchesFixture();

    private MicroBatcher<String, String> heldBatcher(long maxBatchWeight) {
        return fixture.held()
                .batchSize(100)
                .maxBatchWeight(maxBatchWeight, BatchesFixture::weightOf)
                .build();
    }

    @Test
    void r2_1_aCancelledGiantLeavesNoWeightBehind() {
        MicroBatcher<String, String> batcher = heldBatcher(2_000);
        batcher.submit("first:2000");
        CompletableFuture<String> giant = batcher.submit("giant:" + HEAVIEST);
        batcher.submit("a:1500"); // due at 10
        giant.cancel(false);
        fixture.finish(0);
        assertThat(fixture.sent).containsExactly(List.of("first:2000"));
        fixture.advanceMillis(10);
        assertThat(fixture.sent).containsExactly(List.of("first:2000"), List.of("a:1500"));
    }

    @Test
    void r2_2_aCancelledGiantTakesNoWeightWithIt() {
        MicroBatcher<String, String> batcher = heldBatcher(10);
        batcher.submit("first:10");
        CompletableFuture<String> giant = batcher.submit("giant:" + HEAVIEST);
        batcher.submit("a:5");
        giant.cancel(false);
        fixture.finish(0);
        batcher.submit("b:5"); // with a, exactly the maximum
        assertThat(fixture.sent).containsExactly(List.of("first:10"), List.of("a:5", "b:5"));
    }
}
