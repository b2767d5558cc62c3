package io.microbatcher.benchmarks.workload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class UnknownConcurrencyTest {

    @Test
    void hasConvergedWhenItNeverFallsBehindTheBestFixedLimitAgain() {
        List<Double> rates = new ArrayList<>(Collections.nCopies(10, 50.0));
        rates.addAll(Collections.nCopies(30, 95.0));

        assertThat(UnknownConcurrency.convergedMillis(rates, 100)).isEqualTo(1_000);
    }

    @Test
    void hasNotConvergedWhereItSettlesTooLow() {
        assertThat(UnknownConcurrency.convergedMillis(Collections.nCopies(40, 80.0), 100))
                .isEqualTo(4_000);
    }
}
