package io.microbatcher;

import io.microbatcher.BatchProcessor.Answers;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Where the processor of a running batch answers job by job (R1.5). */
final class LiveAnswers<J, R extends @Nullable Object> implements Answers<R> {
    private final Batch<J, R> batch;
    private final Dispatcher<J, R> dispatcher;
    private final List<PendingJob<J, R>> jobs;

    LiveAnswers(Batch<J, R> batch) {
        this.batch = batch;
        this.dispatcher = batch.dispatcher;
        this.jobs = new ArrayList<>(batch.size());
        for (PendingJob<J, R> job = batch.first(); job != null; job = job.next) {
            jobs.add(job);
        }
        if (dispatcher.settings.retries()) {
            batch.kept = new ConcurrentHashMap<>();
        }
    }

    /** What became of an answer. */
    enum Reception {
        /** It ended the job, or is kept until the batch is over. */
        TAKEN,
        /** The job had ended without it. */
        NOT_NEEDED,
        /** It belongs to no job, or to one that was answered, or the batch is over. */
        UNMATCHED
    }

    @Override
    public void complete(int position, R result) {
        if (isTaken(position, JobOutcome.SUCCEEDED, result)) {
            PendingJob<J, R> job = jobs.get(position);
            Delivery.ofOne(batch, job, JobOutcome.SUCCEEDED, caller -> caller.succeed(result));
        }
    }

    @Override
    public void fail(int position, Throwable cause) {
        Objects.requireNonNull(cause, "the cause of a failed job must not be null");
        if (exists(position) && Appeal.isWorthIt(batch, jobs.get(position), cause)) {
            if (dispatcher.completion.keep(batch, jobs.get(position), position, cause) == Reception.UNMATCHED) {
                dispatcher.settings.watch().unmatched(batch.info(), cause);
            }
            return;
        }
        if (isTaken(position, JobOutcome.FAILED, cause)) {
            PendingJob<J, R> job = jobs.get(position);
            Delivery.ofOne(
                    batch,
                    job,
                    JobOutcome.FAILED,
                    caller -> caller.fail(
                            Verdicts.jobFailed(cause, position, jobs.size(), dispatcher.name(), caller.tried())));
        }
    }

    @Override
    public boolean isEnded(int position) {
        return !exists(position)
                || batch.kept(position) != null
                || jobs.get(position).isDone();
    }

    private boolean isTaken(int position, JobOutcome outcome, @Nullable Object answer) {
        Reception reception = exists(position)
                ? dispatcher.completion.answer(batch, jobs.get(position), position, outcome)
                : dispatcher.completion.stray();
        if (reception == Reception.UNMATCHED) {
            dispatcher.settings.watch().unmatched(batch.info(), answer);
        }
        return reception == Reception.TAKEN;
    }

    private boolean exists(int position) {
        return position >= 0 && position < jobs.size();
    }
}
