package io.microbatcher;

import io.microbatcher.ContextCarrier.Scope;
import org.jspecify.annotations.Nullable;

/**
 * Watches a batcher. Every method does nothing unless overridden.
 *
 * <p>Methods are called outside of all locks, on the thread on which the event happened: {@code accepted} and
 * {@code rejected} on the caller's, the others mostly on the processor's. They delay that thread, so they should be
 * quick. Every call on the batcher is allowed. The statistics already count what an event reports.
 *
 * <p><b>Thread safety.</b> Called by any thread, at the same time; events of different jobs have no order.
 *
 * <p><b>Failure.</b> What a listener throws is reported to the log once for each batcher and changes nothing else.
 */
public interface BatchListener {
    /**
     * The batcher has been made: called once, by {@link MicroBatcher.Builder#build()}, before it returns. A listener that
     * needs a name, or the statistics, finds them here.
     *
     * @param batcher whose events the others are
     */
    default void built(MicroBatcher<?, ?> batcher) {}

    /**
     * Whether to tell this listener of single jobs, by {@link #accepted} and {@link #ended(Object, JobOutcome, long, long)}.
     * They are what costs: each job reads the clock, and makes two calls. A listener that has enough of
     * {@link #ended(JobOutcome, int, long, long)} says no; all other events it is told in any case. Asked once, before the
     * batcher is built.
     *
     * @return true unless overridden
     */
    default boolean watchesEachJob() {
        return true;
    }

    /**
     * A job has been accepted, and will end. Told to those who {@linkplain #watchesEachJob watch each job}.
     *
     * @param job the job
     */
    default void accepted(Object job) {}

    /**
     * A job has been refused. It was never accepted and is in no count but {@link BatcherStats#rejected()}.
     *
     * @param job the job
     * @param why {@link BatcherFullException}, {@link BatcherClosedException}, or {@link JobFailedException} around what
     *     the weigher or the key function threw
     */
    default void rejected(Object job, RuntimeException why) {}

    /**
     * A batch is about to be processed.
     *
     * @param batch the batch
     */
    default void dispatched(BatchInfo batch) {}

    /**
     * The processor is about to be called for a batch, on this thread. What is opened here is around that call alone, such as
     * a trace or a name of the thread, and {@link JobContexts#current()} has the contexts of the batch's callers already. Not
     * called for a batch that never comes to the processor, since the executor refused it or its time was over before.
     *
     * @param batch the batch
     * @return closed on this thread when the call has returned, even if its thread is interrupted by then; an
     *     {@linkplain BatchProcessor#async asynchronous} one has returned its stage, and goes on. {@code null} for nothing
     */
    default @Nullable Scope processing(BatchInfo batch) {
        return null;
    }

    /**
     * A batch has left its slot after a call of the processor that returned.
     *
     * @param batch the batch
     * @param nanos how long the processor took, in nanoseconds
     * @param failedJobs how many of its jobs failed, or got no result; those that are tried again among them
     */
    default void completed(BatchInfo batch, long nanos, int failedJobs) {}

    /**
     * A batch has left its slot after a call of the processor that failed as a whole, or during one that takes longer than
     * {@link MicroBatcher.Builder#batchTimeout batchTimeout}.
     *
     * @param batch the batch
     * @param nanos how long the processor took, in nanoseconds
     * @param cause what was thrown; after a time-out a {@link java.util.concurrent.TimeoutException}
     */
    default void failed(BatchInfo batch, long nanos, Throwable cause) {}

    /**
     * Jobs of a batch that has just {@link #completed} or {@link #failed} have not ended: they are tried again, now or
     * after their backoff.
     *
     * @param batch the batch in which they failed
     * @param jobs how many
     * @param cause what they failed with, or the first of them if they failed one by one
     */
    default void retried(BatchInfo batch, int jobs, Throwable cause) {}

    /**
     * Accepted jobs have ended at the same time, and in the same way: those of a batch, or one by itself. Called before their
     * futures complete.
     *
     * <p>Where nobody {@linkplain #watchesEachJob watches each job} the clock is not read for every one of them: those that
     * come by the million may be told to have come a few microseconds before they did.
     *
     * @param outcome how they ended
     * @param jobs how many, 1 or more
     * @param waitNanos how long they waited to be dispatched, added up, in nanoseconds
     * @param totalNanos how long they were pending, added up, in nanoseconds
     */
    default void ended(JobOutcome outcome, int jobs, long waitNanos, long totalNanos) {}

    /**
     * An accepted job has ended. Called just before its future completes, after
     * {@link #ended(JobOutcome, int, long, long)} for all that end with it, to those who
     * {@linkplain #watchesEachJob watch each job}.
     *
     * @param job the job
     * @param outcome how it ended
     * @param waitNanos how long it waited to be dispatched, the last time if it was tried again, in nanoseconds
     * @param totalNanos how long it was pending, in nanoseconds
     */
    default void ended(Object job, JobOutcome outcome, long waitNanos, long totalNanos) {}

    /**
     * The processor gave a result that belongs to no job of its batch, or that came after the batch had timed out. It has
     * been dropped.
     *
     * @param batch the batch
     * @param result the result as the processor gave it; for a job that it failed, the cause
     */
    default void unmatched(BatchInfo batch, @Nullable Object result) {}

    /**
     * The batcher is closed and every accepted job has ended. Called once, before {@link MicroBatcher#close()} returns, and
     * after all other events but refusals and answers that come too late. A batcher that nobody closes does not call it.
     */
    default void closed() {}

    /**
     * Describes a batch.
     *
     * @param id counts the batches of one batcher, from 1
     * @param size how many jobs it holds, 1 or more
     * @param weight the sum of their weights; the size without a weigher
     * @param reason why it left
     * @param oldestWaitNanos how long its oldest job had waited, in nanoseconds
     */
    record BatchInfo(long id, int size, long weight, DispatchReason reason, long oldestWaitNanos) {}
}
