package io.microbatcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What the latency target says to what it is shown: times in nanoseconds, batches take 1,000 and 10 for each job. */
class LatencyTargetTest {
    private final LatencyTarget policy = new LatencyTarget(Duration.ofNanos(10_000));
    private final Observed observed = new Observed();

    private record Jobs(int size, long oldestNanos, double meanNanos) implements Waiting {}

    private void learn() {
        for (int i = 0; i < 500; i++) {
            int size = 1 + i % 100;
            observed.processed(size, 1_000 + 10L * size);
            observed.arrived(1, 100L * i);
        }
    }

    @Test
    void leavesAtOnceAsLongAsNothingIsKnown() {
        assertThat(policy.dueNanos(new Jobs(1, 50, 50), observed)).isEqualTo(50);
    }

    @Test
    void learnsWhatABatchOfASizeTakes() {
        learn();
        assertThat(observed.predictedNanos(1)).isCloseTo(1_010, within(30.0));
        assertThat(observed.predictedNanos(100)).isCloseTo(2_000, within(30.0));
        assertThat(observed.tail()).isCloseTo(1, within(0.1));
    }

    @Test
    void leavesWhenTheOldestHasJustTheTimeLeftThatItsBatchTakes() {
        learn();
        long accepted = 60_000;
        observed.arrived(1, accepted);
        assertThat(policy.dueNanos(new Jobs(1, accepted, accepted), observed))
                .isCloseTo(accepted + 10_000 - 1_020, within(200L));
        assertThat(policy.dueNanos(new Jobs(99, accepted, accepted), observed))
                .isCloseTo(accepted + 10_000 - 2_000, within(250L));
    }

    @Test
    void leavesAtOnceWhereNoOtherJobIsExpectedInTime() {
        for (int i = 0; i < 500; i++) {
            observed.processed(1, 1_000);
            observed.arrived(1, 1_000_000L * i);
        }
        long accepted = 1_000_000_000;
        observed.arrived(1, accepted);
        assertThat(policy.dueNanos(new Jobs(1, accepted, accepted), observed)).isEqualTo(accepted);
    }

    @Test
    void keepsMoreTimeInReserveWhereBatchesVary() {
        for (int i = 0; i < 2_000; i++) {
            observed.processed(1 + i % 100, i % 20 == 0 ? 4_000 : 1_000);
        }
        assertThat(observed.tail()).isGreaterThan(2);
    }
}
