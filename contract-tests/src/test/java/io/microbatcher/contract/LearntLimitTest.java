package io.microbatcher.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.microbatcher.BatchProcessor;
import io.microbatcher.DispatchPolicy;
import io.microbatcher.MicroBatcher;
import io.microbatcher.test.VirtualTime;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A whole batcher that learns how many batches its backend serves at a time, beside one that was told: 256 callers that
 * wait for their result and call again, 4 ms and 0.1 ms for each job, on virtual time.
 */
class LearntLimitTest {
    private static final Duration WARM_UP = Duration.ofMillis(1_500);
    private static final Duration MEASURED = Duration.ofSeconds(2);

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 8})
    void r3_1_aLearntLimitGetsThroughNearlyAsMuchAsTheBestFixedOne(int served) {
        for (int seed = 1; seed <= 2; seed++) {
            assertThat(learning(served, seed).jobsIn(MEASURED))
                    .as("seed %d", seed)
                    .isGreaterThan(0.9 * mostFixed(served));
        }
    }

    @ParameterizedTest
    @CsvSource({"4, 1", "1, 8", "8, 2", "2, 4"})
    void r3_1_aLearntLimitFollowsABackendThatChanges(int before, int after) {
        Callers callers = learning(before, 3);
        callers.jobsIn(MEASURED);
        callers.serve(after);
        callers.jobsIn(Duration.ofSeconds(2));
        assertThat(callers.jobsIn(MEASURED)).isGreaterThan(0.85 * mostFixed(after));
    }

    private static double mostFixed(int served) {
        return IntStream.of(served, 2 * served)
                .mapToDouble(slots -> {
                    Callers callers = new Callers(served, 1);
                    callers.call(callers.batcher()
                            .batchSize(100)
                            .dispatchPolicy(DispatchPolicy.natural())
                            .maxConcurrentBatches(slots));
                    callers.jobsIn(WARM_UP);
                    return callers.jobsIn(MEASURED);
                })
                .max()
                .orElseThrow();
    }

    private static Callers learning(int served, int seed) {
        Callers callers = new Callers(served, seed);
        callers.call(callers.batcher().adaptive().adaptiveConcurrency(16));
        callers.jobsIn(WARM_UP);
        return callers;
    }

    private static final class Callers {
        private static final int CALLERS = 256;
        private static final double FIXED_NANOS = 4e6;
        private static final double PER_JOB_NANOS = 1e5;
        private static final double NOISE = 0.1;
        private static final long WAKE_UP_NANOS = 5_000;

        private final VirtualTime time = new VirtualTime();
        private final Random random;
        private final Queue<Runnable> queue = new ArrayDeque<>();
        private int served;
        private int busy;
        private long lastWokenNanos;
        private long results;

        Callers(int served, long seed) {
            this.served = served;
            this.random = new Random(seed);
        }

        MicroBatcher.Builder<Integer, Integer> batcher() {
            return MicroBatcher.builder(BatchProcessor.async(this::process))
                    .timer(time)
                    .executor(Runnable::run);
        }

        void call(MicroBatcher.Builder<Integer, Integer> builder) {
            MicroBatcher<Integer, Integer> batcher = builder.build();
            for (int caller = 0; caller < CALLERS; caller++) {
                call(batcher, caller);
            }
        }

        /** Callers are woken one after the other. */
        private void call(MicroBatcher<Integer, Integer> batcher, int caller) {
            batcher.submit(caller).thenRun(() -> {
                results++;
                lastWokenNanos = Math.max(time.nanos(), lastWokenNanos) + WAKE_UP_NANOS;
                time.schedule(lastWokenNanos, () -> call(batcher, caller));
            });
        }

        void serve(int servers) {
            served = servers;
            next();
        }

        double jobsIn(Duration duration) {
            long before = results;
            time.advance(duration);
            return results - before;
        }

        private CompletionStage<List<Integer>> process(List<Integer> jobs) {
            CompletableFuture<List<Integer>> answer = new CompletableFuture<>();
            queue.add(() -> {
                double nanos = (FIXED_NANOS + PER_JOB_NANOS * jobs.size()) * Math.exp(NOISE * random.nextGaussian());
                time.schedule(time.nanos() + (long) nanos, () -> {
                    busy--;
                    next();
                    answer.complete(jobs);
                });
            });
            next();
            return answer;
        }

        private void next() {
            while (busy < served && !queue.isEmpty()) {
                busy++;
                queue.remove().run();
            }
        }
    }
}
