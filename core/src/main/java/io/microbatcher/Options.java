package io.microbatcher;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** What the user has asked for so far, with the defaults for the rest. {@link #validated()} refuses nonsense. */
final class Options<J, R extends @Nullable Object> {
    private static final AtomicInteger UNNAMED = new AtomicInteger();

    final BatchProcessor<J, R> processor;

    @Nullable
    String name;

    int batchSize = 100;
    Duration batchCycle = Duration.ofMillis(5);
    boolean weighed;
    long maxBatchWeight = Long.MAX_VALUE;

    @Nullable
    ToLongFunction<? super J> weigher;

    int maxConcurrentBatches = 1;
    int maxPending = 100_000;
    long maxPendingWeight = Long.MAX_VALUE;
    OverflowPolicy overflow = OverflowPolicy.BLOCK;

    @Nullable
    Duration jobTimeout;

    DispatchPolicy dispatchPolicy = DispatchPolicy.sizeOrAge();

    @Nullable
    Executor executor;

    @Nullable
    Timer timer;

    @Nullable
    BatchListener listener;

    Options(BatchProcessor<J, R> processor) {
        this.processor = processor;
    }

    Settings<J, R> validated() {
        atLeastOne("batchSize", batchSize);
        atLeastOne("maxConcurrentBatches", maxConcurrentBatches);
        atLeastOne("maxPending", maxPending);
        atLeastOne("maxBatchWeight", maxBatchWeight);
        atLeastOne("maxPendingWeight", maxPendingWeight);
        Objects.requireNonNull(batchCycle, "batchCycle must not be null");
        Objects.requireNonNull(overflow, "overflow must not be null");
        Objects.requireNonNull(dispatchPolicy, "dispatchPolicy must not be null");
        if (batchCycle.isNegative()) {
            throw new IllegalArgumentException("batchCycle must not be negative, but was " + batchCycle);
        }
        if (weighed) {
            Objects.requireNonNull(weigher, "weigher must not be null");
        } else if (maxPendingWeight != Long.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "maxPendingWeight needs a weigher: set maxBatchWeight(limit, weigher), but "
                            + "only maxPendingWeight was set, to " + maxPendingWeight);
        }
        if (jobTimeout != null && (jobTimeout.isNegative() || jobTimeout.isZero())) {
            throw new IllegalArgumentException("jobTimeout must be more than zero, but was " + jobTimeout);
        }
        if (name != null && name.isBlank()) {
            throw new IllegalArgumentException("name must not be blank, but was '" + name + "'");
        }
        return new Settings<>(
                name != null ? name : "batcher-" + UNNAMED.incrementAndGet(),
                Form.of(processor),
                batchSize,
                Nanos.of(batchCycle),
                maxBatchWeight,
                weigher,
                maxConcurrentBatches,
                maxPending,
                maxPendingWeight,
                overflow,
                jobTimeout == null ? Nanos.FOREVER : Nanos.of(jobTimeout),
                dispatchPolicy,
                executor != null ? executor : Threads.shared(),
                executor != null,
                timer != null ? timer : SharedTimer.INSTANCE,
                new Watch(listener));
    }

    private static void atLeastOne(String option, long value) {
        if (value < 1) {
            throw new IllegalArgumentException(option + " must be 1 or more, but was " + value);
        }
    }
}
