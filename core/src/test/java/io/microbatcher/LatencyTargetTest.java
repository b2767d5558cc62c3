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

    /** One batch is known, 1,000 long, of which 1,200 are held in reserve; two jobs have come so far. */
    private void learnFew(long firstArrival, long lastArrival) {
        observed.processed(1, 1_000);
        observed.arrived(1, firstArrival);
        observed.arrived(1, lastArrival);
    }

    @Test
    void isDueOnAGridOfSixtyFourthsOfTheTarget() {
        learnFew(49_900, 50_000);
        assertThat(policy.dueNanos(new Jobs(1, 50_000, 50_000), observed)).isEqualTo(58_750); // not 58,800
    }

    @Test
    void waitsIfTheNextJobIsExpectedWithinTwiceTheTimeThatIsLeft() {
        learnFew(50_000 - 17_500, 50_000);
        assertThat(policy.dueNanos(new Jobs(1, 50_000, 50_000), observed)).isEqualTo(58_750);
    }

    @Test
    void leavesAtOnceIfTheNextJobIsExpectedLaterThanThat() {
        learnFew(50_000 - 17_501, 50_000);
        assertThat(policy.dueNanos(new Jobs(1, 50_000, 50_000), observed)).isEqualTo(50_000);
    }

    @Test
    void theTimeThatIsLeftCountsFromTheLastArrival() {
        learnFew(48_600, 48_700);
        assertThat(policy.dueNanos(new Jobs(2, 40_000, 44_000), observed)).isEqualTo(48_750);
        observed.arrived(1, 48_749);
        assertThat(policy.dueNanos(new Jobs(3, 40_000, 45_000), observed)).isEqualTo(40_000);
    }

    @Test
    void leavesAtOnceWhereHoldingBringsNoCompany() {
        learnFew(49_900, 50_000);
        for (int i = 0; i < 3; i++) {
            observed.targeted(1, 5_000);
        }
        assertThat(policy.dueNanos(new Jobs(1, 50_000, 50_000), observed)).isEqualTo(50_000);
    }

    @Test
    void looksAgainWhenAQuarterMoreWait() {
        assertThat(policy.lookAgainAt(new Jobs(1, 0, 0), observed)).isEqualTo(2);
        assertThat(policy.lookAgainAt(new Jobs(7, 0, 0), observed)).isEqualTo(8);
        assertThat(policy.lookAgainAt(new Jobs(8, 0, 0), observed)).isEqualTo(10);
        assertThat(policy.lookAgainAt(new Jobs(100, 0, 0), observed)).isEqualTo(125);
        assertThat(policy.reason(new Jobs(1, 0, 0), observed)).isEqualTo(DispatchReason.TARGET);
    }

    @Test
    void reckonsWithOneJobMoreThanWaits() {
        observed.processed(10, 1_000);
        observed.processed(20, 2_000); // 100 for each job; the tail is 1.2495
        observed.arrived(1, 49_900);
        observed.arrived(1, 50_000);
        assertThat(policy.dueNanos(new Jobs(19, 50_000, 50_000), observed))
                .isEqualTo(57_500); // 60,000 - 2,499 on the grid
        assertThat(policy.isEager()).isFalse();
    }
}
