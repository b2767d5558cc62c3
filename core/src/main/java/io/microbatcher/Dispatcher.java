package io.microbatcher;

import io.microbatcher.LiveAnswers.Reception;
import io.microbatcher.WaitingLine.Caller;
import io.microbatcher.WaitingLine.Fate;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Moves jobs: into the lane when they are admitted, into the batch of a free slot, out of the books when they end. Each
 * method is one transition of the {@link Board}.
 */
final class Dispatcher<J, R extends @Nullable Object> {
    final Settings<J, R> settings;
    final Board<J, R> board;
    final Starter<J, R> starter;
    final Closing<J, R> closing;
    private final LingerCheck lingerCheck;

    /** Guarded by the board's lock. */
    private long batchCount;

    Dispatcher(Settings<J, R> settings) {
        this.settings = settings;
        this.board = new Board<>(settings, this);
        this.starter = new Starter<>(this);
        this.closing = new Closing<>(this);
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

    /** The processor is done with a batch: frees the slot, ends its jobs in the books. Whether this was the first end. */
    boolean finish(Batch<J, R> batch, Verdicts verdicts, @Nullable Appeal appeal, @Nullable Frame worker) {
        board.enter();
        try {
            if (batch.runner == Thread.currentThread()) {
                letGo(batch);
            }
            if (batch.finished) {
                return false;
            }
            vacate(batch, verdicts.batchFailure());
            if (board.retries != null) {
                board.retries.keep(batch, verdicts, appeal);
            }
            if (batch.triedAgain < batch.size()) {
                left(batch);
            }
            tally(batch, verdicts);
            if (batch.triedAgain > 0) {
                batch.letGoOfThoseTriedAgain();
            }
            land(batch);
            if (worker != null) {
                worker.returning = true;
                board.slots.returns();
            }
            return true;
        } finally {
            board.leave();
        }
    }

    /** A batch leaves its slot, in whatever way; what follows ends its jobs. Called under the lock, as {@link #land}. */
    void vacate(Batch<J, R> batch, @Nullable Throwable failure) {
        batch.finished = true;
        batch.finishedNanos = board.now();
        board.slots.learn(batch, failure, board.now(), board.admission.waiting());
        board.slots.done();
        board.observe();
        if (failure == null) {
            board.trigger.observed.processed(batch.size(), board.now() - batch.dispatchedNanos);
        }
    }

    /** The callers of a batch are about to get their results. */
    void left(Batch<J, R> batch) {
        int callers = batch.callers() - batch.callersTriedAgain;
        board.trigger.observed.left(callers, board.now(), board.admission.waiting());
    }

    /** A batch whose jobs have ended leaves its lane, and its callers are about to know. */
    void land(Batch<J, R> batch) {
        board.lanes.landed(batch.lane);
        board.disclaim(batch.lane);
        board.delivering++;
    }

    /** The processor is done with a batch that was over before: the answers that somebody would have waited for. */
    List<@Nullable Object> late(Batch<J, R> batch, Verdicts verdicts) {
        board.enter();
        try {
            if (!batch.timedOut || batch.cameLate) {
                return List.of();
            }
            batch.cameLate = true;
            List<@Nullable Object> late = verdicts.answers(batch::isOwed);
            board.books.countUnmatched(late.size());
            return late;
        } finally {
            board.leave();
        }
    }

    /** The caller of a job that was answered while its batch runs has its result. */
    void answered(PendingJob<J, R> job) {
        board.enter();
        try {
            board.delivering--;
            board.flight.answered(job);
        } finally {
            board.leave();
        }
    }

    /** The callers of a finished batch have their results. */
    void delivered(Batch<J, R> batch) {
        board.enter();
        try {
            landed(batch);
        } finally {
            board.leave();
        }
    }

    /** The callers of jobs that ended without a batch's answer know it. */
    void departed(Aftermath<J, R> aftermath) {
        board.enter();
        try {
            board.delivering--;
            board.flight.departed(aftermath);
        } finally {
            board.leave();
        }
    }

    /** The callers of a finished batch have their results; its worker looks for the next. */
    @Nullable
    Batch<J, R> deliveredAndTakeNext(Batch<J, R> batch, Frame worker) {
        board.enter();
        try {
            landed(batch);
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
            letGo(batch);
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

    private void landed(Batch<J, R> batch) {
        board.delivering--;
        board.flight.remove(batch);
        board.aftermath.landed(batch);
        board.trigger.observed.delivered(board.now(), board.admission.waiting());
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

    private void tally(Batch<J, R> batch, Verdicts verdicts) {
        int position = 0;
        int ended = 0;
        if (verdicts.areAllSuccesses() && settings.plainJobs()) {
            for (PendingJob<J, R> job = batch.first(); job != null; job = job.next) {
                if (job.place == batch) {
                    job.place = null;
                    ended++;
                } else {
                    batch.lost(position);
                }
                position++;
            }
            board.books.ended(JobOutcome.SUCCEEDED, ended);
            board.admission.endedInFlight(ended);
            return;
        }
        for (PendingJob<J, R> job = batch.first(); job != null; job = job.next) {
            if (job.place == batch) {
                job.place = null;
                JobOutcome outcome = verdicts.outcome(position);
                ended += board.count(job, outcome);
                batch.failedJobs += outcome == JobOutcome.SUCCEEDED ? 0 : 1;
            } else {
                batch.lost(position);
            }
            position++;
        }
        board.admission.endedInFlight(ended);
        board.books.countUnmatched(verdicts.unmatched().size());
    }

    /** Waits for those who are interrupting this thread, keeps others from doing so, and forgets that some did. */
    private void letGo(Batch<J, R> batch) {
        while (batch.isBeingInterrupted()) {
            board.stepAside();
        }
        batch.runner = null;
        if (batch.timedOut) {
            batch.untie();
        }
        if (batch.interrupted) {
            Thread.interrupted(); // meant for the processor alone, and not for callbacks that follow this section
        }
    }

    // ---------------------------------------------------------------- answers while a batch runs

    /** The processor answers one job. */
    Reception answer(Batch<J, R> batch, PendingJob<J, R> job, int position, JobOutcome outcome) {
        board.enter();
        try {
            if (batch.finished || !batch.firstAnswer(position)) {
                board.books.countUnmatched(1);
                return Reception.UNMATCHED;
            }
            if (job.place != batch) {
                return Reception.NOT_NEEDED;
            }
            board.end(job, outcome);
            batch.failedJobs += outcome == JobOutcome.SUCCEEDED ? 0 : 1;
            board.delivering++;
            board.flight.answering(job);
            return Reception.TAKEN;
        } finally {
            board.leave();
        }
    }

    /** The processor fails one job, which is to be tried again when the batch is over. */
    Reception keep(Batch<J, R> batch, PendingJob<J, R> job, int position, Throwable cause) {
        board.enter();
        try {
            if (batch.finished || !batch.firstAnswer(position)) {
                board.books.countUnmatched(1);
                return Reception.UNMATCHED;
            }
            if (job.place != batch) {
                return Reception.NOT_NEEDED;
            }
            batch.keep(position, cause);
            return Reception.TAKEN;
        } finally {
            board.leave();
        }
    }

    /** The processor answers a job that does not exist. */
    Reception stray() {
        board.enter();
        try {
            board.books.countUnmatched(1);
            return Reception.UNMATCHED;
        } finally {
            board.leave();
        }
    }

    /** The end of a batch is tied to a stage: whether it is to stop at once. */
    boolean tie(Batch<J, R> batch, CompletionStage<?> stage) {
        board.enter();
        try {
            batch.stage = stage;
            return batch.stopped;
        } finally {
            board.leave();
        }
    }
}
