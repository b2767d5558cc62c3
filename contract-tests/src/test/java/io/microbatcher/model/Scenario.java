package io.microbatcher.model;

import io.microbatcher.BatchListener;
import io.microbatcher.BatchProcessor;
import io.microbatcher.Coalescing;
import io.microbatcher.DispatchPolicy;
import io.microbatcher.Job;
import io.microbatcher.MicroBatcher;
import io.microbatcher.OverflowPolicy;
import io.microbatcher.Timer;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * How a batcher is configured, and what is done to it.
 *
 * @param lazy whether the simulation only looks at the books now and then and never acts inside of a call. Looking makes
 *     the batcher settle, and so hides a step that it forgot
 */
record Scenario(
        int batchSize,
        long cycleNanos,
        boolean natural,
        boolean weighed,
        long maxBatchWeight,
        long maxPendingWeight,
        int slots,
        int maxPending,
        boolean blocks,
        long timeoutNanos,
        @Nullable Coalescing coalescing,
        Form form,
        int inlinePercent,
        int nestedPercent,
        boolean listenerThrows,
        boolean lazy,
        int steps) {
    static final long FOREVER = Long.MAX_VALUE;
    private static final long MILLI = 1_000_000;

    /** How the processor is declared. */
    enum Form {
        POSITION,
        BY_ID,
        BY_KEY,
        ASYNC,
        STREAMING,
        SINK
    }

    static Scenario random(SplittableRandom random) {
        boolean weighed = random.nextInt(4) == 0;
        boolean lazy = random.nextInt(3) == 0;
        return new Scenario(
                pick(random, 1, 2, 3, 3, 5, 8, Integer.MAX_VALUE),
                pickLong(random, 0, 1, MILLI, 10 * MILLI, 10 * MILLI, 50 * MILLI, FOREVER),
                random.nextInt(6) == 0,
                weighed,
                weighed ? pickLong(random, 1, 4, 10, FOREVER) : FOREVER,
                weighed ? pickLong(random, 3, 10, 40, FOREVER) : FOREVER,
                pick(random, 1, 1, 2, 3, 4),
                pick(random, 1, 2, 4, 10, 100_000, 100_000),
                random.nextInt(5) == 0,
                random.nextInt(4) == 0 ? pickLong(random, 1, 5 * MILLI, 12 * MILLI, 100 * MILLI) : FOREVER,
                coalescing(random),
                Form.values()[random.nextInt(Form.values().length)],
                lazy ? 0 : pick(random, 0, 0, 30, 100),
                lazy ? 0 : pick(random, 5, 15, 30),
                random.nextInt(50) == 0,
                lazy,
                pick(random, 5, 15, 40, 80));
    }

    private static @Nullable Coalescing coalescing(SplittableRandom random) {
        return switch (random.nextInt(6)) {
            case 0 -> Coalescing.JOIN_WAITING;
            case 1 -> Coalescing.JOIN_IN_FLIGHT;
            default -> null;
        };
    }

    boolean coalesces() {
        return coalescing != null;
    }

    private static int pick(SplittableRandom random, int... choices) {
        return choices[random.nextInt(choices.length)];
    }

    private static long pickLong(SplittableRandom random, long... choices) {
        return choices[random.nextInt(choices.length)];
    }

    /** A span of time that is likely to meet, or just miss, something. */
    Duration span(SplittableRandom random) {
        long base = random.nextBoolean() || timeoutNanos == FOREVER ? cycleNanos : timeoutNanos;
        if (base == FOREVER) {
            base = 10 * MILLI;
        }
        long nanos = switch (random.nextInt(6)) {
            case 0 -> base;
            case 1 -> base - 1;
            case 2 -> base + 1;
            case 3 -> base / 2;
            case 4 -> MILLI;
            default -> random.nextLong(2 * base + 1);
        };
        return Duration.ofNanos(Math.max(0, nanos));
    }

    Scenario withSteps(int fewer) {
        return new Scenario(
                batchSize,
                cycleNanos,
                natural,
                weighed,
                maxBatchWeight,
                maxPendingWeight,
                slots,
                maxPending,
                blocks,
                timeoutNanos,
                coalescing,
                form,
                inlinePercent,
                nestedPercent,
                listenerThrows,
                lazy,
                fewer);
    }

    MicroBatcher<Job<Integer>, Object> build(
            BatchProcessor<Job<Integer>, Object> processor,
            ToLongFunction<Job<Integer>> weigher,
            BatchListener listener,
            Executor executor,
            Timer timer) {
        MicroBatcher.Builder<Job<Integer>, Object> builder = MicroBatcher.builder(processor)
                .name("model")
                .batchSize(batchSize)
                .batchCycle(cycleNanos == FOREVER ? Duration.ofSeconds(Long.MAX_VALUE) : Duration.ofNanos(cycleNanos))
                .maxConcurrentBatches(slots)
                .maxPending(maxPending)
                .overflow(blocks ? OverflowPolicy.BLOCK : OverflowPolicy.REJECT)
                .dispatchPolicy(natural ? DispatchPolicy.natural() : DispatchPolicy.sizeOrAge())
                .executor(executor)
                .timer(timer)
                .listener(listener);
        if (weighed) {
            builder.maxBatchWeight(maxBatchWeight, weigher);
            if (maxPendingWeight != FOREVER) {
                builder.maxPendingWeight(maxPendingWeight);
            }
        }
        if (coalescing != null) {
            builder.coalesceBy(Job::id, coalescing);
        }
        if (timeoutNanos != FOREVER) {
            builder.jobTimeout(Duration.ofNanos(timeoutNanos));
        }
        return builder.build();
    }
}
