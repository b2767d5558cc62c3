package io.microbatcher;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An accepted job on its way: the caller's future, and at the same time the node of every list that the job is in. One
 * object for each job.
 *
 * <pre>
 * (none) --accept--> ON ITS WAY --gather--> WAITING --slot takes--> IN FLIGHT --answer--> ENDED
 *                    place = intake         place = lane            place = batch         place = null
 *                                              |                        |
 *                                              +--cancel, deadline------+---------------> ENDED
 * </pre>
 *
 * <p>Of a batcher with a {@link RetryPolicy} it is a {@link RetriableJob}, which may come back from its batch. Where equal
 * jobs are one it is a {@link CoalescedJob}, and a {@link Group} goes this way in its place.
 *
 * <p>I1: whoever sets {@code place} to null, under the board's lock, has ended the job in the books, and alone
 * completes the future, after the lock. Completing the future from outside, cancellation included, first tries to end
 * the job that way, and does nothing if the answer came first. I2: whoever holds the future finds the job in a lane or
 * beyond it, since taking the lock gathers the intake; only a channel knows of jobs that are not pushed yet.
 */
class PendingJob<J, R extends @Nullable Object> extends CompletableFuture<R> {
    final J job;

    /** The next in the intake, the lane or the batch: a job is in one of them at a time. */
    @Nullable
    PendingJob<J, R> next;

    /** Guarded by the board's lock; read without it only to find the dispatcher. */
    @Nullable
    Place<J, R> place;

    /**
     * When it was accepted: written before it is published, or 0, if it was not the first of a batch; then {@link Board}
     * gives it the time of the one before.
     */
    long acceptedNanos;

    PendingJob(J job) {
        this.job = job;
    }

    long weight() {
        return 1;
    }

    /** The lane that it waits in: the only one, unless it has a key. */
    Lane<J, R> lane(Lane<J, R> only) {
        return only;
    }

    /** Gives it the lane that was claimed for it. Called only where lanes have keys. */
    void claimed(Lane<J, R> lane) {
        throw new AssertionError("a job without a lane of its own");
    }

    /** How many callers wait for its answer. */
    int callers() {
        return 1;
    }

    /** What the processor is asked with. */
    J asked() {
        return job;
    }

    /** A batch takes it. */
    void taken(Batch<J, R> batch) {
        place = batch;
    }

    /** Adds the futures that have to complete before it has ended. Called under the lock. */
    void addTo(List<? super PendingJob<J, R>> pending) {
        pending.add(this);
    }

    /** Shows everybody whom {@link #each} is about to show, and forgets nobody. */
    void eachToCome(Consumer<PendingJob<J, R>> count) {
        count.accept(this);
    }

    /** Adds what each of its callers carries. */
    void addContexts(List<@Nullable Object> callers) {
        callers.add(context());
    }

    /** Shows every caller of a job that has ended. */
    void each(Consumer<PendingJob<J, R>> tell) {
        tell.accept(this);
    }

    /** Why it cannot be accepted, if that was known from the start. */
    @Nullable
    RuntimeException refusal() {
        return null;
    }

    /** When the last of its callers was accepted. */
    long lastAcceptedNanos() {
        return acceptedNanos;
    }

    /** What has become of its attempts; null if none has failed. */
    @Nullable
    Attempts attempts() {
        return null;
    }

    /** An attempt has failed, the first of those that {@link #attempts} counts. Called only where jobs are tried again. */
    void hasFailed(Attempts first) {
        throw new AssertionError("a job that is not tried again");
    }

    /** For the message of its failure: how often it was tried, if more than once. */
    String tried() {
        return "";
    }

    /** Brings the result to the caller. Called once, by the thread that ended the job. */
    void succeed(R result) {
        super.complete(result);
    }

    /** Brings a failure to the caller. Called once, by the thread that ended the job. */
    void fail(Throwable failure) {
        super.completeExceptionally(failure);
    }

    /** What its caller's thread carried when it was submitted, if anything. */
    @Nullable
    Object context() {
        return null;
    }

    /** Ends the job in the books if it has not ended: whether so. The completion follows. */
    boolean takeBack(Runnable completion) {
        Place<J, R> at = place;
        return at != null && at.dispatcher.takeBack(this, completion); // I1
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        takeBack(() -> super.cancel(mayInterruptIfRunning));
        return isCancelled();
    }

    @Override
    public boolean complete(R value) {
        return takeBack(() -> super.complete(value));
    }

    @Override
    public boolean completeExceptionally(Throwable failure) {
        Objects.requireNonNull(failure, "failure must not be null");
        return takeBack(() -> super.completeExceptionally(failure));
    }

    @Override
    public CompletableFuture<R> completeAsync(Supplier<? extends R> supplier, Executor executor) {
        executor.execute(() -> {
            try {
                complete(supplier.get());
            } catch (Throwable thrown) {
                completeExceptionally(thrown);
            }
        });
        return this;
    }

    @Override
    public CompletableFuture<R> completeAsync(Supplier<? extends R> supplier) {
        return completeAsync(supplier, defaultExecutor());
    }

    @Override
    public void obtrudeValue(R value) {
        takeBack(() -> super.complete(value));
        super.obtrudeValue(value);
    }

    @Override
    public void obtrudeException(Throwable failure) {
        Objects.requireNonNull(failure, "failure must not be null");
        takeBack(() -> super.completeExceptionally(failure));
        super.obtrudeException(failure);
    }

    /** What depends on the future is a plain future: completing that says nothing about the job. */
    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new CompletableFuture<>();
    }
}
