package io.microbatcher;

import io.microbatcher.LiveAnswers.Reception;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * Ends jobs in the books when their batch answers them: all that it still owes when its processor is done, or one at a time
 * while it runs. Whoever enters the {@link Board} here leaves with what he has to tell the callers, and enters once more
 * when they know.
 */
final class Completion<J, R extends @Nullable Object> {
    private final Settings<J, R> settings;
    private final Board<J, R> board;

    Completion(Dispatcher<J, R> dispatcher) {
        this.settings = dispatcher.settings;
        this.board = dispatcher.board;
    }

    // ---------------------------------------------------------------- a batch that is over

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

    /** A batch whose jobs have ended leaves its lane, and its callers are about to know. */
    void land(Batch<J, R> batch) {
        board.lanes.landed(batch.lane);
        board.disclaim(batch.lane);
        board.delivering++;
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

    /** Called under the lock, as {@link #delivered} does. */
    void landed(Batch<J, R> batch) {
        board.delivering--;
        board.flight.remove(batch);
        board.aftermath.landed(batch);
        board.trigger.observed.delivered(board.now(), board.admission.waiting());
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

    /** Waits for those who are interrupting this thread, keeps others from doing so, and forgets that some did. */
    void letGo(Batch<J, R> batch) {
        for (CountDownLatch interrupter = batch.interrupter(); interrupter != null; interrupter = batch.interrupter()) {
            board.stepAside(interrupter);
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

    // ---------------------------------------------------------------- without a batch

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
}
