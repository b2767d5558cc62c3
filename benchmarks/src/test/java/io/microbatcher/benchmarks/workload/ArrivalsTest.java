package io.microbatcher.benchmarks.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArrivalsTest {

    @ParameterizedTest
    @ValueSource(doubles = {1, 20})
    void comeAtTheRateThatWasAskedFor(double burst) {
        List<Long> arrivals = take(new Arrivals(10_000, burst, 42), 400_000);

        double seconds = arrivals.get(arrivals.size() - 1) / 1e9;
        assertThat(arrivals.size() / seconds).isCloseTo(10_000, within(500.0));
        assertThat(arrivals).isSorted();
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 20})
    void areTheSameForEveryContender(double burst) {
        assertThat(take(new Arrivals(10_000, burst, 42), 1_000))
                .isEqualTo(take(new Arrivals(10_000, burst, 42), 1_000))
                .isNotEqualTo(take(new Arrivals(10_000, burst, 43), 1_000));
    }

    private static List<Long> take(Arrivals arrivals, int count) {
        List<Long> times = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            times.add(arrivals.next());
        }
        return times;
    }
}
