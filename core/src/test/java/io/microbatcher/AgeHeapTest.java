package io.microbatcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The heap of lanes by age, against a map that is searched. */
class AgeHeapTest {
    private static final int LANES = 200;
    private static final int STEPS = 4_000;

    private final Random random = new Random(11);
    private final AgeHeap<String, String> heap = new AgeHeap<>();
    private final Map<Lane<String, String>, Long> model = new HashMap<>();

    /** A lane with one job, whose age a test may change as if others had left. */
    private record Aged(Lane<String, String> lane, PendingJob<String, String> job) {
        static Aged lane(int key) {
            PendingJob<String, String> job = new PendingJob<>("job");
            Lane<String, String> lane = new Lane<>(null, key, false, false);
            lane.append(job);
            return new Aged(lane, job);
        }
    }

    private void update(Aged aged, long age) {
        aged.job.acceptedNanos = age;
        heap.update(aged.lane);
        model.put(aged.lane, age);
    }

    private void remove(Aged aged) {
        heap.remove(aged.lane);
        model.remove(aged.lane);
    }

    private void checkAgainstModel(Aged touched) {
        assertThat(heap.size()).isEqualTo(model.size());
        assertThat(touched.lane.heapIndex >= 0).isEqualTo(model.containsKey(touched.lane));
        if (model.isEmpty()) {
            assertThat(heap.first()).isNull();
        } else {
            long oldest = model.values().stream().mapToLong(age -> age).min().orElseThrow();
            assertThat(model.get(heap.first())).isEqualTo(oldest);
        }
    }

    @Test
    void r6_1_theLaneWithTheOldestJobIsFirstWhateverChanges() {
        Aged[] lanes = IntStream.range(0, LANES).mapToObj(Aged::lane).toArray(Aged[]::new);
        for (int removals : new int[] {1, 7, 1, 9}) { // of ten: it grows, shrinks, grows, shrinks
            for (int step = 0; step < STEPS; step++) {
                Aged aged = lanes[random.nextInt(LANES)];
                if (random.nextInt(10) < removals) {
                    remove(aged);
                } else {
                    update(aged, random.nextInt(100)); // many of the same age
                }
                checkAgainstModel(aged);
            }
        }
    }

    @Test
    void r6_1_lanesComeOutInTheOrderOfTheirAge() {
        for (int i = 0; i < LANES; i++) {
            update(Aged.lane(i), random.nextInt(1_000));
        }
        long before = Long.MIN_VALUE;
        while (heap.size() > 0) {
            Lane<String, String> first = heap.first();
            assertThat(first.oldestNanos()).isGreaterThanOrEqualTo(before);
            before = first.oldestNanos();
            heap.remove(first);
        }
    }
}
