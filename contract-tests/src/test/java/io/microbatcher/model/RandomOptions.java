package io.microbatcher.model;

import io.microbatcher.BatchProcessor;
import io.microbatcher.Coalescing;
import io.microbatcher.ContextCarrier;
import io.microbatcher.DispatchPolicy;
import io.microbatcher.MicroBatcher;
import io.microbatcher.OverflowPolicy;
import io.microbatcher.RetryPolicy;
import io.microbatcher.test.VirtualTime;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** The options of a {@link RandomRun}, any of them with any other. */
final class RandomOptions {
    private static final long FOREVER = Long.MAX_VALUE;
    private static final long MILLI = 1_000_000;

    final int batchSize;
    final int slots;
    final int maxPending;
    final boolean isWeighed;
    final int maxBatchWeight;
    final boolean hasKeys;
    final int batchesPerKey;
    final long cycleNanos;
    final long jobTimeoutNanos;
    final long batchTimeoutNanos;
    final int attempts;
    final boolean splits;
    final boolean keepsTogether;
    final boolean carriesContext;
    final boolean learnsSlots;
    final @Nullable Coalescing coalescing;
    private final int policy;
    private final long backoffNanos;
    private final long seed;

    RandomOptions(SplittableRandom random) {
        batchSize = random.nextInt(1, 9);
        slots = random.nextInt(1, 4);
        maxPending = random.nextInt(3) == 0 ? random.nextInt(1, 10) : 10_000;
        isWeighed = random.nextInt(4) == 0;
        maxBatchWeight = random.nextInt(1, 12);
        hasKeys = random.nextBoolean();
        batchesPerKey = random.nextInt(1, 3);
        policy = random.nextInt(5);
        cycleNanos = random.nextInt(1, 20) * MILLI;
        jobTimeoutNanos = random.nextInt(4) == 0 ? random.nextInt(1, 60) * MILLI : FOREVER;
        batchTimeoutNanos = random.nextInt(3) == 0 ? random.nextInt(1, 30) * MILLI : FOREVER;
        attempts = random.nextInt(5) < 2 ? 1 : random.nextInt(2, 5);
        splits = random.nextInt(4) == 0;
        keepsTogether = random.nextInt(4) == 0;
        backoffNanos = random.nextInt(3) == 0 ? 1 : random.nextInt(1, 20) * MILLI;
        carriesContext = random.nextInt(3) == 0;
        learnsSlots = random.nextInt(5) == 0;
        coalescing = switch (random.nextInt(6)) {
            case 0 -> Coalescing.JOIN_WAITING;
            case 1 -> Coalescing.JOIN_IN_FLIGHT;
            default -> null;
        };
        seed = random.nextLong();
    }

    boolean isStrict() {
        return hasKeys && batchesPerKey == 1;
    }

    boolean retries() {
        return attempts > 1 || splits;
    }

    Duration span(SplittableRandom random) {
        return Duration.ofNanos(random.nextInt(4) == 0 ? cycleNanos : random.nextLong(25 * MILLI));
    }

    MicroBatcher<Item, String> build(
            BatchProcessor<Item, String> processor, VirtualTime time, Executor executor, ThreadLocal<Integer> carried) {
        MicroBatcher.Builder<Item, String> builder = MicroBatcher.builder(processor)
                .batchSize(batchSize)
                .maxPending(maxPending)
                .overflow(OverflowPolicy.REJECT)
                .timer(time)
                .executor(executor);
        switch (policy) {
            case 0 -> builder.adaptive();
            case 1 -> builder.dispatchPolicy(DispatchPolicy.natural());
            case 2 -> builder.latencyTarget(Duration.ofNanos(cycleNanos));
            default -> builder.batchCycle(Duration.ofNanos(cycleNanos));
        }
        if (learnsSlots) {
            builder.adaptiveConcurrency(slots);
        } else {
            builder.maxConcurrentBatches(slots);
        }
        if (isWeighed) {
            builder.maxBatchWeight(maxBatchWeight, item -> item.weight);
        }
        if (hasKeys) {
            builder.partitionBy(item -> item.key).maxConcurrentBatchesPerKey(batchesPerKey);
        }
        if (jobTimeoutNanos != FOREVER) {
            builder.jobTimeout(Duration.ofNanos(jobTimeoutNanos));
        }
        if (batchTimeoutNanos != FOREVER) {
            builder.batchTimeout(Duration.ofNanos(batchTimeoutNanos));
        }
        if (coalescing != null) {
            builder.coalesceBy(item -> item.group, coalescing);
        }
        if (retries()) {
            builder.retry(retry());
        }
        if (carriesContext) {
            builder.context(carrier(carried));
        }
        return builder.build();
    }

    private RetryPolicy retry() {
        RetryPolicy retry = RetryPolicy.ofAttempts(attempts)
                .backoff(Duration.ofNanos(backoffNanos), Duration.ofNanos(4 * backoffNanos))
                .jitter(0.5)
                .random(new java.util.Random(seed))
                .when(failure -> !(failure instanceof RandomBackend.Final));
        if (splits) {
            return retry.bisect();
        }
        return keepsTogether ? retry.wholeBatch() : retry;
    }

    private static ContextCarrier<Integer> carrier(ThreadLocal<Integer> carried) {
        return new ContextCarrier<>() {
            @Override
            public Integer capture() {
                return carried.get();
            }

            @Override
            public Scope restore(Integer captured) {
                Integer before = carried.get();
                carried.set(captured);
                return () -> carried.set(before);
            }
        };
    }

    @Override
    public String toString() {
        return "batchSize " + batchSize + ", slots " + slots + (learnsSlots ? " learnt" : "") + ", maxPending "
                + maxPending
                + (isWeighed ? ", maxBatchWeight " + maxBatchWeight : "")
                + (hasKeys ? ", keys, batches per key " + batchesPerKey : "") + ", policy " + policy + ", cycle "
                + cycleNanos
                + ", jobTimeout " + jobTimeoutNanos + ", batchTimeout " + batchTimeoutNanos + ", attempts " + attempts
                + (splits ? ", bisect" : keepsTogether ? ", whole batch" : "") + (carriesContext ? ", context" : "")
                + (coalescing == null ? "" : ", " + coalescing);
    }
}
