package io.microbatcher;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** What the user has asked for so far, with the defaults for the rest. {@link #validated()} refuses nonsense. */
final class Options<J, R extends @Nullable Object> {
    private static final Duration DEFAULT_CYCLE = Duration.ofMillis(5);
    private static final AtomicInteger UNNAMED = new AtomicInteger();

    final BatchProcessor<J, R> processor;

    @Nullable
    String name;

    int batchSize = 100;

    @Nullable
    Duration batchCycle;

    long maxBatchWeight = Long.MAX_VALUE;

    @Nullable
    ToLongFunction<? super J> weigher;

    @Nullable
    Function<? super J, ?> key;

    int maxConcurrentBatchesPerKey = Integer.MAX_VALUE;

    @Nullable
    Function<? super J, ?> coalesceKey;

    Coalescing coalescing = Coalescing.JOIN_WAITING;
    int maxConcurrentBatches = 1;
    boolean adaptsConcurrency;
    int maxPending = 100_000;
    long maxPendingWeight = Long.MAX_VALUE;
    OverflowPolicy overflow = OverflowPolicy.BLOCK;

    @Nullable
    Duration jobTimeout;

    @Nullable
    Duration batchTimeout;

    @Nullable
    RetryPolicy retry;

    @Nullable
    DispatchPolicy dispatchPolicy;

    @Nullable
    Executor executor;

    @Nullable
    Timer timer;

    final List<BatchListener> listeners = new ArrayList<>();

    @Nullable
    ContextCarrier<?> context;

    Options(BatchProcessor<J, R> processor) {
        this.processor = processor;
    }

    Settings<J, R> validated() {
        atLeastOne("batchSize", batchSize);
        atLeastOne(adaptsConcurrency ? "adaptiveConcurrency" : "maxConcurrentBatches", maxConcurrentBatches);
        atLeastOne("maxConcurrentBatchesPerKey", maxConcurrentBatchesPerKey);
        atLeastOne("maxPending", maxPending);
        atLeastOne("maxBatchWeight", maxBatchWeight);
        atLeastOne("maxPendingWeight", maxPendingWeight);
        if (key == null && maxConcurrentBatchesPerKey != Integer.MAX_VALUE) {
            throw new IllegalArgumentException("maxConcurrentBatchesPerKey needs keys: set partitionBy(key), but only "
                    + "maxConcurrentBatchesPerKey was set, to " + maxConcurrentBatchesPerKey);
        }
        if (batchCycle != null && batchCycle.isNegative()) {
            throw new IllegalArgumentException("batchCycle must not be negative, but was " + batchCycle);
        }
        if (weigher == null && maxPendingWeight != Long.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "maxPendingWeight needs a weigher: set maxBatchWeight(limit, weigher), but "
                            + "only maxPendingWeight was set, to " + maxPendingWeight);
        }
        moreThanZero("jobTimeout", jobTimeout);
        moreThanZero("batchTimeout", batchTimeout);
        if (name != null && name.isBlank()) {
            throw new IllegalArgumentException("name must not be blank, but was '" + name + "'");
        }
        String known = name != null ? name : "batcher-" + UNNAMED.incrementAndGet();
        return new Settings<>(
                known,
                Form.of(processor),
                batchSize,
                cycleNanos(),
                maxBatchWeight,
                weigher,
                key,
                maxConcurrentBatchesPerKey,
                coalesceKey,
                coalescing,
                maxConcurrentBatches,
                adaptsConcurrency,
                maxPending,
                maxPendingWeight,
                overflow,
                jobTimeout == null ? Nanos.FOREVER : Nanos.of(jobTimeout),
                batchTimeout == null ? Nanos.FOREVER : Nanos.of(batchTimeout),
                retry,
                policy(),
                executor != null ? executor : Threads.shared(),
                executor != null,
                timer != null ? timer : SharedTimer.INSTANCE,
                new Watch(known, listeners),
                context == null ? null : new Contexts(known, context));
    }

    private DispatchPolicy policy() {
        if (dispatchPolicy != null) {
            return dispatchPolicy;
        }
        return batchCycle == null ? DispatchPolicy.adaptive() : DispatchPolicy.sizeOrAge();
    }

    private long cycleNanos() {
        if (batchCycle != null) {
            return Nanos.of(batchCycle);
        }
        return policy() == DispatchPolicy.sizeOrAge() ? Nanos.of(DEFAULT_CYCLE) : Nanos.FOREVER;
    }

    private static void moreThanZero(String option, @Nullable Duration value) {
        if (value != null && (value.isNegative() || value.isZero())) {
            throw new IllegalArgumentException(option + " must be more than zero, but was " + value);
        }
    }

    private static void atLeastOne(String option, long value) {
        if (value < 1) {
            throw new IllegalArgumentException(option + " must be 1 or more, but was " + value);
        }
    }
}
