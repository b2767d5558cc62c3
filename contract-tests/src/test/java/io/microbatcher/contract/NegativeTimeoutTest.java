package io.microbatcher.contract;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.microbatcher.MicroBatcher;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class NegativeTimeoutTest {
    private final BatchesFixture fixture = new BatchesFixture();

    @Test
    void r3_2_theShortestTimeoutThereIsGivesUpAtOnceWhileBlocked() {
        MicroBatcher<String, String> batcher =
                fixture.held().batchSize(1).maxPending(1).build();
        batcher.submit("a");
        assertThatThrownBy(() -> batcher.run("late", Duration.ofSeconds(Long.MIN_VALUE)))
                .isInstanceOf(TimeoutException.class);
    }

    @Test
    void r3_2_theShortestTimeoutThereIsGivesUpAtOnceForTheResult() {
        MicroBatcher<String, String> batcher = fixture.held().batchSize(1).build();
        assertThatThrownBy(() -> batcher.run("late", Duration.ofSeconds(Long.MIN_VALUE)))
                .isInstanceOf(TimeoutException.class);
    }
}
