package io.microbatcher;

import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What one batcher is made of, validated. Times are in nanoseconds, {@link Nanos#FOREVER} where there is no limit;
 * limits of weight are {@link Long#MAX_VALUE} where there is none.
 *
 * @param key tells the lane of a job; null for one lane
 * @param coalesceKey tells which jobs are the same; null if each is another
 * @param maxConcurrentBatches the most that there may be at a time, also where their number adapts
 * @param ownExecutor whether the executor is the user's own, of which nothing is known
 */
record Settings<J, R extends @Nullable Object>(
        String name,
        Form<J, R> form,
        int batchSize,
        long cycleNanos,
        long maxBatchWeight,
        @Nullable ToLongFunction<? super J> weigher,
        @Nullable Function<? super J, ?> key,
        int maxBatchesPerLane,
        @Nullable Function<? super J, ?> coalesceKey,
        Coalescing coalescing,
        int maxConcurrentBatches,
        boolean adaptsConcurrency,
        int maxPending,
        long maxPendingWeight,
        OverflowPolicy overflow,
        long jobTimeoutNanos,
        long batchTimeoutNanos,
        @Nullable RetryPolicy retry,
        DispatchPolicy policy,
        Executor executor,
        boolean ownExecutor,
        Timer timer,
        Watch watch,
        @Nullable Contexts contexts) {

    boolean limitsPendingWeight() {
        return maxPendingWeight != Long.MAX_VALUE;
    }

    /** Whether a job is nothing but a job: no weight and no key, so that nothing is to be given back when it ends. */
    boolean plainJobs() {
        return weigher == null && key == null && coalesceKey == null;
    }

    /** Whether jobs with equal keys are one. */
    boolean coalesces() {
        return coalesceKey != null;
    }

    /** Whether jobs come back: then each is a {@link RetriableJob}, or its group has {@link Attempts}. */
    boolean retries() {
        return retry != null;
    }

    /** Whether anything but the age of a batch depends on the time of each job; a timer of the user's is exact. */
    boolean needsEachTime() {
        boolean policyLearns = !(policy instanceof SizeOrAge || policy instanceof Natural);
        return !plainJobs()
                || retries()
                || timesOut()
                || watch.onJobs()
                || policyLearns
                || timer != SharedTimer.INSTANCE;
    }

    /** Whether the age of a batch is met by a worker that is on its thread before: where thread and time are the library's. */
    boolean sendsAhead() {
        return policy instanceof SizeOrAge
                && cycleNanos != Nanos.FOREVER
                && !ownExecutor
                && timer == SharedTimer.INSTANCE;
    }

    boolean batchesTimeOut() {
        return batchTimeoutNanos != Nanos.FOREVER;
    }

    boolean timesOut() {
        return jobTimeoutNanos != Nanos.FOREVER;
    }
}
