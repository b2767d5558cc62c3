package io.microbatcher.benchmarks.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DriftTest {
    @Test
    void whatGrowsIsSeenAndWhatScattersIsNot() {
        assertThat(drifts(90, i -> 20 + i % 5)).allMatch(Drift::holds);
        assertThat(drifts(90, i -> 20 + i)).anyMatch(drift -> !drift.holds());
    }

    @Test
    void aFewSamplesAreNotJudged() {
        assertThat(drifts(20, i -> 20 + 100 * i)).noneMatch(Drift::isJudged);
        assertThat(drifts(0, i -> i)).allMatch(Drift::holds);
    }

    @Test
    void latenciesAreFoundAgainWithinTheirClass() {
        Latencies latencies = new Latencies();
        for (int i = 1; i <= 1_000; i++) {
            latencies.add(i * 100_000L);
        }
        Latencies.Taken taken = latencies.take();
        assertThat(taken.count()).isEqualTo(1_000);
        assertThat(taken.medianMillis()).isBetween(47.0, 53.0);
        assertThat(taken.tailMillis()).isBetween(93.0, 105.0);
        assertThat(latencies.take().count()).isZero();
    }

    private static List<Drift> drifts(int count, IntToDoubleFunction heap) {
        return Drift.of(IntStream.range(0, count)
                .mapToObj(i -> new Sampler.Sample(i, heap.applyAsDouble(i), 10, 1_000, 1, 5))
                .toList());
    }
}
