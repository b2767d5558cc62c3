package io.microbatcher.cli.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.microbatcher.cli.tune.Fit.Runs;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class FitTest {
    @Test
    void findsTheLineThatThePointsAreOn() {
        Fit fit = Fit.of(List.of(runs(1, 1_050), runs(10, 1_500), runs(100, 6_000)));

        assertThat(fit.cost().fixedNanos()).isCloseTo(1_000, within(1e-6));
        assertThat(fit.cost().perJobNanos()).isCloseTo(50, within(1e-6));
        assertThat(fit.cost().noise()).isZero();
        assertThat(fit.worstError()).isCloseTo(0, within(1e-9));
    }

    @Test
    void saysHowFarTheLineIsOff() {
        Fit fit = Fit.of(List.of(runs(1, 1_000), runs(10, 3_000), runs(100, 4_000)));

        assertThat(fit.worstError()).isBetween(0.2, 0.6);
        assertThat(fit.error(fit.sizes().get(1))).isNegative();
    }

    @Test
    void aCostThatFallsWithTheSizeIsTakenAsConstant() {
        Fit fit = Fit.of(List.of(runs(1, 1_100), runs(10, 1_000)));

        assertThat(fit.cost().perJobNanos()).isZero();
        assertThat(fit.cost().fixedNanos()).isBetween(1_000.0, 1_100.0);
    }

    @Test
    void aFixedPartThatWouldBeNegativeIsZero() {
        Fit fit = Fit.of(List.of(runs(1, 50), runs(10, 1_500), runs(100, 20_000)));

        assertThat(fit.cost().fixedNanos()).isZero();
        assertThat(fit.cost().perJobNanos()).isBetween(50.0, 200.0);
    }

    @Test
    void theMedianKeepsOneOutlierFromTheLineAndTheNoiseTellsOfTheScatter() {
        Fit fit = Fit.of(List.of(runs(1, 1_000, 1_000, 9_000), runs(10, 1_000, 1_000, 1_000)));

        assertThat(fit.cost().meanNanos(1)).isCloseTo(1_000, within(1.0));
        assertThat(fit.cost().noise()).isCloseTo(Math.log(9) / 2, within(1e-9)); // one of six, four are free
    }

    private static Runs runs(int jobs, long... nanos) {
        return new Runs(jobs, Arrays.stream(nanos).boxed().toList());
    }
}
