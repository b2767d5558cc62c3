package io.microbatcher.model;

import io.microbatcher.BatchProcessor;
import io.microbatcher.Coalescing;
import io.microbatcher.DispatchPolicy;
import io.microbatcher.MicroBatcher;
import io.microbatcher.OverflowPolicy;
import io.microbatcher.RetryPolicy;
import java.time.Duration;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** The options of a {@link RandomRun} or a {@link RealRound}, any of them with any other. */
final class RandomOptions {
    static final long FOREVER = Long.MAX_VALUE;

    final int batchSize;
    final int slots;
    final int maxPending;
    final boolean isWeighed;
    final int maxBatchWeight;
    final int maxPendingWeight;
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
    final OverflowPolicy overflow;
    final @Nullable Coalescing coalescing;
    private final int policy;
    private final long unitNanos;
    private final long backoffNanos;
    private final long seed;

    /** {@code unitNanos}: the least time that makes a difference. */
    RandomOptions(SplittableRandom random, long unitNanos) {
        this.unitNanos = unitNanos;
        batchSize = random.nextInt(1, 9);
        slots = random.nextInt(1, 4);
        maxPending = random.nextInt(3) == 0 ? random.nextInt(1, 10) : 10_000;
        isWeighed = random.nextInt(4) == 0;
        maxBatchWeight = random.nextInt(1, 12);
        maxPendingWeight = random.nextInt(3) == 0 ? random.nextInt(2, 30) : 10_000;
        hasKeys = random.nextBoolean();
        batchesPerKey = random.nextInt(1, 3);
        policy = random.nextInt(5);
        cycleNanos = random.nextInt(1, 20) * unitNanos;
        jobTimeoutNanos = random.nextInt(4) == 0 ? random.nextInt(1, 60) * unitNanos : FOREVER;
        batchTimeoutNanos = random.nextInt(3) == 0 ? random.nextInt(1, 30) * unitNanos : FOREVER;
        attempts = random.nextInt(5) < 2 ? 1 : random.nextInt(2, 5);
        splits = random.nextInt(4) == 0;
        keepsTogether = random.nextInt(4) == 0;
        backoffNanos = random.nextInt(3) == 0 ? 1 : random.nextInt(1, 20) * unitNanos;
        carriesContext = random.nextInt(3) == 0;
        learnsSlots = random.nextInt(5) == 0;
        coalescing = switch (random.nextInt(6)) {
            case 0 -> Coalescing.JOIN_WAITING;
            case 1 -> Coalescing.JOIN_IN_FLIGHT;
            default -> null;
        };
        overflow = random.nextInt(3) == 0 ? OverflowPolicy.REJECT : OverflowPolicy.BLOCK;
        seed = random.nextLong();
    }

    boolean isStrict() {
        return hasKeys && batchesPerKey == 1;
    }

    boolean hasTimeLimits() {
        return jobTimeoutNanos != FOREVER || batchTimeoutNanos != FOREVER;
    }

    boolean retries() {
        return attempts > 1 || splits;
    }

    Duration span(SplittableRandom random) {
        return Duration.ofNanos(random.nextInt(4) == 0 ? cycleNanos : random.nextLong(25 * unitNanos));
    }

    /** All of them; the threads, the time and the listener are left to the mode. {@code handOver}: as {@link CarriedId}. */
    <J extends Item, R> MicroBatcher.Builder<J, R> builder(BatchProcessor<J, R> processor, Runnable handOver) {
        MicroBatcher.Builder<J, R> builder = MicroBatcher.builder(processor)
                .batchSize(batchSize)
                .maxPending(maxPending)
                .overflow(overflow);
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
            builder.maxBatchWeight(maxBatchWeight, item -> {
                        handOver.run();
                        return item.weight;
                    })
                    .maxPendingWeight(maxPendingWeight);
        }
        if (hasKeys) {
            builder.partitionBy(item -> {
                        handOver.run();
                        return item.key;
                    })
                    .maxConcurrentBatchesPerKey(batchesPerKey);
        }
        if (jobTimeoutNanos != FOREVER) {
            builder.jobTimeout(Duration.ofNanos(jobTimeoutNanos));
        }
        if (batchTimeoutNanos != FOREVER) {
            builder.batchTimeout(Duration.ofNanos(batchTimeoutNanos));
        }
        if (coalescing != null) {
            builder.coalesceBy(
                    item -> {
                        handOver.run();
                        return item.group;
                    },
                    coalescing);
        }
        if (retries()) {
            builder.retry(retry(handOver));
        }
        if (carriesContext) {
            builder.context(new CarriedId(handOver));
        }
        return builder;
    }

    private RetryPolicy retry(Runnable handOver) {
        RetryPolicy retry = RetryPolicy.ofAttempts(attempts)
                .backoff(Duration.ofNanos(backoffNanos), Duration.ofNanos(4 * backoffNanos))
                .jitter(0.5)
                .random(new java.util.Random(seed))
                .when(failure -> {
                    handOver.run();
                    return isWorthAnotherAttempt(failure);
                });
        if (splits) {
            return retry.bisect();
        }
        return keepsTogether ? retry.wholeBatch() : retry;
    }

    static boolean isWorthAnotherAttempt(Throwable failure) {
        return !(failure instanceof RandomBackend.Final);
    }

    @Override
    public String toString() {
        return "batchSize " + batchSize + ", slots " + slots + (learnsSlots ? " learnt" : "") + ", maxPending "
                + maxPending
                + ", " + overflow
                + (isWeighed ? ", maxBatchWeight " + maxBatchWeight + ", maxPendingWeight " + maxPendingWeight : "")
                + (hasKeys ? ", keys, batches per key " + batchesPerKey : "") + ", policy " + policy + ", cycle "
                + cycleNanos
                + ", jobTimeout " + jobTimeoutNanos + ", batchTimeout " + batchTimeoutNanos + ", attempts " + attempts
                + (splits ? ", bisect" : keepsTogether ? ", whole batch" : "") + (carriesContext ? ", context" : "")
                + (coalescing == null ? "" : ", " + coalescing);
    }
}
