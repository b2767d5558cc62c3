package io.microbatcher;

import java.util.BitSet;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Says which verdicts on a batch need not be final, as the user's {@link RetryPolicy} sees it. Made outside of the lock,
 * since it asks the user's predicates, while the slot is still taken; {@link Retries} then decides.
 *
 * @param failure what failed the batch as a whole; the first one's failure if some jobs failed alone
 * @param retries whether another attempt is worth it, after the failure of a batch as a whole
 * @param splits whether a search for those to blame is worth it, then
 * @param positions the jobs that failed alone, and for which another attempt is worth it
 * @param drawn how much jitter shortens the backoffs
 */
record Appeal(Throwable failure, boolean retries, boolean splits, BitSet positions, double drawn) {

    /** Asks the user about a batch that is about to end: null if everything is final. */
    static @Nullable Appeal of(Batch<?, ?> batch, Verdicts verdicts) {
        RetryPolicy policy = batch.dispatcher.settings.retry();
        if (policy == null || verdicts.areAllSuccesses() || verdicts.isRefusal()) {
            return null;
        }
        Frame frame = Frame.processing(batch.dispatcher); // the slot is still taken
        try {
            Throwable failure = verdicts.batchFailure();
            return failure == null ? ofSome(batch, verdicts, policy) : ofAll(batch, failure, policy);
        } finally {
            frame.leave();
        }
    }

    /**
     * Adds the jobs that failed alone while the user was asked about the end of their batch, which they may do until it is
     * over: about each of them the user was asked when it failed. Called under the lock.
     */
    static @Nullable Appeal withThoseThatFailedMeanwhile(@Nullable Appeal appeal, Batch<?, ?> batch) {
        Map<Integer, Throwable> kept = batch.kept;
        if (kept == null || kept.isEmpty()) {
            return appeal;
        }
        BitSet positions = appeal == null ? new BitSet() : appeal.positions();
        kept.keySet().forEach(positions::set);
        return appeal == null ? new Appeal(kept.values().iterator().next(), false, false, positions, 0) : appeal;
    }

    /** Asks the user about one job that failed while its batch runs: whether it is to be tried again. */
    static boolean isWorthIt(Batch<?, ?> batch, PendingJob<?, ?> job, Throwable failure) {
        RetryPolicy policy = batch.dispatcher.settings.retry();
        if (policy == null || !hasAttempts(policy, job)) {
            return false;
        }
        Frame frame = Frame.processing(batch.dispatcher);
        try {
            return isWorthRetrying(batch, policy, failure);
        } finally {
            frame.leave();
        }
    }

    static boolean hasAttempts(RetryPolicy policy, PendingJob<?, ?> job) {
        Attempts failed = job.attempts();
        return (failed == null ? 0 : failed.failures) + 1 < policy.attempts();
    }

    private static @Nullable Appeal ofAll(Batch<?, ?> batch, Throwable failure, RetryPolicy policy) {
        boolean mayRetry = false;
        for (PendingJob<?, ?> job = batch.first(); job != null; job = job.next) {
            mayRetry |= hasAttempts(policy, job);
        }
        boolean maySplit = policy.bisects() && (batch.size() > 1 || batch.bisection != null);
        boolean one = policy.splitsWhatItRetries();
        boolean retries = (mayRetry || (maySplit && one)) && isWorthRetrying(batch, policy, failure);
        boolean splits = maySplit && (one ? retries : isWorthSplitting(batch, policy, failure));
        BitSet alone = new BitSet();
        Throwable first = null;
        for (int position = 0; position < batch.size(); position++) {
            Throwable kept = batch.kept(position);
            if (kept != null) {
                alone.set(position); // the user was asked when it failed
                first = first == null ? kept : first;
            }
        }
        Throwable because = retries || splits || first == null ? failure : first;
        boolean isHeard = retries || splits || first != null;
        return isHeard ? new Appeal(because, retries, splits, alone, draw(policy)) : null;
    }

    private static @Nullable Appeal ofSome(Batch<?, ?> batch, Verdicts verdicts, RetryPolicy policy) {
        BitSet positions = new BitSet();
        Throwable first = null;
        int position = 0;
        for (PendingJob<?, ?> job = batch.first(); job != null; job = job.next) {
            Throwable kept = batch.kept(position);
            if (kept != null) {
                positions.set(position); // the user was asked when it failed
                first = first == null ? kept : first;
            } else if (verdicts.outcome(position) != JobOutcome.SUCCEEDED
                    && batch.isOpen(position)
                    && hasAttempts(policy, job)) {
                Throwable failure = verdicts.failure(position, batch.size(), batch.dispatcher.name());
                if (isWorthRetrying(batch, policy, failure)) {
                    positions.set(position);
                    first = first == null ? failure : first;
                }
            }
            position++;
        }
        return first == null ? null : new Appeal(first, true, false, positions, draw(policy));
    }

    private static boolean isWorthRetrying(Batch<?, ?> batch, RetryPolicy policy, Throwable failure) {
        try {
            return policy.isWorthRetrying(failure);
        } catch (Throwable thrown) {
            batch.dispatcher.settings.watch().policyThrew(thrown);
            return false;
        }
    }

    private static boolean isWorthSplitting(Batch<?, ?> batch, RetryPolicy policy, Throwable failure) {
        try {
            return policy.isWorthSplitting(failure);
        } catch (Throwable thrown) {
            batch.dispatcher.settings.watch().policyThrew(thrown);
            return false;
        }
    }

    private static double draw(RetryPolicy policy) {
        try {
            return policy.draw();
        } catch (Throwable thrown) { // by a source of the user's own
            return 0;
        }
    }
}
