package io.microbatcher;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Whether, when and in what company a job is tried again after it has failed. For
 * {@link MicroBatcher.Builder#retry MicroBatcher.Builder.retry}.
 *
 * <p>A job has a number of attempts. When one fails, with its batch or alone, and the failure is of a kind that is worth
 * it, the job waits for its backoff, without a slot, and then leaves again, before the jobs that came after it. When the
 * last attempt has failed its caller gets that failure, in a {@link JobFailedException} that says how many attempts
 * there were. A job whose backoff would end after its {@link MicroBatcher.Builder#jobTimeout jobTimeout} fails at once.
 *
 * <p>A processor that is called again for the same job has to bear that: what it did before it failed is done twice. What
 * it has answered is not asked of it again.
 *
 * <p><b>Company.</b> Unless told otherwise each failed job is on its own: it goes with whatever else leaves its lane.
 * {@link #wholeBatch()} keeps those of a batch together; {@link #bisect()} looks for the job that spoils a batch.
 *
 * <p><b>Thread safety.</b> Immutable: each method returns another policy. The predicates and the source of randomness are
 * called by any thread, without a lock.
 *
 * <p><b>Failure.</b> A predicate that throws has said no; that is reported to the log once for each batcher. Of a source
 * of randomness that throws, or goes outside of 0 to 1, the backoff is taken without jitter.
 */
public final class RetryPolicy {
    private static final long DEFAULT_FIRST_NANOS = 100_000_000;
    private static final long DEFAULT_MOST_NANOS = 10_000_000_000L;
    private static final double DEFAULT_JITTER = 0.5;

    private final int attempts;
    private final long firstNanos;
    private final long mostNanos;
    private final double jitter;
    private final Company company;
    private final Predicate<? super Throwable> when;
    private final @Nullable Predicate<? super Throwable> splitWhen;
    private final @Nullable RandomGenerator random;

    /** Who leaves with a job that is tried again. */
    private enum Company {
        /** Whatever else leaves its lane. */
        ANY,
        /** The others of its batch that are tried again. */
        BATCH,
        /** Those others, or one half of them after the other. */
        HALVES
    }

    private RetryPolicy(
            int attempts,
            long firstNanos,
            long mostNanos,
            double jitter,
            Company company,
            Predicate<? super Throwable> when,
            @Nullable Predicate<? super Throwable> splitWhen,
            @Nullable RandomGenerator random) {
        this.attempts = attempts;
        this.firstNanos = firstNanos;
        this.mostNanos = mostNanos;
        this.jitter = jitter;
        this.company = company;
        this.when = when;
        this.splitWhen = splitWhen;
        this.random = random;
    }

    /**
     * Starts with a number of attempts, a {@linkplain #backoff backoff} of 100 ms that doubles up to 10 s, a
     * {@linkplain #jitter jitter} of a half, each job on its own, after every {@link Exception} that is not a
     * {@link MissingResultException}.
     *
     * @param attempts how often a job is tried, the first time included; 1 or more. With 1 nothing is tried again, but
     *     {@link #bisect()} still finds out which jobs spoil a batch
     * @return a policy
     * @throws IllegalArgumentException if less than 1: "attempts must be 1 or more, but was 0"
     */
    public static RetryPolicy ofAttempts(int attempts) {
        if (attempts < 1) {
            throw new IllegalArgumentException("attempts must be 1 or more, but was " + attempts);
        }
        return new RetryPolicy(
                attempts,
                DEFAULT_FIRST_NANOS,
                DEFAULT_MOST_NANOS,
                DEFAULT_JITTER,
                Company.ANY,
                failure -> failure instanceof Exception && !(failure instanceof MissingResultException),
                null,
                null);
    }

    /**
     * Sets how long a job waits after a failed attempt: the first time, and at most. Default: 100 ms and
     * 10 s. It doubles in between.
     *
     * @param first zero or more
     * @param most as much as {@code first} or more
     * @return a policy
     * @throws IllegalArgumentException if {@code first} is negative or {@code most} is less than it
     */
    public RetryPolicy backoff(Duration first, Duration most) {
        Objects.requireNonNull(first, "first must not be null");
        Objects.requireNonNull(most, "most must not be null");
        if (first.isNegative()) {
            throw new IllegalArgumentException("the first backoff must not be negative, but was " + first);
        }
        if (most.compareTo(first) < 0) {
            throw new IllegalArgumentException(
                    "the longest backoff must not be less than the first, " + first + ", but was " + most);
        }
        return new RetryPolicy(attempts, Nanos.of(first), Nanos.of(most), jitter, company, when, splitWhen, random);
    }

    /**
     * Sets how much of a backoff is left to chance, so that those who failed together do not come back together. Default
     * 0.5. It only shortens: with 0.5, a backoff of a second is anything from half a second to a second. One draw for all the
     * jobs of a batch.
     *
     * @param part 0, none, to 1, all
     * @return a policy
     * @throws IllegalArgumentException if it is not from 0 to 1
     */
    public RetryPolicy jitter(double part) {
        if (!(part >= 0 && part <= 1)) {
            throw new IllegalArgumentException("jitter must be from 0 to 1, but was " + part);
        }
        return new RetryPolicy(attempts, firstNanos, mostNanos, part, company, when, splitWhen, random);
    }

    /**
     * Says which failures are worth another attempt. Default: every {@link Exception} but a
     * {@link MissingResultException}. Asked once for each failure as long as attempts are left: what the processor threw, or
     * gave for one job; a job without a result has failed with a {@link MissingResultException}. It is not asked about what
     * the executor refused, nor about what a {@code jobTimeout} or a {@code batchTimeout} has ended: these are final.
     *
     * @param when whether to try again after this failure
     * @return a policy
     */
    public RetryPolicy when(Predicate<? super Throwable> when) {
        Objects.requireNonNull(when, "when must not be null");
        return new RetryPolicy(attempts, firstNanos, mostNanos, jitter, company, when, splitWhen, random);
    }

    /**
     * Keeps the jobs of a batch together that are tried again: they leave as a batch of their own, without new jobs. Of
     * this call and {@link #bisect()}, which keeps them together too, the last one counts.
     *
     * @return a policy
     */
    public RetryPolicy wholeBatch() {
        return new RetryPolicy(attempts, firstNanos, mostNanos, jitter, Company.BATCH, when, null, random);
    }

    /**
     * Looks for the jobs that spoil a batch: one that fails as a whole with a failure that is worth another attempt
     * (see {@link #when}) is split, and its halves are tried one after the other, at once, and split again while they
     * fail, until those that are to blame stand alone. That is no attempt yet; only the failure of a job that stands alone
     * is one. All others get their results. For {@code p} such jobs of {@code n} it takes no more than
     * {@code 2p log2(n)} more calls, the logarithm rounded up.
     *
     * <p>A backend that is down is not worth it: when {@code log2(n) + 4} calls in a row have failed and none has
     * succeeded, the batch is put together again, its jobs have failed in this attempt, and they wait for their backoff.
     * Where a part has succeeded, four times as many have to fail in a row. Three jobs side by side at the very start of
     * a batch that all spoil it may look like that, too.
     *
     * <p>Otherwise as {@link #wholeBatch()}: jobs that are tried again leave in batches of their own.
     *
     * @return a policy
     */
    public RetryPolicy bisect() {
        return new RetryPolicy(attempts, firstNanos, mostNanos, jitter, Company.HALVES, when, null, random);
    }

    /**
     * As {@link #bisect()}, after failures that this predicate chooses, whatever {@link #when} says to them: a constraint
     * of a database is worth a search for the row that violates it, but not another attempt of that row; a lost connection
     * is worth another attempt, but no search.
     *
     * @param splitWhen whether to split a batch that has failed as a whole with this failure
     * @return a policy
     */
    public RetryPolicy bisect(Predicate<? super Throwable> splitWhen) {
        Objects.requireNonNull(splitWhen, "splitWhen must not be null");
        return new RetryPolicy(attempts, firstNanos, mostNanos, jitter, Company.HALVES, when, splitWhen, random);
    }

    /**
     * Replaces the source of the {@linkplain #jitter jitter}, for tests. Default: {@link ThreadLocalRandom}.
     *
     * @param random may be called by several threads at once
     * @return a policy
     */
    public RetryPolicy random(RandomGenerator random) {
        Objects.requireNonNull(random, "random must not be null");
        return new RetryPolicy(attempts, firstNanos, mostNanos, jitter, company, when, splitWhen, random);
    }

    int attempts() {
        return attempts;
    }

    /** Whether the jobs of a batch that are tried again stay among themselves. */
    boolean keepsTogether() {
        return company != Company.ANY;
    }

    boolean bisects() {
        return company == Company.HALVES;
    }

    /** Asks the user whether another attempt is worth it. */
    boolean isWorthRetrying(Throwable failure) {
        return when.test(failure);
    }

    /** Asks the user whether the failure of a batch is worth a search for who is to blame. */
    boolean isWorthSplitting(Throwable failure) {
        return bisects() && (splitWhen == null ? when.test(failure) : splitWhen.test(failure));
    }

    /** Whether {@link #isWorthSplitting} is the same question as {@link #isWorthRetrying}. */
    boolean splitsWhatItRetries() {
        return bisects() && splitWhen == null;
    }

    /** How much of the jitter the next backoffs are spared: 0 to 1. Calls the user's source. */
    double draw() {
        double drawn =
                jitter == 0 ? 0 : random == null ? ThreadLocalRandom.current().nextDouble() : random.nextDouble();
        return drawn >= 0 && drawn <= 1 ? drawn : 0;
    }

    /** How long a job waits that has failed this often. */
    long backoffNanos(int failures, double drawn) {
        double doubled = (double) firstNanos * Math.pow(2, failures - 1);
        double full = Math.min((double) mostNanos, doubled);
        return (long) (full - full * jitter * drawn);
    }

    @Override
    public String toString() {
        return "RetryPolicy[attempts=" + attempts + ", backoff=" + Duration.ofNanos(firstNanos) + " to "
                + Duration.ofNanos(mostNanos) + ", jitter=" + jitter
                + switch (company) {
                    case ANY -> "";
                    case BATCH -> ", wholeBatch";
                    case HALVES -> ", bisect";
                }
                + "]";
    }
}
