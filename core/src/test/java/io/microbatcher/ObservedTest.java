package io.microbatcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** What is learnt from what is shown, in figures: the means weigh the newest batch with a tenth, the newest return with a fifth. */
class ObservedTest {
    private static final Offset<Double> ROUNDING = within(1e-9);
    private final Observed observed = new Observed();

    @Test
    void theFirstBatchIsBelievedAsItIs() {
        observed.processed(10, 1_000);
        assertThat(observed.durationNanos()).isEqualTo(1_000);
        assertThat(observed.predictedNanos(1)).isEqualTo(1_000);
        assertThat(observed.predictedNanos(100)).isEqualTo(1_000);
    }

    @Test
    void aBatchThatTookNoTimeIsKnownAllTheSame() {
        observed.processed(10, 0);
        assertThat(observed.durationNanos()).isEqualTo(1);
    }

    @Test
    void theLineGoesThroughWhatWasObservedAndIsNeverFarBelowTheMean() {
        observed.processed(10, 1_000);
        observed.processed(20, 2_000);
        assertThat(observed.durationNanos()).isCloseTo(1_100, ROUNDING);
        assertThat(observed.predictedNanos(10)).isCloseTo(1_000, within(1e-6));
        assertThat(observed.predictedNanos(20)).isCloseTo(2_000, within(1e-6));
        assertThat(observed.predictedNanos(30)).isCloseTo(3_000, within(1e-6));
        assertThat(observed.predictedNanos(1)).isCloseTo(275, ROUNDING);
    }

    @Test
    void largerBatchesAreNotExpectedToTakeLess() {
        observed.processed(10, 1_000);
        observed.processed(20, 500);
        assertThat(observed.predictedNanos(10)).isCloseTo(950, ROUNDING);
        assertThat(observed.predictedNanos(100)).isCloseTo(950, ROUNDING);
    }

    @Test
    void anOutlierCountsAsFourTimesTheUsual() {
        observed.processed(10, 1_000);
        observed.processed(10, 1_000_000);
        assertThat(observed.durationNanos()).isCloseTo(1_300, ROUNDING);
    }

    @Test
    void theTailRisesWithABatchBeyondItAndSinksSlowlyWithEachWithinIt() {
        observed.processed(10, 1_000);
        assertThat(observed.tail()).isEqualTo(1.2);
        observed.processed(10, 1_000);
        assertThat(observed.tail()).isCloseTo(1.1995, ROUNDING);
        observed.processed(10, 1_300);
        assertThat(observed.tail()).isCloseTo(1.249, ROUNDING);
    }

    @Test
    void theTailStaysBetweenOneAndTen() {
        for (int i = 0; i < 1_000; i++) {
            observed.processed(10, 1_000);
        }
        assertThat(observed.tail()).isEqualTo(1);
        for (int i = 0; i < 300; i++) {
            observed.processed(10, (long) (20 * observed.durationNanos()));
            assertThat(observed.tail()).isLessThanOrEqualTo(10);
            observed.processed(10, 1);
            observed.processed(10, 1);
        }
        assertThat(observed.tail()).isCloseTo(10, within(0.01));
    }

    @Test
    void beforeTheFirstDeliveryNothingIsKnownOfReturns() {
        observed.arrived(5);
        observed.left(8, 10, 3);
        assertThat(observed.comingBack()).isZero();
        assertThat(observed.returnNanos()).isZero();
        assertThat(observed.strangeness()).isEqualTo(1);
        assertThat(observed.lastDeliveryNanos()).isEqualTo(10);
        assertThat(observed.waitingThen()).isEqualTo(3);
    }

    @Test
    void whoComesWithinTheDurationOfABatchHasComeBack() {
        observed.processed(8, 1_000);
        observed.left(8, 10_000, 0);
        observed.arrived(11_000);
        observed.arrived(11_001); // too late
        observed.left(8, 20_000, 0);
        assertThat(observed.comingBack()).isCloseTo(0.2, ROUNDING);
        assertThat(observed.returnNanos()).isCloseTo(200, ROUNDING);
        assertThat(observed.strangeness()).isCloseTo(0.975, ROUNDING);
        observed.left(8, 30_000, 0); // nobody came
        assertThat(observed.comingBack()).isCloseTo(0.16, ROUNDING);
        assertThat(observed.returnNanos()).isCloseTo(200, ROUNDING);
        assertThat(observed.strangeness()).isCloseTo(0.98, ROUNDING);
    }

    @Test
    void moreThanHadResultsAreAsStrangeAsFewer() {
        observed.processed(8, 1_000);
        observed.left(8, 10_000, 0);
        for (int job = 0; job < 16; job++) {
            observed.arrived(10_100);
        }
        observed.left(8, 20_000, 0);
        assertThat(observed.strangeness()).isCloseTo(0.9, ROUNDING);
        assertThat(observed.comingBack()).isCloseTo(3.2, ROUNDING);
    }

    @Test
    void aJobThatCameBeforeTheDeliveryTookNoTimeToComeBack() {
        observed.processed(8, 1_000);
        observed.left(8, 10_000, 0);
        observed.arrived(9_000);
        observed.left(8, 20_000, 0);
        assertThat(observed.returnNanos()).isZero();
        assertThat(observed.comingBack()).isCloseTo(0.2, ROUNDING);
    }

    @Test
    void aDeliveryBeginsAnewButForgetsNoCaller() {
        observed.processed(2, 1_000);
        observed.left(2, 10_000, 0);
        observed.arrived(10_050);
        observed.delivered(10_100, 1);
        observed.arrived(11_100);
        observed.left(2, 20_000, 0);
        assertThat(observed.comingBack()).as("one after the delivery").isCloseTo(0.2, ROUNDING);
        assertThat(observed.strangeness()).as("two of two").isCloseTo(0.8, ROUNDING);
        assertThat(observed.returnNanos()).isCloseTo(200, ROUNDING);
    }

    @Test
    void theGapBetweenArrivalsIsAMeanThatFollowsSlowlyOnceThereWereMany() {
        observed.arrived(1, 100);
        assertThat(observed.arrivalGapNanos()).isEqualTo(Double.POSITIVE_INFINITY);
        observed.arrived(1, 300);
        assertThat(observed.arrivalGapNanos()).isCloseTo(200, ROUNDING);
        observed.arrived(2, 500);
        assertThat(observed.arrivalGapNanos()).isCloseTo(100, ROUNDING);
        observed.arrived(1, 900);
        assertThat(observed.arrivalGapNanos()).isCloseTo(175, ROUNDING);
        observed.arrived(1, 600); // seen late
        assertThat(observed.lastArrivalNanos()).isEqualTo(900);
        assertThat(observed.arrivalGapNanos()).isCloseTo(140, ROUNDING);
    }

    @Test
    void theFirstThatComeSayNothingAboutTheTimeBefore() {
        observed.arrived(2, 1_000_000_000);
        observed.arrived(1, 1_000_000_200);
        assertThat(observed.arrivalGapNanos()).isLessThanOrEqualTo(200);
    }

    @Test
    void oneOfAThousandArrivalsStillWeighsAHundredth() {
        observed.arrived(1, 0);
        observed.arrived(999, 999_000);
        assertThat(observed.arrivalGapNanos()).isCloseTo(1_000, ROUNDING);
        observed.arrived(1, 1_001_000);
        assertThat(observed.arrivalGapNanos()).isCloseTo(1_010, ROUNDING);
    }

    @Test
    void holdsThatBroughtNoCompanyAreGivenUpAfterThreeAndTriedAgainAfterThirtyTwo() {
        observed.processed(1, 1_000);
        assertThat(observed.holdingBringsCompany()).isTrue();
        observed.targeted(1, 1_000);
        observed.targeted(1, 1_000);
        assertThat(observed.holdingBringsCompany()).isTrue();
        observed.targeted(1, 1_000);
        assertThat(observed.holdingBringsCompany()).isFalse();
        for (int i = 0; i < 31; i++) {
            observed.targeted(1, 999); // not held
            assertThat(observed.holdingBringsCompany()).isFalse();
        }
        observed.targeted(1, 999);
        assertThat(observed.holdingBringsCompany()).isTrue();
        observed.targeted(1, 1_000);
        assertThat(observed.holdingBringsCompany()).isFalse();
        observed.targeted(2, 1_000);
        assertThat(observed.holdingBringsCompany()).isTrue();
    }
}
