package io.microbatcher;

import io.microbatcher.WaitingLine.Caller;
import io.microbatcher.WaitingLine.Fate;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Moves jobs: into the lane when they are admitted, and into the batch of a free slot; {@link Completion} ends them. Each
 * method is one transition of the {@link Board}.
 */
final class Dispatcher<J, R extends @Nullable Object> {
    final Settings<J, R> settings;
    final Board<J, R> board;
    final Starter<J, R> starter;
    final Closing<J, R> closing;
    final Completion<J, R> completion;
    private final LingerCheck lingerCheck;

    /** Guarded by the board's lock. */
    private long batchCount;

    Dispatcher(Settings<J, R> settings) {
        this.settings = settings;
        this.board = new Board<>(settings, this);
        this.starter = new Starter<>(this);
        this.closing = new Closing<>(this);
        this.completion = new Completion<>(this);
        this.lingerCheck = new LingerCheck(settings);
    }

    String name() {
        return settings.name();
    }

    BatcherStats stats() {
        board.enter();
        try {
            long counts = board.admission.counts();
            int toRetry = board.retries == null ? 0 : board.retries.backoff.jobs();
            int waiting = Admission.waiting(counts) + toRetry;
            int inFlight = Admission.pending(counts) - waiting;
            int batches = board.slots.running();
            return new BatcherStats(
                    board.books,
                    settings.batchSize(),
                    waiting,
                    toRetry,
                    inFlight,
                    batches,
                    board.line.size(),
                    board.slots.limit(),
                    (long) board.trigger.observed.durationNanos());
        } finally {
            board.leave();
        }
    }

    /** The alarm rings. */
    void wake(Alarm.Ring ring) {
        board.enter();
        try {
            board.rang(ring);
        } finally {
            board.leave();
        }
    }

    /** The place of a key has vanished. Called without the lock. */
    void forget(KeyedPlace<J, R> place) {
        try {
            if (place instanceof Lane<J, R> lane) {
                board.lanes.forget(lane);
            } else if (place instanceof Meeting<J, R> meeting && board.groups != null) {
                board.groups.forget(meeting);
            }
        } catch (Throwable thrown) { // by a key's own equals
            Log.warn("a key of " + settings.name() + " threw; its lane or group is not forgotten", thrown);
        }
    }

    // ---------------------------------------------------------------- accepting

    /** Admits a job that found no room, or whose weight counts: at once, never, or when its turn comes. */
    Caller<J, R> admit(PendingJob<J, R> job, boolean mayWait) {
        Caller<J, R> caller = new Caller<>(job);
        board.enter();
        try {
            if (board.admission.isClosed()) {
                caller.fate = Fate.CLOSED;
            } else if (board.line.size() == 0 && board.isAdmitted(job)) {
                caller.fate = Fate.ACCEPTED;
            } else if (mayWait) {
                board.line.join(caller);
                board.admission.blocked(true);
            } else {
                caller.fate = Fate.FULL;
            }
        } finally {
            board.leave();
        }
        return caller;
    }

    /** A blocked caller does not want to wait any longer: whether it was not admitted before. */
    boolean giveUp(Caller<J, R> caller) {
        board.enter();
        try {
            boolean waits = caller.fate == Fate.WAITS;
            if (waits) {
                board.line.leave(caller, Fate.FULL);
            }
            return waits;
        } finally {
            board.leave();
        }
    }

    /** The caller takes its job back: whether it had not ended. If so its future completes as told. */
    boolean takeBack(PendingJob<J, R> job, Runnable completion) {
        board.enter();
        try {
            if (job.place == null || job.place instanceof Intake<?, ?>) {
                return false;
            }
            board.depart(job, JobOutcome.CANCELLED, completion);
            return true;
        } finally {
            board.leave();
        }
    }

    // ---------------------------------------------------------------- slots

    /** A worker that was started is here: what it is to process, if there still is something. */
    @Nullable
    Batch<J, R> arrive() {
        board.enter();
        try {
            board.slots.arrived();
            return take();
        } finally {
            board.leave();
        }
    }

    /**
     * A thread is about to call the processor for a batch that may have timed out on its way: whether it still has to. From
     * here on it may be interrupted, and not before: callbacks of others may have come in between. Without the lock, since
     * who leaves it may have to run some; the fence pairs with the one in {@link Interruption#add}, so that either this
     * sees that the batch was stopped or that sees its runner.
     */
    boolean begins(Batch<J, R> batch) {
        batch.runner = Thread.currentThread();
        VarHandle.fullFence();
        if (!batch.stopped) {
            return true;
        }
        if (isOver(batch)) {
            return false;
        }
        if (!batch.interrupted) {
            batch.interrupted = true;
            Thread.currentThread().interrupt();
        }
        return true;
    }

    private boolean isOver(Batch<J, R> batch) {
        board.enter();
        try {
            return batch.finished;
        } finally {
            board.leave();
        }
    }

    /** A worker that was sent ahead is here: what it is to process, if that is still there and due. */
    @Nullable
    Batch<J, R> arriveAhead() {
        board.enter();
        try {
            return take();
        } finally {
            board.leave();
        }
    }

    /** The callers of a finished batch have their results; its worker looks for the next. */
    @Nullable
    Batch<J, R> deliveredAndTakeNext(Batch<J, R> batch, Frame worker) {
        board.enter();
        try {
            completion.landed(batch);
            isNoLongerCountedOn(worker);
            Batch<J, R> next = take();
            batch.lingers = next == null && !settings.ownExecutor() && board.slots.lingers();
            return next;
        } finally {
            board.leave();
        }
    }

    /** The processor goes on with its batch without this thread, which looks for the next. */
    @Nullable
    Batch<J, R> letGoAndTakeNext(Batch<J, R> batch) {
        board.enter();
        try {
            completion.letGo(batch);
            return take();
        } finally {
            board.leave();
        }
    }

    /** A worker that lingers was called, or has lingered long enough: what it is to process now. */
    @Nullable
    Batch<J, R> lookAgain(boolean lastTime) {
        board.enter();
        try {
            Batch<J, R> batch = take();
            if (batch != null || lastTime) {
                board.slots.lingered(batch != null);
            }
            return batch;
        } finally {
            board.leave();
        }
    }

    /** A callback is about to block the worker's thread: others have to look for work meanwhile. */
    void stopCountingOn(Frame worker) {
        board.enter();
        try {
            isNoLongerCountedOn(worker);
        } finally {
            board.leave();
        }
    }

    private void isNoLongerCountedOn(Frame worker) {
        if (worker.returning) {
            worker.returning = false;
            board.slots.returned();
        }
    }

    private @Nullable Batch<J, R> take() {
        Lanes<J, R> lanes = board.lanes;
        if (board.slots.free() <= 0 || lanes.ripeBatches(board.slots.free(), board.now()) == 0) {
            return null;
        }
        Lane<J, R> lane = Objects.requireNonNull(lanes.next(), "what is ripe is ready");
        Batch<J, R> batch = new Batch<>(lane);
        boolean flushing = lane.isFlushing();
        DispatchReason due = lane.size() == 0 ? null : board.trigger.dueBecause(lane, board.now(), true, false);
        due = due == null ? lane.released : due;
        int again = takeAgain(batch, lane, due != null);
        int callersAgain = batch.callers();
        takeFresh(batch, lane);
        int fresh = batch.callers() - callersAgain;
        lanes.served(lane, fresh);
        board.slots.run();
        board.observe();
        board.trigger.observed.dispatched(board.now());
        board.admission.taken(fresh);
        DispatchReason reason = again > 0 ? DispatchReason.RETRY : board.trigger.reason(batch, flushing, due);
        batch.dispatched(++batchCount, reason, board.now());
        if (reason == DispatchReason.TARGET) {
            board.trigger.observed.targeted(batch.callers(), batch.info().oldestWaitNanos());
        }
        board.books.dispatched(reason, batch.size());
        board.books.retried(again);
        board.flight.add(batch);
        if (lingerCheck.isWorthAWarning(reason, batch.size(), board.admission.pending())) {
            board.aftermath.warnOfLingering();
        }
        return batch;
    }

    /** Moves jobs of a lane that are tried again and leave together into a batch: how many. */
    private int takeAgain(Batch<J, R> batch, Lane<J, R> lane, boolean newJobsAreDue) {
        return board.retries == null ? 0 : board.retries.take(batch, lane, newJobsAreDue);
    }

    /** Adds new jobs of a lane, if they may leave with those that are tried again. */
    private void takeFresh(Batch<J, R> batch, Lane<J, R> lane) {
        int again = batch.size();
        if (again == 0 || (board.retries != null && board.retries.mixes())) {
            lane.take(batch, settings.batchSize(), settings.maxBatchWeight());
        }
        if (again > 0) {
            lane.reruns().served(batch.size() > again);
        }
    }
}
