package io.microbatcher;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Processes a whole batch of jobs in one call: the one thing that a user of a {@link MicroBatcher} writes.
 *
 * <p>The plain form, a lambda, answers <b>by position</b>: the result at index {@code i} belongs to the job at index
 * {@code i}. The static factories make the other forms: {@linkplain #byId by id}, {@linkplain #byKey by key},
 * {@linkplain #async asynchronous}, {@linkplain #streaming job by job} and {@linkplain #sink without results}.
 *
 * <p><b>Thread safety.</b> Up to {@link MicroBatcher.Builder#maxConcurrentBatches maxConcurrentBatches} calls run at the
 * same time; with the default of one, never two, unless one of them has exceeded a
 * {@link MicroBatcher.Builder#batchTimeout batchTimeout} and does not heed the interrupt.
 *
 * <p><b>Failure.</b> Whatever the processor throws, an {@code Error} included, fails each job of that batch with a
 * {@link JobFailedException} of its own, whose cause is what was thrown. Other batches are untouched.
 *
 * <p><b>Calling back.</b> A processor may submit to its own batcher, but must not wait for what it submitted: that may
 * need the slot which the processor holds. {@link MicroBatcher#run run} refuses; {@code submit(job).join()} waits for ever,
 * and nobody can tell. Go on in {@code thenAccept}, or use another batcher.
 *
 * <p><b>Decorating.</b> Wrap the call that is given to a factory, not the processor that the factory returns: a lambda
 * around such a processor is a processor by position, and can no longer fail one job alone.
 *
 * @param <J> the type of a job
 * @param <R> the type of a result; {@code null} is a legal result
 */
@FunctionalInterface
public interface BatchProcessor<J, R extends @Nullable Object> {

    /**
     * Processes the jobs of one batch and returns their results by position.
     *
     * <p>A list that is too short leaves the jobs without a result failing with {@link MissingResultException}; what a
     * longer list holds beyond the last job is dropped, counted, reported to the listener and, once for each batcher,
     * logged as a warning: which results were too many nobody can tell, and callers may have each other's. {@code null} as
     * an element is a result, {@code null} as the list fails the batch.
     *
     * @param jobs one job or more, in the order in which they were accepted; the processor owns the list: it may keep
     *     and change it
     * @return one result for each job, in the same order
     * @throws Exception to fail every job of this batch
     */
    List<R> process(List<J> jobs) throws Exception;

    /**
     * Answers by id: for backends that return results in any order, or with a failure for single jobs.
     *
     * <p>Ids need not be unique. The first job with an id gets the first result with it, the second the second; if there
     * are fewer results than jobs of one id, the last one answers the rest. A job whose id has no result fails with
     * {@link MissingResultException}; a result that no job asked for is dropped, counted and reported.
     *
     * @param call processes the jobs and returns their results in any order
     * @param <P> the type of a job's parameter
     * @param <R> the type of a result
     * @return a processor whose jobs carry their id
     */
    static <P, R extends @Nullable Object> BatchProcessor<Job<P>, R> byId(
            Call<List<Job<P>>, ? extends Collection<JobResult<R>>> call) {
        return new ById<>(Objects.requireNonNull(call, "call must not be null"));
    }

    /**
     * Answers by key: for backends that look up many keys at once and return a map.
     *
     * <p>Jobs with equal keys get the same value. A key that maps to {@code null} has the result {@code null}; a key that
     * is absent has none, and its jobs fail with {@link MissingResultException}. A key that no job has is dropped,
     * counted and reported.
     *
     * @param key tells the key of a job; what it throws fails that job alone
     * @param call processes the jobs and returns results by key
     * @param <J> the type of a job
     * @param <K> the type of a key; needs {@code equals} and {@code hashCode}
     * @param <R> the type of a result
     * @return a processor that routes by key
     */
    static <J, K, R extends @Nullable Object> BatchProcessor<J, R> byKey(
            Function<? super J, ? extends K> key, Call<List<J>, ? extends Map<K, R>> call) {
        return new ByKey<>(
                Objects.requireNonNull(key, "key must not be null"),
                Objects.requireNonNull(call, "call must not be null"));
    }

    /**
     * Answers by key where the job is its own key, as in {@code findAllById(ids)}.
     *
     * @param call processes the jobs and returns results by job
     * @param <J> the type of a job; needs {@code equals} and {@code hashCode}
     * @param <R> the type of a result
     * @return a processor that routes by key
     * @see #byKey(Function, Call)
     */
    static <J, R extends @Nullable Object> BatchProcessor<J, R> byKey(Call<List<J>, ? extends Map<J, R>> call) {
        return byKey(Function.<J>identity(), call);
    }

    /**
     * Answers by position, later: for clients that return a {@link CompletionStage}.
     *
     * <p>The batch keeps its slot until the stage completes; the thread that called is free at once. Results are given
     * to the callers on the thread that completes the stage. A stage that completes exceptionally, or {@code null} in
     * its place, fails the batch.
     *
     * @param call starts the batch
     * @param <J> the type of a job
     * @param <R> the type of a result
     * @return an asynchronous processor
     */
    static <J, R extends @Nullable Object> BatchProcessor<J, R> async(
            Call<List<J>, ? extends CompletionStage<? extends List<R>>> call) {
        return new Async<>(Objects.requireNonNull(call, "call must not be null"));
    }

    /**
     * Answers job by job while the batch still runs: each caller has its result as soon as it is known.
     *
     * <p>Jobs that were not answered when the call returns fail with {@link MissingResultException}, or with what it
     * threw.
     *
     * @param processor processes the jobs and answers them by their position
     * @param <J> the type of a job
     * @param <R> the type of a result
     * @return a streaming processor
     */
    static <J, R extends @Nullable Object> BatchProcessor<J, R> streaming(Streaming<J, R> processor) {
        return new Streamed<>(Objects.requireNonNull(processor, "processor must not be null"));
    }

    /**
     * Consumes jobs that have no result: inserts, log lines, events. A caller's future completes with {@code null} when
     * its batch has been consumed.
     *
     * @param sink consumes the jobs
     * @param <J> the type of a job
     * @return a processor without results
     */
    static <J> BatchProcessor<J, @Nullable Void> sink(Sink<J> sink) {
        return new Sunk<>(Objects.requireNonNull(sink, "sink must not be null"));
    }

    /**
     * One call for a whole batch that may throw anything.
     *
     * @param <A> what the call takes
     * @param <B> what it returns
     */
    @FunctionalInterface
    interface Call<A, B> {
        /**
         * Processes one batch.
         *
         * @param batch the jobs, owned by the call
         * @return what the form of the processor asks for
         * @throws Exception to fail every job of this batch
         */
        B call(A batch) throws Exception;
    }

    /**
     * A processor that answers job by job.
     *
     * @param <J> the type of a job
     * @param <R> the type of a result
     */
    @FunctionalInterface
    interface Streaming<J, R extends @Nullable Object> {
        /**
         * Processes one batch.
         *
         * @param jobs the jobs, owned by the processor
         * @param answers where the results go, by the position of the job in {@code jobs}
         * @throws Exception to fail every job that has not been answered yet
         */
        void process(List<J> jobs, Answers<R> answers) throws Exception;
    }

    /**
     * Takes the answers of one batch while it runs.
     *
     * <p><b>Thread safety.</b> Any thread may answer, until the processor's call has returned or the batch has timed out.
     * An answer that comes later, a second one for the same job, or one for a position that does not exist is dropped,
     * counted and reported to the listener as unmatched; the answer for a job that was cancelled or timed out by itself is
     * dropped in silence.
     *
     * @param <R> the type of a result
     */
    interface Answers<R extends @Nullable Object> {
        /**
         * Gives a job its result.
         *
         * @param position the index of the job in the batch
         * @param result the result, {@code null} included
         */
        void complete(int position, R result);

        /**
         * Fails one job, and no other.
         *
         * @param position the index of the job in the batch
         * @param cause why; becomes the cause of the caller's {@link JobFailedException}
         */
        void fail(int position, Throwable cause);

        /**
         * Tells whether a job needs no answer any more, because it was answered, cancelled or timed out.
         *
         * @param position the index of the job in the batch
         * @return whether work on it would be wasted
         */
        boolean isEnded(int position);
    }

    /**
     * Consumes a batch without results.
     *
     * @param <J> the type of a job
     */
    @FunctionalInterface
    interface Sink<J> {
        /**
         * Consumes one batch.
         *
         * @param jobs the jobs, owned by the sink
         * @throws Exception to fail every job of this batch
         */
        void accept(List<J> jobs) throws Exception;
    }
}
