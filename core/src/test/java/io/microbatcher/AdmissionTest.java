package io.microbatcher;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AdmissionTest {
    private final Admission admission = new Admission(3);

    private void counts(int waiting, int pending) {
        assertThat(admission.waiting()).isEqualTo(waiting);
        assertThat(admission.pending()).isEqualTo(pending);
    }

    @Test
    void r3_2_acceptsUpToTheLimitAndSaysHowManyWait() {
        assertThat(admission.isClosed()).isFalse();
        assertThat(admission.admit()).isEqualTo(1);
        assertThat(admission.admit()).isEqualTo(2);
        admission.taken(2);
        counts(0, 2);
        assertThat(admission.admit()).isEqualTo(1);
        assertThat(admission.admit()).isEqualTo(Admission.FULL);
        assertThat(admission.grant()).isEqualTo(Admission.FULL);
        counts(1, 3);
    }

    @Test
    void r3_4_whatEndsMakesRoomWhereverItWas() {
        admission.admit();
        admission.admit();
        admission.admit();
        admission.taken(1);
        admission.endedInFlight(1);
        counts(2, 2);
        admission.endedWaiting(2);
        counts(0, 0);
        assertThat(admission.admit()).isEqualTo(1);
    }

    @Test
    void r3_2_nobodyOvertakesABlockedCaller() {
        admission.blocked(true);
        admission.blocked(true);
        assertThat(admission.admit()).isEqualTo(Admission.FULL);
        assertThat(admission.grant()).isEqualTo(1);
        counts(1, 1);
        admission.blocked(false);
        assertThat(admission.admit()).isEqualTo(2);
    }

    @Test
    void r4_2_onceClosedNothingIsAcceptedAndNothingIsForgotten() {
        admission.admit();
        admission.blocked(true);
        assertThat(admission.isClosed()).isFalse();
        admission.close();
        admission.close();
        assertThat(admission.isClosed()).isTrue();
        assertThat(admission.admit()).isEqualTo(Admission.CLOSED);
        assertThat(admission.grant()).isEqualTo(Admission.CLOSED);
        admission.blocked(false);
        assertThat(admission.admit()).isEqualTo(Admission.CLOSED);
        counts(1, 1);
        admission.endedWaiting(1);
        counts(0, 0);
        assertThat(admission.isClosed()).isTrue();
    }

    @Test
    void r3_2_theLargestLimitNeitherOverflowsNorTouchesItsNeighbours() {
        Admission large = new Admission(Integer.MAX_VALUE);
        for (int i = 1; i <= 1_000; i++) {
            assertThat(large.admit()).isEqualTo(i);
        }
        large.taken(400);
        large.endedInFlight(300);
        long counts = large.counts();
        assertThat(Admission.waiting(counts)).isEqualTo(600);
        assertThat(Admission.pending(counts)).isEqualTo(700);
        assertThat(large.isClosed()).isFalse();
    }
}
