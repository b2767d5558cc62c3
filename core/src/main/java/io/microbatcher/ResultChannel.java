package io.microbatcher;

import java.time.Duration;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Submits many jobs and takes their results in the order in which they arrive, each with its job.
 *
 * <p>Bounded: no more than its capacity of jobs are in the channel, submitted but with their result not taken; past that
 * {@link #submit} waits. {@link #halfClose()} says that no more jobs will come; what takes results then ends after the
 * last one. Results may be {@linkplain #take taken}, {@linkplain #poll() polled}, iterated over, or subscribed to as a
 * {@link Flow.Publisher}; each goes to one taker.
 *
 * <p><b>Failure.</b> A job that fails, or is not accepted, arrives as a {@link Result} with its failure. The channel goes
 * on.
 *
 * <p><b>Thread safety.</b> Every method may be called by any number of threads. Waiting in the processor, or in a
 * callback for room, is refused with an exception: it could last for ever.
 *
 * @param <J> the type of a job
 * @param <R> the type of a result
 */
public final class ResultChannel<J, R extends @Nullable Object>
        implements Iterable<ResultChannel.Result<J, R>>, Flow.Publisher<ResultChannel.Result<J, R>>, AutoCloseable {
    private final Acceptor<J, R> acceptor;
    private final ChannelQueue<J, R> queue;
    private final AtomicReference<@Nullable ChannelSubscription<J, R>> subscription = new AtomicReference<>();

    ResultChannel(Acceptor<J, R> acceptor, int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("capacity must be 1 or more, but was " + capacity);
        }
        this.acceptor = acceptor;
        this.queue = new ChannelQueue<>(acceptor.dispatcher, capacity);
    }

    /**
     * A job and how it ended.
     *
     * @param job the job
     * @param value its result if it succeeded, {@code null} being one
     * @param failure why it failed, or {@code null} if it succeeded: {@link JobFailedException},
     *     {@link BatcherClosedException} or {@link BatcherFullException}
     * @param <J> the type of a job
     * @param <R> the type of a result
     */
    public record Result<J, R extends @Nullable Object>(
            J job, @Nullable R value, @Nullable Throwable failure) {
        /**
         * Tells whether the job succeeded.
         *
         * @return whether there is no failure
         */
        public boolean succeeded() {
            return failure == null;
        }
    }

    /**
     * Submits a job; waits while the channel is full, and then for room in the batcher as {@link MicroBatcher#submit}
     * does.
     *
     * @param job the job, not null
     * @throws InterruptedException if interrupted while the channel is full; the job is not submitted
     * @throws IllegalStateException if the channel is half-closed
     * @throws BatcherFullException if the channel is full and the caller is a processor, a callback, or this channel's
     *     subscriber, who may not wait
     */
    public void submit(J job) throws InterruptedException {
        Objects.requireNonNull(job, "job must not be null");
        ChannelSubscription<J, R> subscriber = subscription.get();
        queue.reserve(subscriber == null || !subscriber.isEmittingHere());
        try {
            acceptor.submit(job, this);
        } catch (Throwable failed) { // an error of the JVM: whatever became of the job, its place is free
            withdrawn(null);
            throw failed;
        }
    }

    /**
     * Submits a job if both the channel and the batcher have room for it.
     *
     * @param job the job, not null
     * @return whether it was submitted
     * @throws IllegalStateException if the channel is half-closed
     */
    public boolean trySubmit(J job) {
        Objects.requireNonNull(job, "job must not be null");
        if (!queue.tryReserve()) {
            return false;
        }
        try {
            return acceptor.trySubmit(job, this);
        } catch (Throwable failed) {
            withdrawn(null);
            throw failed;
        }
    }

    /**
     * Takes the next result that arrives, and waits for it.
     *
     * @return the result, or {@code null} when the channel is half-closed and every result was taken
     * @throws InterruptedException if interrupted while waiting
     * @throws IllegalStateException if called by the processor of this batcher when nothing has arrived
     */
    public @Nullable Result<J, R> take() throws InterruptedException {
        return queue.next(Nanos.FOREVER);
    }

    /**
     * Takes a result that has arrived.
     *
     * @return the result, or {@code null} if there is none
     */
    public @Nullable Result<J, R> poll() {
        return queue.poll();
    }

    /**
     * Takes the next result that arrives, and waits for it up to a limit.
     *
     * @param timeout how long to wait
     * @return the result, or {@code null} if none arrived in time or none will ({@link #isFinished()})
     * @throws InterruptedException if interrupted while waiting
     * @throws IllegalStateException if called by the processor of this batcher when nothing has arrived
     */
    public @Nullable Result<J, R> poll(Duration timeout) throws InterruptedException {
        return queue.next(Math.max(0, Nanos.of(timeout)));
    }

    /** Says that no more jobs will be submitted. Those in the channel go on; what takes results ends after the last. */
    public void halfClose() {
        queue.halfClose();
        emit();
    }

    /**
     * Tells whether no result will come any more.
     *
     * @return whether the channel is half-closed and every result was taken
     */
    public boolean isFinished() {
        return queue.isFinished();
    }

    /**
     * Half-closes, takes back the jobs that have not ended and discards the results that were not taken. Does not wait.
     * A subscriber that has not seen its end is told so with an {@link IllegalStateException}.
     */
    @Override
    public void close() {
        ChannelSubscription<J, R> subscriber = subscription.get();
        if (subscriber != null && !queue.isFinished()) {
            subscriber.fail(new IllegalStateException("the channel was closed before its last result was taken"));
        }
        queue.discard().forEach(job -> job.cancel(false));
        emit();
    }

    /**
     * Iterates over the results in the order in which they arrive; {@code hasNext()} waits for the next. Several
     * iterators share the results.
     *
     * @return an iterator that ends after the last result once the channel is half-closed. An interrupt makes it throw
     *     {@link IllegalStateException}, with the interrupt flag set
     */
    @Override
    public Iterator<Result<J, R>> iterator() {
        return new Iterator<>() {
            private @Nullable Result<J, R> ahead;

            @Override
            public boolean hasNext() {
                try {
                    ahead = ahead == null ? take() : ahead;
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                    throw new IllegalStateException("interrupted while waiting for the next result", interrupted);
                }
                return ahead != null;
            }

            @Override
            public Result<J, R> next() {
                if (!hasNext() || ahead == null) {
                    throw new NoSuchElementException("the channel is half-closed and its last result was taken");
                }
                Result<J, R> next = ahead;
                ahead = null;
                return next;
            }
        };
    }

    /**
     * Gives the results to one subscriber, as it asks for them. {@code onComplete} follows the last one after
     * {@link #halfClose()}; failed jobs are elements, not {@code onError}. Cancelling closes the channel.
     *
     * <p>The subscriber runs on the thread that brings a result or asks for more, one call at a time. A second
     * subscriber is refused with {@code onError}.
     *
     * @param subscriber takes the results
     */
    @Override
    public void subscribe(Flow.Subscriber<? super Result<J, R>> subscriber) {
        Objects.requireNonNull(subscriber, "subscriber must not be null");
        ChannelSubscription<J, R> mine = new ChannelSubscription<>(this, subscriber);
        if (subscription.compareAndSet(null, mine)) {
            mine.begin();
        } else {
            mine.refuse(new IllegalStateException("a channel has one subscriber, and this one has its own already"));
        }
    }

    // ---------------------------------------------------------------- the batcher's side

    /** A job that has a place is about to be accepted: whether it still should be. */
    boolean opened(PendingJob<J, R> job) {
        return queue.open(job);
    }

    /** A job that had a place was not submitted after all. */
    void withdrawn(@Nullable PendingJob<J, R> job) {
        queue.withdraw(job);
        emit();
    }

    /** A job has ended. */
    void arrived(PendingJob<J, R> job, @Nullable R value, @Nullable Throwable failure) {
        if (queue.arrive(job, new Result<>(job.job, value, failure))) {
            emit();
        }
    }

    private void emit() {
        ChannelSubscription<J, R> subscriber = subscription.get();
        if (subscriber != null) {
            subscriber.emit();
        }
    }
}
