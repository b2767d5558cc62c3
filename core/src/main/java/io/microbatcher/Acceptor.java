package io.microbatcher;

import io.microbatcher.WaitingLine.Caller;
import io.microbatcher.WaitingLine.Fate;
import java.lang.invoke.MethodHandles;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The client side: accepts jobs, or refuses them, and gives results back at the same line of code.
 *
 * <p>A job that is accepted without waiting costs one object, one count and one push, and takes no lock.
 */
final class Acceptor<J, R extends @Nullable Object> {
    /*
     * What the first jobs need: otherwise their callers load it, all at once, and a virtual thread that waits for another
     * to load a class pins its carrier (R5.6).
     */
    static {
        try {
            for (Class<?> needed : List.of(
                    PendingJob.class,
                    Frame.class,
                    Patience.class,
                    Nanos.class,
                    Worker.class,
                    Batch.class,
                    BatchEvent.class,
                    BatchListener.BatchInfo.class,
                    Verdicts.class,
                    Delivery.class,
                    Threads.class)) {
                MethodHandles.lookup().ensureInitialized(needed);
            }
        } catch (IllegalAccessException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    final Dispatcher<J, R> dispatcher;
    private final Settings<J, R> settings;
    private final Board<J, R> board;
    private final boolean blocks;

    /** Whether a job is nothing but a job on its way in: no weight, no key, no context, nobody watches it. */
    private final boolean plain;

    /** Whether a job has nothing to carry. */
    private final boolean bare;

    private final Admission admission;
    private final Intake<J, R> intake;
    private final Doorbell doorbell;
    private final Timer timer;

    /** Whether each job has to know when it was accepted; if not, the first does that waits, and one in so many. */
    private final boolean needsEachTime;

    Acceptor(Dispatcher<J, R> dispatcher) {
        this.dispatcher = dispatcher;
        this.settings = dispatcher.settings;
        this.board = dispatcher.board;
        this.blocks = settings.overflow() == OverflowPolicy.BLOCK;
        this.bare = settings.plainJobs() && !settings.retries() && settings.contexts() == null;
        this.plain = settings.plainJobs()
                && settings.contexts() == null
                && !settings.watch().onJobs();
        this.admission = board.admission;
        this.intake = board.intake;
        this.needsEachTime = settings.needsEachTime();
        this.doorbell = board.doorbell;
        this.timer = settings.timer();
    }

    CompletableFuture<R> submit(J job) {
        PendingJob<J, R> pending = pending(job);
        if (plain && isAcceptedAtOnce(pending)) {
            return pending;
        }
        RuntimeException refusal = accept(pending);
        if (refusal != null) {
            pending.fail(refusal);
        }
        return pending;
    }

    /** Submits a job that has its place in a channel: what is refused arrives there as a failure. */
    void submit(RoutedJob<J, R> job) {
        job.submitted(accept(job));
    }

    /** Submits a job that has its place in a channel only if there is room: whether there was. */
    boolean trySubmit(RoutedJob<J, R> job) {
        try {
            RuntimeException refusal = accept(job, false, Nanos.FOREVER);
            if (refusal instanceof BatcherFullException) {
                return false;
            }
            job.submitted(refusal);
            return true;
        } catch (InterruptedException | TimeoutException never) {
            throw new AssertionError(never); // it does not wait
        }
    }

    R run(J job) throws InterruptedException {
        try {
            return run(job, Nanos.FOREVER);
        } catch (TimeoutException never) {
            throw new AssertionError(never);
        }
    }

    R run(J job, long timeoutNanos) throws InterruptedException, TimeoutException {
        if (Frame.isInsideProcessor(dispatcher)) {
            throw new IllegalStateException("run() was called by the processor of " + settings.name()
                    + ", which would wait for the slot that it holds; use submit() and do not wait for the result");
        }
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        long deadline = Patience.deadline(timeoutNanos);
        PendingJob<J, R> pending = pending(job);
        RuntimeException refusal = accept(pending, blocks, deadline);
        if (refusal != null) {
            throw fromHere(refusal);
        }
        try {
            Patience.await(dispatcher, pending, Patience.remaining(deadline));
        } catch (InterruptedException interrupted) {
            if (pending.cancel(false)) {
                throw interrupted;
            }
            Thread.currentThread().interrupt(); // the result came first
        } catch (TimeoutException late) {
            if (pending.cancel(false)) {
                throw new TimeoutException("no result from " + settings.name() + " in time; the job was taken back");
            }
        }
        return result(pending);
    }

    private R result(PendingJob<J, R> pending) {
        Patience.awaitUninterruptibly(dispatcher, pending); // it has ended; the future follows at once
        try {
            return pending.join();
        } catch (CompletionException failed) {
            Throwable cause = failed.getCause();
            throw cause instanceof RuntimeException ofJob ? fromHere(ofJob) : failed;
        }
    }

    /** A job's exception is its caller's own and has no stack trace yet. */
    private static RuntimeException fromHere(RuntimeException failure) {
        if (failure instanceof JobFailedException) {
            failure.setStackTrace(new Throwable().getStackTrace());
        }
        return failure;
    }

    private @Nullable RuntimeException accept(PendingJob<J, R> pending) {
        try {
            return accept(pending, blocks, Nanos.FOREVER);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return new BatcherFullException(
                    "job was not accepted by " + settings.name()
                            + ": its caller was interrupted while it waited for room",
                    interrupted);
        } catch (TimeoutException never) {
            throw new AssertionError(never);
        }
    }

    /** Accepts a job, waiting for room if it may: null, or why not. */
    private @Nullable RuntimeException accept(PendingJob<J, R> pending, boolean mayWait, long deadline)
            throws InterruptedException, TimeoutException {
        RuntimeException refusal;
        try {
            refusal = tryAccept(pending, mayWait, deadline);
        } catch (InterruptedException | TimeoutException gaveUp) {
            refused(
                    pending,
                    new BatcherFullException(
                            "job was not accepted by " + settings.name() + ": its caller gave up waiting for room",
                            gaveUp));
            throw gaveUp;
        }
        if (refusal != null) {
            refused(pending, refusal);
        } else if (settings.watch().onJobs()) {
            tell(() -> settings.watch().accepted(pending.job));
        }
        return refusal;
    }

    private void refused(PendingJob<J, R> pending, RuntimeException why) {
        pending.place = null;
        Lane<J, R> lane = board.lanes.laneOf(pending);
        if (lane.isVanished()) {
            dispatcher.forget(lane);
        }
        Meeting<J, R> meeting =
                board.groups == null ? null : Groups.own(pending).leaveMeeting();
        if (meeting != null && meeting.isVanished()) {
            dispatcher.forget(meeting);
        }
        board.books.countRejected();
        if (settings.watch().on()) {
            tell(() -> settings.watch().rejected(pending.job, why));
        }
    }

    /** A listener may close: it must not wait for the caller whose thread it runs on. */
    private void tell(Runnable event) {
        Frame frame = Frame.delivering(dispatcher);
        try {
            event.run();
        } finally {
            frame.leave();
        }
    }

    private @Nullable RuntimeException tryAccept(PendingJob<J, R> pending, boolean mayWait, long deadline)
            throws InterruptedException, TimeoutException {
        RuntimeException unfit = pending.refusal();
        unfit = unfit == null ? claimLane(pending) : unfit;
        unfit = unfit == null ? claimMeeting(pending) : unfit;
        if (unfit != null) {
            return unfit;
        }
        pending.place = intake;
        if (!settings.limitsPendingWeight() && isAcceptedAtOnce(pending)) {
            return null;
        }
        boolean inFrame = mayWait && Frame.isInside(dispatcher);
        boolean possible = pending.weight() <= settings.maxPendingWeight();
        Caller<J, R> caller = dispatcher.admit(pending, mayWait && !inFrame && possible);
        if (caller.fate == Fate.WAITS) {
            await(caller, deadline);
        }
        return switch (caller.fate) {
            case ACCEPTED -> null;
            case CLOSED -> Failures.closed(settings.name());
            default -> full(pending, inFrame, possible);
        };
    }

    /** Takes no lock unless somebody has to act, and reads nothing that is written more often than once for each batch. */
    private boolean isAcceptedAtOnce(PendingJob<J, R> pending) {
        pending.place = intake;
        int waiting = admission.admit();
        if (waiting < 0) {
            return false;
        }
        if (needsEachTime || doorbell.isTimed(waiting) || waiting >= doorbell.from()) {
            pending.acceptedNanos = timer.nanos();
        }
        intake.push(pending);
        if (admission.waiting() >= doorbell.from()) {
            board.ring();
        }
        return true;
    }

    private void await(Caller<J, R> caller, long deadline) throws InterruptedException, TimeoutException {
        while (caller.fate == Fate.WAITS) {
            boolean needed = dispatcher.starter.dependsOnThisThread();
            if (needed && dispatcher.starter.help()) {
                continue;
            }
            long remaining = Patience.remaining(deadline);
            LockSupport.parkNanos(caller, needed ? Math.min(Patience.LOOK_NANOS, remaining) : remaining);
            if (Thread.interrupted()) {
                if (dispatcher.giveUp(caller)) {
                    throw new InterruptedException();
                }
                Thread.currentThread().interrupt(); // its turn came first
            } else if (Patience.remaining(deadline) <= 0 && dispatcher.giveUp(caller)) {
                throw new TimeoutException("no room in " + settings.name() + " in time: " + limits());
            }
        }
    }

    private RuntimeException full(PendingJob<J, R> pending, boolean inFrame, boolean possible) {
        if (!possible) {
            return new BatcherFullException(
                    "job was not accepted by " + settings.name() + ": it weighs " + pending.weight()
                            + ", more than maxPendingWeight, which is " + settings.maxPendingWeight(),
                    null);
        }
        String why = inFrame ? "; the processor and callbacks do not wait for room, since it is they who make it" : "";
        return new BatcherFullException(
                "job was not accepted by " + settings.name() + ", which is full: " + limits() + why, null);
    }

    private String limits() {
        return Failures.count(admission.pending(), "pending job") + ", maxPending is " + settings.maxPending()
                + (settings.limitsPendingWeight() ? ", maxPendingWeight is " + settings.maxPendingWeight() : "");
    }

    private PendingJob<J, R> pending(J job) {
        Objects.requireNonNull(job, "job must not be null");
        return bare ? new PendingJob<>(job) : routed(job, null);
    }

    /** Weighs a job, which is not submitted yet, and captures the context of its caller. */
    RoutedJob<J, R> routed(J job, @Nullable ResultChannel<J, R> channel) {
        Objects.requireNonNull(job, "job must not be null");
        try {
            return routed(job, weight(job), channel, null);
        } catch (Throwable thrown) {
            return routed(job, 0, channel, Failures.notUnderstood(settings.name(), "weigher", thrown));
        }
    }

    private RoutedJob<J, R> routed(
            J job, long weight, @Nullable ResultChannel<J, R> channel, @Nullable RuntimeException refusal) {
        CallerContext context = CallerContext.captured(settings.contexts());
        if (settings.coalesces()) {
            return new CoalescedJob<>(job, weight, channel, refusal, context);
        }
        return settings.retries()
                ? new RetriableJob<>(job, weight, channel, refusal, context)
                : new RoutedJob<>(job, weight, channel, refusal, context);
    }

    private long weight(J job) {
        ToLongFunction<? super J> weigher = settings.weigher();
        long weight = weigher == null ? 1 : weigher.applyAsLong(job);
        if (weight < 0) {
            throw new IllegalArgumentException("a weight must be 0 or more, but was " + weight);
        }
        return weight;
    }

    /** Claims the lane of a job, where lanes have keys: null, or why that is not possible. */
    private @Nullable RuntimeException claimLane(PendingJob<J, R> pending) {
        if (settings.key() == null) {
            return null;
        }
        try {
            pending.claimed(board.lanes.claim(pending.job));
            return null;
        } catch (Throwable thrown) {
            return Failures.notUnderstood(settings.name(), "key function", thrown);
        }
    }

    /** Claims the meeting of a job, where jobs with equal keys are one: null, or why that is not possible. */
    private @Nullable RuntimeException claimMeeting(PendingJob<J, R> pending) {
        if (board.groups == null) {
            return null;
        }
        try {
            board.groups.claim(pending);
            return null;
        } catch (Throwable thrown) {
            return Failures.notUnderstood(settings.name(), "key function of coalesceBy", thrown);
        }
    }
}
