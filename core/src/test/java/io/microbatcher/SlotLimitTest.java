package io.microbatcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The limit on a simulated backend that serves some batches at a time and queues the rest. */
class SlotLimitTest {
    private static final long SECOND = 1_000_000_000;
    private static final int BATCH_SIZE = 32;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 8, 16})
    void findsHowManyBatchesTheBackendServesAtATime(int served) {
        Backend backend = new Backend(served, 1);
        SlotLimit limit = new SlotLimit(16, BATCH_SIZE);
        backend.runUntil(2 * SECOND, limit);

        double learnt = backend.jobsPerSecond(3 * SECOND, limit);

        assertThat(learnt).isGreaterThan(0.9 * bestFixed(served));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 8})
    void followsABackendThatChangesWithinTwoSeconds(int served) {
        for (int before : new int[] {1, 8}) {
            Backend backend = new Backend(before, 2);
            SlotLimit limit = new SlotLimit(16, BATCH_SIZE);
            backend.runUntil(5 * SECOND, limit);

            backend.serve(served);
            backend.runUntil(7 * SECOND, limit);
            double learnt = backend.jobsPerSecond(2 * SECOND, limit);

            assertThat(learnt).as("from %d to %d", before, served).isGreaterThan(0.9 * bestFixed(served));
            assertThat(backend.meanSlots())
                    .as("slots, from %d to %d", before, served)
                    .isBetween(served * 0.7, served * 1.6 + 0.5);
        }
    }

    @Test
    void learnsNothingFromABatcherThatHasLittleToDo() {
        SlotLimit limit = new SlotLimit(16, BATCH_SIZE);
        for (int i = 1; i <= 10_000; i++) {
            limit.processed(i * 1_000L, i * 1_000L - 500, 1, 500, 1, 0);
        }
        assertThat(limit.slots()).isEqualTo(4);
    }

    @Test
    void halvesWhenTheBackendSaysThatItIsTooMuch() {
        SlotLimit limit = new SlotLimit(16, BATCH_SIZE);
        limit.overloaded(1_000, 500);
        assertThat(limit.slots()).isEqualTo(2);
        limit.overloaded(1_001, 500); // was in flight before: the same trouble
        assertThat(limit.slots()).isEqualTo(2);
        limit.overloaded(1_002, 1_001);
        limit.overloaded(1_004, 1_003);
        assertThat(limit.slots()).isEqualTo(1);
    }

    @Test
    void neverLeavesItsRange() {
        Random random = new Random(7);
        SlotLimit limit = new SlotLimit(3, 1);
        for (int i = 1; i < 100_000; i++) {
            if (random.nextInt(50) == 0) {
                limit.overloaded(i, i - 1);
            } else {
                limit.processed(i, i - 1, 1, random.nextInt(1_000), 1 + random.nextInt(3), random.nextInt(3));
            }
            assertThat(limit.slots()).isBetween(1, 3);
        }
    }

    private static double bestFixed(int served) {
        return Arrays.stream(new int[] {1, 2, 4, 8, 16})
                .mapToDouble(slots -> new Backend(served, 3).jobsPerSecond(2 * SECOND, slots))
                .max()
                .orElseThrow();
    }

    /** Jobs in a closed loop, a server for some batches at a time, 2 ms each with noise. */
    private static final class Backend {
        private static final int JOBS = 1_024;
        private final Random random;
        private final Queue<Double> waiting = new ArrayDeque<>();
        private final PriorityQueue<InFlight> inFlight =
                new PriorityQueue<>((a, b) -> Long.compare(a.endsNanos, b.endsNanos));
        private final PriorityQueue<Long> serversFree = new PriorityQueue<>();
        private long now;
        private long done;
        private double slotNanos;
        private long countedSince;
        private int fixed;

        private record InFlight(long dispatchedNanos, long endsNanos, int jobs, double acceptedNanos) {}

        Backend(int served, long seed) {
            random = new Random(seed);
            for (int i = 0; i < JOBS; i++) {
                waiting.add(0.0);
            }
            serve(served);
        }

        void serve(int served) {
            serversFree.clear();
            for (int i = 0; i < served; i++) {
                serversFree.add(now);
            }
        }

        double jobsPerSecond(long forNanos, int fixedSlots) {
            fixed = fixedSlots;
            return jobsPerSecond(forNanos, new SlotLimit(fixedSlots, BATCH_SIZE));
        }

        double jobsPerSecond(long forNanos, SlotLimit limit) {
            done = 0;
            slotNanos = 0;
            countedSince = now;
            runUntil(now + forNanos, limit);
            return done * (double) SECOND / forNanos;
        }

        double meanSlots() {
            return slotNanos / (now - countedSince);
        }

        void runUntil(long endNanos, SlotLimit limit) {
            while (now < endNanos) {
                int slots = fixed > 0 ? fixed : limit.slots();
                while (inFlight.size() < slots && !waiting.isEmpty()) {
                    dispatch();
                }
                InFlight next = inFlight.poll();
                slotNanos += slots * (double) (next.endsNanos - now);
                now = next.endsNanos;
                done += next.jobs;
                double sojourn = next.jobs * (double) now - next.acceptedNanos;
                limit.processed(now, next.dispatchedNanos, next.jobs, sojourn, inFlight.size() + 1, waiting.size());
                for (int i = 0; i < next.jobs; i++) {
                    waiting.add((double) now);
                }
            }
        }

        private void dispatch() {
            int jobs = 0;
            double accepted = 0;
            while (jobs < BATCH_SIZE && !waiting.isEmpty()) {
                accepted += waiting.poll();
                jobs++;
            }
            long free = Math.max(now, serversFree.poll());
            long ends = free + (long) (2_000_000 * Math.exp(0.1 * random.nextGaussian()));
            serversFree.add(ends);
            inFlight.add(new InFlight(now, ends, jobs, accepted));
        }
    }
}
