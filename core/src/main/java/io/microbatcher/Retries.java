package io.microbatcher;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Decides what becomes of jobs that have failed and may be tried again. Only a batcher with a {@link RetryPolicy} has it.
 * Guarded by the board's lock.
 *
 * <p>I1: a job that is tried again has not ended: in the section in which its batch finishes its place changes from the
 * batch to a {@link Rerun}. From there a batch takes it, or it ends like a job that waits.
 *
 * <p>I2: of a bisection one part is due or in flight as long as there are any: whoever takes that one away, by the end of
 * its batch or of its last job, brings the next.
 */
final class Retries<J, R extends @Nullable Object> {
    final Backoff<J, R> backoff;
    private final Board<J, R> board;
    private final Settings<J, R> settings;
    private final RetryPolicy policy;

    /** A job that has failed, and why. */
    private record Failed<J, R extends @Nullable Object>(PendingJob<J, R> job, Attempts attempts, Throwable cause) {}

    Retries(Board<J, R> board, RetryPolicy policy) {
        this.board = board;
        this.settings = board.settings;
        this.policy = policy;
        this.backoff = new Backoff<>(board.lanes, settings, policy);
    }

    /** Whether jobs that are tried again share their batches with new ones. */
    boolean mixes() {
        return !policy.keepsTogether();
    }

    /** A job that is to be tried again has ended first. */
    void ended(Rerun<J, R> rerun) {
        boolean wasNext = rerun.state == Rerun.State.DUE;
        if (backoff.isEmptied(rerun) && wasNext && rerun.bisection != null) {
            goOn(rerun.bisection); // I2
        }
    }

    /**
     * Moves what is due in a lane into a batch, as much as may leave together: how many jobs.
     *
     * @param newJobsAreDue whether the lane could give a batch without, if it is not ripe
     */
    int take(Batch<J, R> batch, Lane<J, R> lane, boolean newJobsAreDue) {
        return lane.dueReruns() == 0
                ? 0
                : backoff.take(batch, lane, lane.size() > 0 && (newJobsAreDue || board.trigger.isRipe(lane)));
    }

    /** The processor is done with a batch, whose jobs have not ended: keeps those that are to be tried again (I1). */
    void keep(Batch<J, R> batch, Verdicts verdicts, @Nullable Appeal asked) {
        Appeal appeal = Appeal.withThoseThatFailedMeanwhile(asked, batch);
        Bisection<J, R> search = batch.bisection;
        boolean failed = verdicts.batchFailure() != null;
        if (batch.kept != null) {
            batch.kept.forEach(verdicts::failure);
        }
        if (search != null) {
            search.heard(!failed);
        }
        if (appeal != null && !board.isAborting()) {
            List<Failed<J, R>> alone = failedAlone(batch, verdicts, appeal);
            if (failed) {
                search = afterFailure(batch, appeal, alone);
            } else {
                keep(alone, batch.lane, appeal);
            }
            batch.areTriedAgain(appeal.failure());
            batch.failedJobs += failed ? 0 : batch.triedAgain;
        }
        if (search != null) {
            goOn(search); // I2
        }
    }

    /** A batch has exceeded its time, and its jobs have ended: the processor may still be at them, so none is tried again. */
    void timedOut(Batch<J, R> batch) {
        if (batch.bisection != null) {
            batch.bisection.heard(false);
            goOn(batch.bisection); // I2
        }
    }

    /**
     * All jobs of a batch have failed with it, but for some that had failed alone before: returns the search for those to
     * blame, if one goes on.
     */
    private @Nullable Bisection<J, R> afterFailure(Batch<J, R> batch, Appeal appeal, List<Failed<J, R>> alone) {
        Bisection<J, R> search = batch.bisection;
        List<PendingJob<J, R>> jobs = open(batch);
        alone.forEach(each -> jobs.remove(each.job()));
        if (appeal.splits() && jobs.size() > 1) {
            search = search == null ? new Bisection<>(jobs.size()) : search;
            if (!search.isHopeless()) {
                keep(alone, batch.lane, appeal);
                search.split(jobs, batch.lane).forEach(backoff::add);
                return search;
            }
        }
        if (search != null && search.isHopeless()) {
            keep(alone, batch.lane, appeal);
            putTogether(jobs, search, batch.lane, appeal);
            return null;
        }
        List<Failed<J, R>> all = new ArrayList<>(alone);
        all.addAll(failedWith(appeal, jobs));
        all.sort((one, other) -> one.attempts().isBefore(other.attempts()) ? -1 : 1);
        keep(all, batch.lane, appeal);
        return search;
    }

    /** A search has found that it is not the jobs: they have failed in this attempt, all of them. */
    private void putTogether(List<PendingJob<J, R>> last, Bisection<J, R> search, Lane<J, R> lane, Appeal appeal) {
        List<PendingJob<J, R>> jobs = new ArrayList<>(last);
        List<Rerun<J, R>> parts = new ArrayList<>();
        for (Rerun<J, R> part = search.next(); part != null; part = search.next()) {
            jobs.addAll(part.livingJobs());
            backoff.remove(part);
            parts.add(part);
        }
        keep(failedWith(appeal, jobs), lane, appeal);
        parts.forEach(part -> part.livingJobs().forEach(job -> giveUp(job, appeal.failure())));
    }

    /** A job ends whose batch has ended before. */
    private void giveUp(PendingJob<J, R> job, Throwable cause) {
        List<PendingJob<J, R>> callers = new ArrayList<>();
        job.addTo(callers);
        callers.forEach(caller -> board.depart(
                caller,
                JobOutcome.FAILED,
                () -> caller.fail(Failures.givenUp(settings.name(), caller.tried(), cause))));
    }

    /** Sends jobs of one lane back as far as they have attempts and time left. The others stay where they are. */
    private void keep(List<Failed<J, R>> failed, Lane<J, R> lane, Appeal appeal) {
        List<Failed<J, R>> candidates = failed.stream()
                .filter(each -> Appeal.hasAttempts(policy, each.job()))
                .toList();
        int mostFailures = candidates.stream()
                .mapToInt(each -> each.attempts().failures)
                .max()
                .orElse(0);
        List<PendingJob<J, R>> together = new ArrayList<>();
        long dueTogether = dueAfter(mostFailures + 1, appeal);
        for (Failed<J, R> each : candidates) {
            PendingJob<J, R> job = each.job();
            long due = policy.keepsTogether() ? dueTogether : dueAfter(each.attempts().failures + 1, appeal);
            if (due < Nanos.after(job.lastAcceptedNanos(), settings.jobTimeoutNanos())) {
                each.attempts().failures++;
                each.attempts().lastFailure = each.cause();
                if (policy.keepsTogether()) {
                    together.add(job);
                } else {
                    backoff.add(new Rerun<>(List.of(job), lane, null, due));
                }
            }
        }
        if (!together.isEmpty()) {
            backoff.add(new Rerun<>(together, lane, null, dueTogether));
        }
    }

    private long dueAfter(int failures, Appeal appeal) {
        return Nanos.after(board.now(), policy.backoffNanos(failures, appeal.drawn()));
    }

    /** The jobs of a batch that have not ended. */
    private List<PendingJob<J, R>> open(Batch<J, R> batch) {
        List<PendingJob<J, R>> open = new ArrayList<>(batch.size());
        int position = 0;
        for (PendingJob<J, R> job = batch.first(); job != null; job = job.next) {
            if (job.place == batch) {
                attempted(job, batch, position);
                open.add(job);
            }
            position++;
        }
        return open;
    }

    /** Notes that a job was in a batch that failed it: if that was its first, its place in the order is known. */
    private static Attempts attempted(PendingJob<?, ?> job, Batch<?, ?> batch, int position) {
        Attempts known = job.attempts();
        if (known != null) {
            return known;
        }
        Attempts first = new Attempts(batch.info().id(), position);
        job.hasFailed(first);
        return first;
    }

    private List<Failed<J, R>> failedWith(Appeal appeal, List<PendingJob<J, R>> jobs) {
        if (!appeal.retries()) {
            return List.of();
        }
        Throwable cause = appeal.failure();
        return jobs.stream()
                .map(job -> new Failed<>(job, Objects.requireNonNull(job.attempts(), "it is open no more"), cause))
                .toList();
    }

    private List<Failed<J, R>> failedAlone(Batch<J, R> batch, Verdicts verdicts, Appeal appeal) {
        List<Failed<J, R>> failed = new ArrayList<>();
        int position = 0;
        for (PendingJob<J, R> job = batch.first(); job != null; job = job.next) {
            if (job.place == batch && appeal.positions().get(position)) {
                Throwable cause = verdicts.failure(position, batch.size(), settings.name());
                failed.add(new Failed<>(job, attempted(job, batch, position), cause));
            }
            position++;
        }
        return failed;
    }

    private void goOn(Bisection<J, R> search) {
        Rerun<J, R> next = search.next();
        if (next != null) {
            backoff.due(next);
        }
    }
}
