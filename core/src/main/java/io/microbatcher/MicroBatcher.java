package io.microbatcher;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Collects single jobs into batches, hands each batch to one {@link BatchProcessor} and gives every caller its own
 * result.
 *
 * <p>A batch is dispatched when it holds {@link Builder#batchSize batchSize} jobs, when its oldest job has waited
 * {@link Builder#batchCycle batchCycle} or, where none is set, when waiting longer has nothing to gain; on
 * {@link #flush()}, on {@link #close()}, or when callers are blocked by {@link Builder#maxPending maxPending}; whichever
 * comes first, as soon as fewer than {@link Builder#maxConcurrentBatches maxConcurrentBatches} are in flight. While none
 * may leave, jobs wait unsealed: the next free slot takes as many as fit.
 *
 * <p><b>Results.</b> {@link #run(Object) run} returns the result at the same line of code; {@link #submit submit} returns
 * a future; {@link #openChannel() openChannel} returns results as they arrive, each with its job.
 *
 * <p><b>Thread safety.</b> Every method may be called by any number of threads, virtual ones included, and from the
 * processor, a listener or a completion callback, on any executor.
 *
 * <p><b>Memory effects.</b> Actions before a job is submitted happen-before the processor sees it; actions of the
 * processor before it answers happen-before what the caller does with the result.
 *
 * <p><b>Failure.</b> Every accepted job ends exactly once: with its result, with a {@link JobFailedException} of its own,
 * by cancellation, or with {@link BatcherClosedException} after {@link #shutdownNow()}. A job that is not accepted fails
 * at once: with {@link BatcherFullException} or {@link BatcherClosedException}, which are
 * {@link java.util.concurrent.RejectedExecutionException}s, or with a {@link JobFailedException} if the weigher or a key
 * function failed on it.
 *
 * <p><b>End.</b> Close it. The threads are daemons unless an {@linkplain Builder#executor executor} says otherwise: a JVM
 * that ends takes the jobs that are pending with it, in silence.
 *
 * <p><b>Callbacks.</b> Actions that depend on a future run on the thread that completes it, as with every
 * {@link CompletableFuture}: mostly the processor's. One that takes long delays its neighbours' results; give it an
 * executor of its own with {@code thenApplyAsync}.
 *
 * @param <J> the type of a job
 * @param <R> the type of a result
 */
public final class MicroBatcher<J, R extends @Nullable Object> implements AutoCloseable {
    private final Acceptor<J, R> acceptor;
    private final Dispatcher<J, R> dispatcher;

    private MicroBatcher(Settings<J, R> settings) {
        this.dispatcher = new Dispatcher<>(settings);
        this.acceptor = new Acceptor<>(dispatcher);
    }

    /**
     * Starts to configure a batcher.
     *
     * @param processor processes the batches
     * @param <J> the type of a job
     * @param <R> the type of a result
     * @return a builder with every option at its default
     */
    public static <J, R extends @Nullable Object> Builder<J, R> builder(BatchProcessor<J, R> processor) {
        return new Builder<>(Objects.requireNonNull(processor, "processor must not be null"));
    }

    /**
     * Has a job processed and waits for its result, without limit.
     *
     * @param job the job, not null
     * @return the result
     * @throws InterruptedException if the thread is interrupted before the result is there; the job is taken back
     * @throws JobFailedException if the processor failed, gave no result, or the job timed out; or if the weigher or the
     *     key function failed, and the job was not accepted
     * @throws BatcherClosedException if the batcher is closed
     * @throws BatcherFullException if there is no room and the caller may not wait for it
     * @throws IllegalStateException if called by the processor of this batcher: it would wait for its own slot
     */
    public R run(J job) throws InterruptedException {
        return acceptor.run(job);
    }

    /**
     * Has a job processed and waits for its result, up to a limit. The limit covers everything, the wait for room
     * included; past it the job is taken back. It is real time, whatever {@link Builder#timer timer} the batcher has.
     *
     * @param job the job, not null
     * @param timeout how long to wait; zero or less means: only if the result is there at once
     * @return the result
     * @throws InterruptedException if the thread is interrupted before the result is there; the job is taken back
     * @throws TimeoutException if there is no result in time; the job is taken back
     * @throws JobFailedException as for {@link #run(Object)}
     * @throws BatcherClosedException if the batcher is closed
     * @throws BatcherFullException if there is no room and the caller may not wait for it
     * @throws IllegalStateException if called by the processor of this batcher: it would wait for its own slot
     */
    public R run(J job, Duration timeout) throws InterruptedException, TimeoutException {
        return acceptor.run(job, Nanos.of(Objects.requireNonNull(timeout, "timeout must not be null")));
    }

    /**
     * Has a job processed. Does not wait for the result; waits for room if {@link Builder#maxPending maxPending} jobs are
     * pending and the {@linkplain Builder#overflow overflow policy} is {@link OverflowPolicy#BLOCK BLOCK}.
     *
     * <p>Cancelling the future, or completing it from outside, takes the job back: if it still waits it never reaches the
     * processor, and its neighbours are not harmed. Interrupting a caller that waits for room leaves its interrupt flag
     * set and its job refused. The processor and callbacks never wait for room: they are refused.
     *
     * @param job the job, not null
     * @return the result to come. A job that was not accepted has failed already, with {@link BatcherFullException},
     *     {@link BatcherClosedException}, or a {@link JobFailedException} if the weigher or a key function failed
     * @throws NullPointerException if the job is null
     */
    public CompletableFuture<R> submit(J job) {
        return acceptor.submit(job);
    }

    /**
     * Opens a channel with room for 1,024 jobs. Whoever submits more before taking results waits until another thread
     * takes some.
     *
     * @return a channel of this batcher
     * @see #openChannel(int)
     */
    public ResultChannel<J, R> openChannel() {
        return openChannel(1_024);
    }

    /**
     * Opens a channel: submit many jobs, take results in the order in which they arrive, each with its job.
     *
     * @param capacity how many jobs may be in the channel, submitted but with their result not taken, 1 or more
     * @return a channel of this batcher; any number may be open
     * @throws IllegalArgumentException if the capacity is less than 1
     */
    public ResultChannel<J, R> openChannel(int capacity) {
        return new ResultChannel<>(acceptor, capacity);
    }

    /** Makes every job that was accepted before this call leave as soon as a slot is free. Does not wait. */
    public void flush() {
        dispatcher.closing.flush();
    }

    /**
     * Flushes, and tells when every job that was accepted before this call has ended, in whatever way.
     *
     * @return completes with {@code null}, never exceptionally
     */
    public CompletableFuture<@Nullable Void> drain() {
        return dispatcher.closing.drain();
    }

    /**
     * Begins to close, without waiting: no new job is accepted, callers that wait for room are refused, and what was
     * accepted is dispatched. May be called any number of times.
     *
     * @return completes with {@code null} when every accepted job has ended. A copy: completing or cancelling it changes
     *     nothing
     */
    public CompletableFuture<@Nullable Void> shutdown() {
        return dispatcher.closing.shutdown();
    }

    /**
     * Closes at once: no new job is accepted, waiting jobs end with {@link BatcherClosedException}, the threads of batches
     * in flight are interrupted and the stages of asynchronous ones cancelled. Does not wait for those batches; a
     * {@link #close()} after it does.
     *
     * @return the jobs that never reached the processor, in the order in which they were accepted
     */
    public List<J> shutdownNow() {
        return dispatcher.closing.shutdownNow();
    }

    /**
     * Closes: refuses new jobs, dispatches what waits and returns when every accepted job has ended. Called again, or by
     * several threads, each call waits for the same end. An interrupt does not shorten the wait; the flag is kept.
     *
     * <p>Called by this batcher's processor, by a listener or by a callback that runs on its thread, it cannot wait for
     * itself: it begins to close and returns.
     */
    @Override
    public void close() {
        dispatcher.closing.close();
    }

    /**
     * Takes a snapshot of the counts. Cheap enough to be called every second, not for every job.
     *
     * @return counts that belong together
     */
    public BatcherStats stats() {
        return dispatcher.stats();
    }

    /**
     * Tells the batcher's name.
     *
     * @return the name that the builder was given, or {@code batcher-} and a number
     */
    public String name() {
        return dispatcher.name();
    }

    @Override
    public String toString() {
        return "MicroBatcher[" + name() + "]";
    }

    /**
     * Configures a {@link MicroBatcher}. Options may be set in any order; {@link #build()} checks them together.
     *
     * <p><b>Thread safety.</b> None; one thread at a time. A builder may build several batchers.
     *
     * @param <J> the type of a job
     * @param <R> the type of a result
     */
    public static final class Builder<J, R extends @Nullable Object> {
        private final Options<J, R> options;

        private Builder(BatchProcessor<J, R> processor) {
            this.options = new Options<>(processor);
        }

        /**
         * Names the batcher, for logs, flight recordings and metrics. Default {@code batcher-} and a number.
         *
         * @param name not blank
         * @return this
         */
        public Builder<J, R> name(String name) {
            options.name = Objects.requireNonNull(name, "name must not be null");
            return this;
        }

        /**
         * Sets the largest number of jobs in a batch, and the number that makes a batch leave at once. Default 100.
         *
         * <p>Larger means fewer calls of the processor; a size that the callers cannot fill means that every batch waits
         * for its {@link #batchCycle batchCycle}: with 32 blocking callers, no more than 32.
         *
         * @param batchSize 1 or more
         * @return this
         */
        public Builder<J, R> batchSize(int batchSize) {
            options.batchSize = batchSize;
            return this;
        }

        /**
         * Sets the longest that a job may wait for its batch to fill while a slot is free. Default: not set, and batches
         * leave when the {@linkplain #adaptive() adaptive} policy sees no gain in waiting.
         *
         * <p>The clock starts when the first job enters an empty batch; later jobs do not restart it. Time spent in the
         * processor does not count, nor does the wait for a free slot. Longer means fuller batches and slower answers.
         * With {@link DispatchPolicy#sizeOrAge()}, the policy where only a {@code batchCycle} is set, a batch that is
         * not full waits exactly this long; with the other policies it is a cap.
         *
         * @param batchCycle zero or more; zero means: never wait for company; any time beyond 292 years, such as
         *     {@code Duration.ofDays(200_000)}: wait for the size alone
         * @return this
         * @throws NullPointerException if null
         */
        public Builder<J, R> batchCycle(Duration batchCycle) {
            options.batchCycle = Objects.requireNonNull(batchCycle, "batchCycle must not be null");
            return this;
        }

        /**
         * Limits the weight of a batch, such as bytes of a request. Default: no limit, every job weighs 1.
         *
         * <p>A batch leaves when the next job would exceed the limit. A job that is heavier than the limit goes alone, at
         * once.
         *
         * @param maxBatchWeight 1 or more
         * @param weigher tells the weight of a job, 0 or more; called once for each job, by the caller's thread. What it
         *     throws, or a negative weight, fails that job alone: it is not accepted
         * @return this
         */
        public Builder<J, R> maxBatchWeight(long maxBatchWeight, ToLongFunction<? super J> weigher) {
            options.maxBatchWeight = maxBatchWeight;
            options.weigher = Objects.requireNonNull(weigher, "weigher must not be null");
            return this;
        }

        /**
         * Sets the number of slots: how many batches may be in flight at the same time. Default 1, with which the
         * processor is never called by two threads at once and batches are processed in order.
         *
         * @param maxConcurrentBatches 1 or more; more than the backend serves at a time makes it slower
         * @return this
         */
        public Builder<J, R> maxConcurrentBatches(int maxConcurrentBatches) {
            options.maxConcurrentBatches = maxConcurrentBatches;
            options.adaptsConcurrency = false;
            return this;
        }

        /**
         * Lets the number of slots follow what the backend serves at a time, which it learns from how fast batches come
         * back. Default: off. It starts with 4, or with {@code max} if that is less. In place of
         * {@link #maxConcurrentBatches maxConcurrentBatches}; the last of the two calls counts.
         *
         * @param max the most slots, 1 or more
         * @return this
         */
        public Builder<J, R> adaptiveConcurrency(int max) {
            options.maxConcurrentBatches = max;
            options.adaptsConcurrency = true;
            return this;
        }

        /**
         * Gives each key a lane of its own: a batch holds jobs of one key only, in their order. Lanes that have a batch
         * ready take turns, one batch each, so that no key starves another; size, weight and age count for each lane
         * alone, slots and limits for all together. A lane without pending jobs costs nothing. Default: one lane.
         *
         * @param key tells the key of a job, not null, with {@code equals} and {@code hashCode}; called once for each job,
         *     by the caller's thread. What it throws fails that job alone: it is not accepted
         * @return this
         */
        public Builder<J, R> partitionBy(Function<? super J, ?> key) {
            options.key = Objects.requireNonNull(key, "key must not be null");
            return this;
        }

        /**
         * Limits how many batches of one key may be in flight at the same time. Default: as many as there are slots. With
         * 1 the jobs of a key are processed strictly in order. Needs {@link #partitionBy partitionBy}.
         *
         * @param maxConcurrentBatchesPerKey 1 or more
         * @return this
         */
        public Builder<J, R> maxConcurrentBatchesPerKey(int maxConcurrentBatchesPerKey) {
            options.maxConcurrentBatchesPerKey = maxConcurrentBatchesPerKey;
            return this;
        }

        /**
         * Makes jobs with equal keys that wait at the same time one: the processor is asked once, and each caller gets the
         * answer in a future of its own, a failure in an exception of its own. Default: every job is asked. A job is
         * never answered by a batch that had left before it was submitted.
         *
         * <p>For jobs that read. Callers who would each have something done, as with an insert, must not be one.
         *
         * <p>A caller that cancels, is interrupted or times out leaves the others alone; the job is taken back when all
         * have gone. The processor sees the job of the first caller that is left. {@link #batchSize batchSize} and
         * {@link #maxBatchWeight maxBatchWeight} count such jobs once; {@link #maxPending maxPending} and
         * {@link #maxPendingWeight maxPendingWeight}, which bound memory, count every caller. With
         * {@link #partitionBy partitionBy} they are one within a lane.
         *
         * <p>With {@link #retry retry} such jobs are tried again together, as long as the last of their callers has time
         * for it. No other job joins them then.
         *
         * @param key tells the key of a job, not null, with {@code equals} and {@code hashCode}; called once for each job,
         *     by the caller's thread. What it throws fails that job alone: it is not accepted
         * @return this
         * @see #coalesceBy(Function, Coalescing)
         */
        public Builder<J, R> coalesceBy(Function<? super J, ?> key) {
            return coalesceBy(key, Coalescing.JOIN_WAITING);
        }

        /**
         * Makes jobs with equal keys one, as {@link #coalesceBy(Function)} does, and says whether a job may also join one
         * that is with the processor already. Fewer calls, but a result may be older than the call for it.
         *
         * @param key tells the key of a job, as above
         * @param coalescing which jobs may share an answer
         * @return this
         */
        public Builder<J, R> coalesceBy(Function<? super J, ?> key, Coalescing coalescing) {
            options.coalesceKey = Objects.requireNonNull(key, "key must not be null");
            options.coalescing = Objects.requireNonNull(coalescing, "coalescing must not be null");
            return this;
        }

        /**
         * Sets how many jobs may be pending, waiting and in flight together. Default 100,000. Bounds memory.
         *
         * @param maxPending 1 or more; less than {@link #batchSize batchSize} is allowed, and batches then leave as soon
         *     as a caller is blocked
         * @return this
         */
        public Builder<J, R> maxPending(int maxPending) {
            options.maxPending = maxPending;
            return this;
        }

        /**
         * Sets how much weight may be pending, waiting and in flight together. Default: no limit. Needs the weigher of
         * {@link #maxBatchWeight maxBatchWeight}. A job that is heavier than this is refused, whatever is pending.
         *
         * @param maxPendingWeight 1 or more; less than {@link #maxBatchWeight maxBatchWeight} is allowed, and batches then
         *     leave as soon as a caller is blocked
         * @return this
         */
        public Builder<J, R> maxPendingWeight(long maxPendingWeight) {
            options.maxPendingWeight = maxPendingWeight;
            return this;
        }

        /**
         * Says what happens to a caller that finds the batcher full. Default {@link OverflowPolicy#BLOCK}.
         *
         * @param overflow wait or be refused
         * @return this
         */
        public Builder<J, R> overflow(OverflowPolicy overflow) {
            options.overflow = Objects.requireNonNull(overflow, "overflow must not be null");
            return this;
        }

        /**
         * Sets how long a job may be pending, waiting and in flight together. Past it the job ends with a
         * {@link JobFailedException} whose cause is a {@link TimeoutException}, wherever it is, and if it still waits it
         * never reaches the processor. Default: no limit.
         *
         * <p>Make it longer than {@link #batchCycle batchCycle} and a call of the processor together: with
         * {@link DispatchPolicy#sizeOrAge()} a job whose batch does not fill waits for all of the cycle, and with a
         * shorter timeout never reaches the processor.
         *
         * @param jobTimeout more than zero
         * @return this
         */
        public Builder<J, R> jobTimeout(Duration jobTimeout) {
            options.jobTimeout = Objects.requireNonNull(jobTimeout, "jobTimeout must not be null");
            return this;
        }

        /**
         * Sets how long the processor may take for a batch, from the moment that a slot took it. Past it the jobs that have
         * no answer yet fail with a {@link JobFailedException} whose cause is a {@link TimeoutException}, its thread is
         * interrupted, an asynchronous stage is cancelled, and the slot is free for the next batch. What the processor
         * answers afterwards is dropped, counted and reported as {@linkplain BatchListener#unmatched unmatched}; jobs that
         * were answered while the batch ran keep their answers. Default: no limit.
         *
         * <p>A processor that does not heed the interrupt goes on in its thread, beside the batches that follow: with
         * {@link #maxConcurrentBatches maxConcurrentBatches} or
         * {@link #maxConcurrentBatchesPerKey maxConcurrentBatchesPerKey} of 1, too, two calls of the processor may then
         * overlap, and the backend may still be at work for both. So give the calls that the processor makes limits of
         * their own that are shorter; this is the last resort. If the {@link #executor executor} has a fixed number of
         * threads, a thread that never comes back is one fewer: with none left, jobs wait, and nothing is lost. For the
         * same reason the jobs of such a batch are not {@linkplain #retry tried again}.
         *
         * <p>With {@link #adaptiveConcurrency adaptiveConcurrency} a batch that times out halves the number of slots.
         *
         * @param batchTimeout more than zero
         * @return this
         */
        public Builder<J, R> batchTimeout(Duration batchTimeout) {
            options.batchTimeout = Objects.requireNonNull(batchTimeout, "batchTimeout must not be null");
            return this;
        }

        /**
         * Tries jobs again that have failed. Default: a failure is final.
         *
         * <p>What the executor refused is not tried again, nor what a {@linkplain #batchTimeout time limit} of a batch or of
         * a job has ended, nor what a {@link MicroBatcher#shutdownNow() shutdownNow()} finds.
         * A job that waits to be tried again is pending, holds no slot, and may be cancelled; {@link MicroBatcher#flush()
         * flush()} does not shorten its backoff, and {@link MicroBatcher#close() close()} waits for its end.
         *
         * @param retry how often, after what failures, and when
         * @return this
         * @throws NullPointerException if null
         */
        public Builder<J, R> retry(RetryPolicy retry) {
            options.retry = Objects.requireNonNull(retry, "retry must not be null");
            return this;
        }

        /**
         * Chooses when a batch that is not full is due. Default {@link DispatchPolicy#sizeOrAge()} where a
         * {@link #batchCycle batchCycle} is set, {@link DispatchPolicy#adaptive()} where none is. Of this call,
         * {@link #adaptive()} and {@link #latencyTarget latencyTarget} the last one counts.
         *
         * @param dispatchPolicy the policy
         * @return this
         * @throws NullPointerException if null
         */
        public Builder<J, R> dispatchPolicy(DispatchPolicy dispatchPolicy) {
            options.dispatchPolicy = Objects.requireNonNull(dispatchPolicy, "dispatchPolicy must not be null");
            return this;
        }

        /**
         * Chooses {@link DispatchPolicy#adaptive()}: a batch that is not full leaves when waiting longer would gain
         * nothing. The default where no {@link #batchCycle batchCycle} is set; one that is set is a cap.
         * Of this call, {@link #dispatchPolicy dispatchPolicy} and {@link #latencyTarget latencyTarget} the last one counts.
         *
         * @return this
         */
        public Builder<J, R> adaptive() {
            return dispatchPolicy(DispatchPolicy.adaptive());
        }

        /**
         * Chooses {@link DispatchPolicy#latencyTarget(Duration)}: the fewest batches with which 99 of 100 jobs take no
         * longer than this. Default: none. Of this call, {@link #dispatchPolicy dispatchPolicy} and {@link #adaptive()}
         * the last one counts.
         *
         * @param latencyTarget how long a job may take, from its submission to its result; more than zero
         * @return this
         * @throws IllegalArgumentException if it is not more than zero
         */
        public Builder<J, R> latencyTarget(Duration latencyTarget) {
            return dispatchPolicy(DispatchPolicy.latencyTarget(latencyTarget));
        }

        /**
         * Chooses the threads that call the processor. Default: a virtual thread for each run of batches on Java 21 and
         * later, cached daemon threads before.
         *
         * <p>If it refuses, the jobs that it should have run fail with a {@link JobFailedException} around what it threw.
         *
         * @param executor any executor, one of a single thread and {@code Runnable::run} included
         * @return this
         */
        public Builder<J, R> executor(Executor executor) {
            options.executor = Objects.requireNonNull(executor, "executor must not be null");
            return this;
        }

        /**
         * Replaces the source of time and the alarm clock, for tests. Default: one shared daemon thread.
         *
         * <p>Batches, {@link #jobTimeout jobTimeout}, {@link #batchTimeout batchTimeout}, the backoffs of {@link #retry retry}
         * and the statistics go by this timer. How long a thread of the caller's waits, in
         * {@link MicroBatcher#run(Object, Duration) run(job, timeout)} and in a channel, is real time.
         *
         * @param timer the timer
         * @return this
         */
        public Builder<J, R> timer(Timer timer) {
            options.timer = Objects.requireNonNull(timer, "timer must not be null");
            return this;
        }

        /**
         * Watches the batcher. Default: nobody does. Each call adds a listener; an event is told to one after the other, in
         * the order in which they were added.
         *
         * @param listener told of every event
         * @return this
         */
        public Builder<J, R> listener(BatchListener listener) {
            options.listeners.add(Objects.requireNonNull(listener, "listener must not be null"));
            return this;
        }

        /**
         * Carries what a caller's thread carries along with its job: to what depends on its future, and, all contexts of a
         * batch, to the processor ({@link JobContexts#current()}). The subscriber of a channel has its own context; what
         * depends on {@link MicroBatcher#drain() drain} and {@link MicroBatcher#shutdown() shutdown} sees that of whoever
         * called them, and a {@link #listener listener} that of the thread which it is called on. Default: nothing is
         * carried, at no cost.
         *
         * @param context captures and restores
         * @return this
         */
        public Builder<J, R> context(ContextCarrier<?> context) {
            options.context = Objects.requireNonNull(context, "context must not be null");
            return this;
        }

        /**
         * Makes a batcher. It owns no thread and need not be started.
         *
         * @return a batcher that accepts jobs
         * @throws IllegalArgumentException if an option is out of range or two do not fit; the message names the option,
         *     the rule and the value
         */
        public MicroBatcher<J, R> build() {
            MicroBatcher<J, R> built = new MicroBatcher<>(options.validated());
            built.dispatcher.settings.watch().built(built);
            return built;
        }
    }
}
