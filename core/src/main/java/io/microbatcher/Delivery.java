package io.microbatcher;

import io.microbatcher.BatchDeadlines.TimedOut;
import io.microbatcher.BatchListener.BatchInfo;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Routes what the processor said to the callers: first the books, under the board's lock, then listeners and
 * futures, outside of it (R1.8, R5.1).
 */
final class Delivery {
    private Delivery() {}

    /** Ends a batch on a thread that the dispatcher does not count on. */
    static <J, R extends @Nullable Object> void end(Batch<J, R> batch, Verdicts verdicts) {
        Dispatcher<J, R> dispatcher = batch.dispatcher;
        batch.recordEnd();
        Frame frame = Frame.delivering(dispatcher);
        try {
            if (dispatcher.completion.finish(batch, verdicts, Appeal.of(batch, verdicts), null)) {
                deliver(batch, verdicts);
                dispatcher.completion.delivered(batch);
            } else {
                tooLate(batch, verdicts);
            }
        } finally {
            frame.leave();
        }
    }

    /** Ends a batch on the thread that called its processor, and takes the next one if one is due. */
    static <J, R extends @Nullable Object> @Nullable Batch<J, R> endAndTakeNext(Batch<J, R> batch, Verdicts verdicts) {
        Dispatcher<J, R> dispatcher = batch.dispatcher;
        batch.recordEnd();
        Frame frame = Frame.delivering(dispatcher);
        try {
            if (dispatcher.completion.finish(batch, verdicts, Appeal.of(batch, verdicts), frame)) {
                deliver(batch, verdicts);
                return dispatcher.deliveredAndTakeNext(batch, frame);
            }
            tooLate(batch, verdicts);
            return null;
        } finally {
            frame.leave();
        }
    }

    /** Tells the callers of a batch that has timed out, which is in the books already; its thread may still be busy. */
    static <J, R extends @Nullable Object> void timedOut(TimedOut<J, R> it) {
        Batch<J, R> batch = it.batch();
        batch.recordEnd(); // its thread may be about to do so too, and then it is no matter which of them is seen
        batch.record();
        Watch watch = batch.dispatcher.settings.watch();
        if (watch.on()) {
            batch.tellDispatched();
            watch.failed(batch.info(), Math.max(0, batch.finishedNanos - batch.dispatchedNanos), it.cause());
        }
        for (int i = 0; i < it.owed().size(); i++) {
            PendingJob<J, R> job = it.owed().get(i);
            int position = i;
            if (job != null) {
                job.each(caller -> {
                    if (watch.on()) {
                        endedAlone(batch, caller, BatchDeadlines.outcome(batch, position), batch.finishedNanos);
                    }
                    Throwable kept = batch.kept(position);
                    complete(
                            caller,
                            () -> caller.fail(
                                    kept == null
                                            ? Failures.timedOutWith(it.cause(), position, batch.size())
                                            : Verdicts.jobFailed(
                                                    kept,
                                                    position,
                                                    batch.size(),
                                                    batch.dispatcher.name(),
                                                    caller.tried())));
                });
            }
        }
        batch.dispatcher.completion.delivered(batch);
    }

    /** The processor has answered a batch that was over: its answers are dropped, counted and reported. */
    private static <J, R extends @Nullable Object> void tooLate(Batch<J, R> batch, Verdicts verdicts) {
        for (Object answer : batch.dispatcher.completion.late(batch, verdicts)) {
            batch.dispatcher.settings.watch().unmatched(batch.info(), answer);
        }
    }

    /** Brings one job its answer, which is in the books already, while its batch still runs. */
    static <J, R extends @Nullable Object> void ofOne(
            Batch<J, R> batch, PendingJob<J, R> job, JobOutcome outcome, Consumer<PendingJob<J, R>> completion) {
        Dispatcher<J, R> dispatcher = batch.dispatcher;
        Frame frame = Frame.delivering(dispatcher);
        try {
            job.each(caller -> {
                if (dispatcher.settings.watch().on()) {
                    endedAlone(
                            batch, caller, outcome, dispatcher.settings.timer().nanos());
                }
                complete(caller, () -> completion.accept(caller));
            });
            dispatcher.completion.answered(job);
        } finally {
            frame.leave();
        }
    }

    /** Completes a future. It catches what its callbacks throw; what comes through is an error of the JVM itself. */
    static void complete(PendingJob<?, ?> job, Runnable completion) {
        try {
            completion.run();
        } catch (Throwable escaped) {
            rescue(job, escaped);
        }
    }

    private static <J, R extends @Nullable Object> void deliver(Batch<J, R> batch, Verdicts verdicts) {
        batch.record();
        Watch watch = batch.dispatcher.settings.watch();
        boolean watched = watch.onJobs();
        boolean coalesced = batch.dispatcher.settings.coalesces();
        if (watch.on()) {
            watchEnd(batch, verdicts);
            Ends.of(batch, verdicts).tell(watch);
        }
        if (batch.others != null) {
            deliverToOthers(batch, batch.others, verdicts, watched);
            return;
        }
        PendingJob<J, R> job = batch.first();
        batch.dissolve();
        for (int position = 0; job != null; position++) {
            PendingJob<J, R> after = job.next;
            job.next = null; // a caller that keeps its future keeps no neighbours alive
            if (batch.isOwed(position)) {
                if (coalesced) {
                    bringAll(batch, job, position, verdicts, watched);
                } else {
                    bring(batch, job, position, verdicts, watched);
                }
            }
            job = after;
        }
    }

    /** Brings results to those whose jobs are not tried again. */
    private static <J, R extends @Nullable Object> void deliverToOthers(
            Batch<J, R> batch, List<@Nullable PendingJob<J, R>> others, Verdicts verdicts, boolean watched) {
        batch.others = null;
        for (int position = 0; position < others.size(); position++) {
            PendingJob<J, R> job = others.get(position);
            if (job != null && batch.isOwed(position)) {
                bringAll(batch, job, position, verdicts, watched);
            }
        }
    }

    /** Brings the result of one job to all who wait for it. */
    private static <J, R extends @Nullable Object> void bringAll(
            Batch<J, R> batch, PendingJob<J, R> job, int position, Verdicts verdicts, boolean watched) {
        job.each(caller -> bring(batch, caller, position, verdicts, watched));
    }

    /** Brings one caller its result. */
    private static <J, R extends @Nullable Object> void bring(
            Batch<J, R> batch, PendingJob<J, R> caller, int position, Verdicts verdicts, boolean watched) {
        if (watched) {
            ended(batch, caller, verdicts.outcome(position), batch.finishedNanos);
        }
        try {
            deliver(batch, caller, position, verdicts);
        } catch (Throwable escaped) {
            rescue(caller, escaped);
        }
    }

    @SuppressWarnings({"unchecked", "NullAway"}) // a value came from a collection of R, which null may belong to
    private static <J, R extends @Nullable Object> void deliver(
            Batch<J, R> batch, PendingJob<J, R> job, int position, Verdicts verdicts) {
        if (verdicts.outcome(position) == JobOutcome.SUCCEEDED) {
            job.succeed((R) verdicts.value(position));
        } else {
            job.fail(verdicts.exception(position, batch.size(), batch.dispatcher.name(), job.tried()));
        }
    }

    private static void rescue(PendingJob<?, ?> job, Throwable escaped) {
        try {
            Log.warn("the future of a job threw when it was completed", escaped);
            job.fail(escaped);
        } catch (Throwable again) {
            Log.warn("the future of a job could not be completed", again);
        }
    }

    private static <J, R extends @Nullable Object> void watchEnd(Batch<J, R> batch, Verdicts verdicts) {
        Watch watch = batch.dispatcher.settings.watch();
        BatchInfo info = batch.info();
        long nanos = Math.max(0, batch.finishedNanos - batch.dispatchedNanos);
        Throwable failure = verdicts.batchFailure();
        if (failure == null) {
            watch.completed(info, nanos, batch.failedJobs);
        } else {
            watch.failed(info, nanos, failure);
        }
        if (batch.triedAgainFor != null) {
            watch.retried(info, batch.triedAgain, batch.triedAgainFor);
        }
        for (Object result : verdicts.unmatched()) {
            watch.unmatched(info, result);
        }
    }

    /** A job has ended, of which listeners know already what is told of many. */
    private static <J, R extends @Nullable Object> void ended(
            Batch<J, R> batch, PendingJob<J, R> job, JobOutcome outcome, long now) {
        long waited = Ends.waitNanos(batch.dispatchedNanos, job.acceptedNanos);
        long total = Ends.totalNanos(waited, now, job.acceptedNanos);
        batch.dispatcher.settings.watch().ended(job.job, outcome, waited, total);
    }

    /** A job has ended by itself. */
    private static <J, R extends @Nullable Object> void endedAlone(
            Batch<J, R> batch, PendingJob<J, R> job, JobOutcome outcome, long now) {
        long waited = Ends.waitNanos(batch.dispatchedNanos, job.acceptedNanos);
        long total = Ends.totalNanos(waited, now, job.acceptedNanos);
        batch.dispatcher.settings.watch().endedAlone(job.job, outcome, waited, total);
    }
}
