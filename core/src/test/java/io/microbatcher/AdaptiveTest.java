package io.microbatcher;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What the adaptive policy says to what it is shown: times in nanoseconds, a batch takes 1,000. */
class AdaptiveTest {
    private static final int DURATION = 1_000;
    private final Adaptive policy = Adaptive.INSTANCE;
    private final Observed observed = new Observed();

    private record Jobs(int size, long oldestNanos, double meanNanos) implements Waiting {}

    private record Coalesced(int size, int callers, long oldestNanos, double meanNanos) implements Waiting {}

    private static Jobs together(int jobs, long acceptedNanos) {
        return new Jobs(jobs, acceptedNanos, acceptedNanos);
    }

    private void learnDuration() {
        observed.processed(10, DURATION);
    }

    /** After each of these batches as many callers as given come back, 100 later, and nobody waits then. */
    private void learnReturns(int callers) {
        learnReturns(callers, 100);
    }

    private void learnReturns(int callers, long nanosLater) {
        for (int i = 1; i <= 100; i++) {
            observed.left(callers, i * 10_000L, 0);
            for (int caller = 0; caller < callers; caller++) {
                observed.arrived(i * 10_000L + nanosLater);
            }
        }
        observed.left(callers, 2_000_000, 0);
    }

    @Test
    void leavesAtOnceAsLongAsNothingIsKnown() {
        observed.slots(3, 4);
        assertThat(policy.dueNanos(together(1, 50), observed)).isEqualTo(50);
        assertThat(policy.reason(together(1, 50), observed)).isEqualTo(DispatchReason.IDLE);
    }

    @Test
    void leavesAtOnceWithNothingInFlight() {
        learnDuration();
        observed.slots(0, 1);
        assertThat(policy.dueNanos(together(1, 50), observed)).isEqualTo(50);
    }

    @Test
    void waitsForCallersThatComeBackTogetherButNotForLong() {
        learnDuration();
        learnReturns(8);
        observed.slots(0, 1);
        assertThat(policy.dueNanos(together(1, 2_000_001), observed)).isBetween(2_000_120L, 2_000_125L);
        assertThat(policy.lookAgainAt(together(1, 2_000_001), observed)).isEqualTo(8);
        assertThat(policy.dueNanos(together(8, 2_000_001), observed)).isEqualTo(2_000_001);
    }

    @Test
    void countsEveryCallerThatWaitsForAJobAndComesBack() {
        learnDuration();
        observed.slots(1, 4);
        assertThat(policy.dueNanos(new Coalesced(1, 5, 50, 50), observed))
                .isEqualTo(policy.dueNanos(together(5, 50), observed))
                .isLessThan(policy.dueNanos(together(1, 50), observed));
        learnReturns(8);
        observed.slots(0, 1);
        assertThat(policy.dueNanos(new Coalesced(1, 7, 2_000_001, 2_000_001), observed))
                .as("one is missing")
                .isGreaterThan(2_000_001);
        assertThat(policy.dueNanos(new Coalesced(1, 8, 2_000_001, 2_000_001), observed))
                .isEqualTo(2_000_001);
    }

    @Test
    void doesNotWaitForCallersThatHaveStoppedComingBack() {
        learnDuration();
        learnReturns(8);
        for (int i = 300; i < 330; i++) {
            observed.left(8, i * 10_000L, 0);
        }
        observed.slots(0, 1);
        assertThat(policy.dueNanos(together(1, 3_300_001), observed)).isEqualTo(3_300_001);
    }

    @Test
    void doesNotWaitForJobsThatComeByThemselves() {
        learnDuration();
        for (int i = 1; i <= 100; i++) { // as many as callers, but not those of the batch before
            observed.left(i % 2 == 0 ? 2 : 14, i * 10_000L, 0);
            for (int job = 0; job < 8; job++) {
                observed.arrived(i * 10_000L + 100);
            }
        }
        observed.left(8, 2_000_000, 0);
        observed.slots(0, 1);
        assertThat(policy.dueNanos(together(1, 2_000_001), observed)).isEqualTo(2_000_001);
    }

    @Test
    void doesNotHoldManyBackForFew() {
        learnDuration();
        learnReturns(2);
        observed.left(2, 2_000_000, 20);
        observed.slots(0, 1);
        assertThat(policy.dueNanos(together(20, 1_999_000), observed)).isEqualTo(1_999_000);
    }

    @Test
    void withBatchesInFlightItWaitsUntilTheWaitsTogetherAreAQuarterOfABatch() {
        learnDuration();
        observed.slots(1, 4);
        assertThat(policy.dueNanos(together(1, 100), observed)).isEqualTo(350);
        assertThat(policy.dueNanos(together(10, 100), observed)).isEqualTo(125);
        assertThat(policy.dueNanos(new Jobs(2, 100, 150), observed)).isEqualTo(275);
        assertThat(policy.reason(together(1, 100), observed)).isEqualTo(DispatchReason.BALANCE);
    }

    @Test
    void withHalfOfTheSlotsTakenItKeepsItsDistance() {
        learnDuration();
        observed.slots(2, 4);
        observed.dispatched(200);
        assertThat(policy.dueNanos(together(10, 100), observed)).isEqualTo(200 + (long) (DURATION / 3.8));
        assertThat(policy.reason(together(10, 100), observed)).isEqualTo(DispatchReason.PACE);
        observed.slots(1, 4);
        assertThat(policy.dueNanos(together(10, 100), observed)).isEqualTo(125);
    }

    @Test
    void oneBatchThatHangsIsNoTrend() {
        learnDuration();
        observed.processed(10, 3_600_000_000_000L);
        assertThat(observed.durationNanos()).isBetween(1_000.0, 1_400.0);
    }

    @Test
    void followsAProcessorThatHasBecomeSlower() {
        learnDuration();
        for (int i = 0; i < 100; i++) {
            observed.processed(10, 100_000);
        }
        assertThat(observed.durationNanos()).isBetween(95_000.0, 100_001.0);
    }

    @Test
    void looksAgainWhenAQuarterMoreWait() {
        learnDuration();
        observed.slots(1, 4);
        assertThat(policy.lookAgainAt(together(0, 0), observed)).isEqualTo(1);
        assertThat(policy.lookAgainAt(together(1, 100), observed)).isEqualTo(2);
        assertThat(policy.lookAgainAt(together(7, 100), observed)).isEqualTo(8);
        assertThat(policy.lookAgainAt(together(20, 100), observed)).isEqualTo(25);
        observed.slots(0, 4); // nobody is known to come back
        assertThat(policy.lookAgainAt(together(20, 100), observed)).isEqualTo(25);
    }

    @Test
    void aSingleSlotKeepsNoDistance() {
        learnDuration();
        observed.slots(1, 1);
        observed.dispatched(100_000);
        assertThat(policy.dueNanos(together(10, 100), observed)).isEqualTo(125);
        assertThat(policy.reason(together(10, 100), observed)).isEqualTo(DispatchReason.BALANCE);
    }

    @Test
    void withTwoSlotsOneBatchInFlightIsHalfOfThem() {
        learnDuration();
        observed.slots(1, 2);
        observed.dispatched(200);
        assertThat(policy.dueNanos(together(10, 100), observed)).isEqualTo(200 + (long) (DURATION / 1.9));
        assertThat(policy.reason(together(10, 100), observed)).isEqualTo(DispatchReason.PACE);
    }

    @Test
    void leavesAtOnceIdleWhateverIsKnown() {
        learnDuration();
        observed.slots(0, 4);
        assertThat(policy.reason(together(1, 50), observed)).isEqualTo(DispatchReason.IDLE);
    }

    @Test
    void callersThatComeBackAreAddedToThoseWhoWaitedAlready() {
        learnDuration();
        learnReturns(8);
        for (int caller = 0; caller < 8; caller++) {
            observed.arrived(2_000_100);
        }
        observed.left(8, 2_010_000, 5);
        observed.slots(0, 1);
        assertThat(policy.lookAgainAt(together(6, 2_010_001), observed)).isEqualTo(13);
        assertThat(policy.dueNanos(together(6, 2_010_001), observed)).isGreaterThan(2_010_100);
        assertThat(policy.dueNanos(together(13, 2_010_001), observed)).isEqualTo(2_010_001);
    }

    @Test
    void waitsForCallersThatTakeAPartOfABatchToComeBackAndNotForSlowerOnes() {
        learnDuration();
        learnReturns(8, 700); // the limit is 711: eight ninths of four fifths
        observed.slots(0, 1);
        assertThat(policy.dueNanos(together(1, 2_000_001), observed)).isBetween(2_000_870L, 2_000_875L);
        learnReturns(8, 720);
        assertThat(policy.dueNanos(together(1, 2_000_001), observed)).isEqualTo(2_000_001);
    }

    @Test
    void waitsOnlyAsLongAsWhoIsMissingIsWorthTheWaitOfThoseWhoAreHere() {
        learnDuration();
        learnReturns(8, 600);
        observed.slots(0, 1);
        assertThat(policy.dueNanos(together(6, 2_000_001), observed)).isGreaterThan(2_000_700);
        assertThat(policy.dueNanos(together(7, 2_000_001), observed)).isEqualTo(2_000_001);
        assertThat(policy.isEager()).isTrue();
    }
}
