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
 * <p><b>Two rules</b>, without which a program hangs. Call {@link #halfClose()} after the last job: what takes results
 * ends when those have come, and waits for ever otherwise. And unless all jobs fit into the channel, submit and take on
 * different threads: no more than its capacity of jobs are in it, submitted but with their result not taken, and past that
 * {@link #submit} waits for somebody to take.
 *
 * <p>Results may be {@linkplain #take taken}, {@linkplain #poll() polled}, iterated over, or subscribed to as a
 * {@link Flow.Publisher}; each goes to one taker.
 *
 * <p><b>Failure.</b> A job that fails, times out or is not accepted arrives as a {@link Result} with its failure. The
 * channel goes on. It outlives its batcher: what is pending when that closes arrives as it would otherwise, and jobs
 * submitted afterwards arrive with {@link BatcherClosedException}; only {@link #halfClose()} and {@link #close()} end it.
 *
 * <p><b>Thread safety.</b> Every method may be called by any number of threads. A processor, listener or callback of this
 * batcher may submit, take and poll as long as there is no need to wait; waiting is refused with an exception, since what
 * it waits for may depend on its own thread. Let another thread take, as with {@code thenApplyAsync}.
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
     * @throws IllegalStateException if the channel is half-closed, or becomes so while this waits for room in it
     * @throws BatcherFullException if the channel is full and the caller is a processor, a callback, or this channel's
     *     subscriber, who may not wait
     */
    public void submit(J job) throws InterruptedException {
        RoutedJob<J, R> routed = acceptor.routed(job, this);
        ChannelSubscription<J, R> subscriber = subscription.get();
        queue.reserve(routed, subscriber == null || !subscriber.isSignallingHere());
        boolean submitted = false;
        try {
            acceptor.submit(routed);
            submitted = true;
        } finally {
            if (!submitted) { // an error of the JVM or of a user's timer, which the caller knows now
                withdraw(routed);
            }
        }
    }

    /**
     * Submits a job if both the channel and the batcher have room for it. Does not wait. A batcher that is closed makes it
     * arrive as a failure, as {@link #submit} does.
     *
     * @param job the job, not null
     * @return whether it was submitted; never for a job heavier than
     *     {@link MicroBatcher.Builder#maxPendingWeight maxPendingWeight}
     * @throws IllegalStateException if the channel is half-closed
     */
    public boolean trySubmit(J job) {
        RoutedJob<J, R> routed = acceptor.routed(job, this);
        if (!queue.tryReserve(routed)) {
            return false;
        }
        boolean submitted = false;
        try {
            submitted = acceptor.trySubmit(routed);
            return submitted;
        } finally {
            if (!submitted) {
                withdraw(routed);
            }
        }
    }

    /**
     * Takes the next result that arrives, and waits for it.
     *
     * @return the result, or {@code null} when the channel is half-closed and every result was taken
     * @throws InterruptedException if interrupted while waiting
     * @throws IllegalStateException if the processor or a callback of this batcher would have to wait
     */
    public @Nullable Result<J, R> take() throws InterruptedException {
        return taken(queue.next(Nanos.FOREVER));
    }

    /**
     * Takes a result that has arrived.
     *
     * @return the result, or {@code null} if there is none
     */
    public @Nullable Result<J, R> poll() {
        return taken(queue.poll());
    }

    /**
     * Takes the next result that arrives, and waits for it up to a limit.
     *
     * @param timeout how long to wait
     * @return the result, or {@code null} if none arrived in time or none will ({@link #isFinished()})
     * @throws InterruptedException if interrupted while waiting
     * @throws IllegalStateException if the processor or a callback of this batcher would have to wait
     */
    public @Nullable Result<J, R> poll(Duration timeout) throws InterruptedException {
        Objects.requireNonNull(timeout, "timeout must not be null");
        return taken(queue.next(Math.max(0, Nanos.of(timeout))));
    }

    /**
     * Says that no more jobs will be submitted. Those in the channel go on; what takes results ends after the last. A
     * {@link #submit} that waits for room in the channel is refused.
     */
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
     * Jobs that still wait never reach the processor; one whose {@link #submit} waits for room in the batcher is taken
     * back as soon as it has it.
     *
     * <p>Those who take results see the end. A subscriber is told with an {@link IllegalStateException}, unless the
     * channel had {@linkplain #isFinished() finished} before.
     */
    @Override
    public void close() {
        queue.discard().forEach(RoutedJob::discard);
        emit();
    }

    /**
     * Iterates over the results in the order in which they arrive; {@code hasNext()} waits for the next, and takes it.
     * Several iterators share the results; each is for one thread.
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
     * {@link #halfClose()}; failed jobs are elements, not {@code onError}. Cancelling closes the channel, as does a
     * request for less than one, which ends with an {@link IllegalArgumentException}. A subscriber that throws is
     * cancelled, and the log says so.
     *
     * <p>The subscriber runs on the thread that brings a result, asks for more or ends the channel, one call at a time;
     * on a thread of the library when it keeps one that has others' results to bring. A second subscriber is refused
     * with {@code onError}. Results that are {@linkplain #take taken} otherwise do not reach the subscriber.
     *
     * @param subscriber takes the results
     */
    @Override
    public void subscribe(Flow.Subscriber<? super Result<J, R>> subscriber) {
        Objects.requireNonNull(subscriber, "subscriber must not be null");
        ChannelSubscription<J, R> mine = new ChannelSubscription<>(this, queue, subscriber);
        if (subscription.compareAndSet(null, mine)) {
            mine.begin();
        } else {
            mine.refuse(new IllegalStateException("a channel has one subscriber, and this one has its own already"));
        }
    }

    // ---------------------------------------------------------------- the batcher's side

    /** A job has ended; {@link #emit()} follows. */
    void arrive(RoutedJob<J, R> job, @Nullable R value, @Nullable Throwable failure) {
        queue.arrive(job, new Result<>(job.job, value, failure));
    }

    /** A job that had a place was not submitted after all. */
    private void withdraw(RoutedJob<J, R> job) {
        queue.withdraw(job);
        emit();
    }

    /** The last result may be taken past the subscriber, who then has to see its end. */
    private @Nullable Result<J, R> taken(@Nullable Result<J, R> result) {
        if (result != null && subscription.get() != null && queue.isFinished()) {
            emit();
        }
        return result;
    }

    /** Lets the subscriber see what there is to see. */
    void emit() {
        ChannelSubscription<J, R> subscriber = subscription.get();
        if (subscriber != null) {
            subscriber.emit();
        }
    }
}
