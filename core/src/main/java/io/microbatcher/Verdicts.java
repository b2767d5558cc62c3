package io.microbatcher;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * What a processor has said about the jobs of one batch: by position a value, a failure or nothing; or one failure for
 * all. Made outside of the lock from the user's own collections, and independent of them from then on.
 */
final class Verdicts {
    private static final Object NONE = new Object();

    /** What {@link List#of} and {@code Stream.toList} make for more than two elements. */
    private static final Class<?> IMMUTABLE = List.of(1, 2, 3).getClass();

    private final @Nullable Object[] byPosition;
    private final List<@Nullable Object> unmatched;
    private final String found;
    private final @Nullable Throwable batchFailure;
    private final boolean wasRefused;
    private final boolean areAllSuccesses;

    /** By position what jobs had failed with before their batch did. */
    private @Nullable Map<Integer, Throwable> own;

    /** Why one job failed alone. */
    private record Failure(Throwable cause) {}

    /** What was found in place of a job's result. */
    private record Missing(String found) {}

    private Verdicts(
            @Nullable Object[] byPosition, List<@Nullable Object> unmatched, String found, boolean areAllSuccesses) {
        this.areAllSuccesses = areAllSuccesses;
        this.byPosition = byPosition;
        this.unmatched = unmatched;
        this.found = found;
        this.batchFailure = null;
        this.wasRefused = false;
    }

    private Verdicts(Throwable batchFailure, boolean wasRefused) {
        this.areAllSuccesses = false;
        this.byPosition = new Object[0];
        this.unmatched = List.of();
        this.found = "";
        this.batchFailure = batchFailure;
        this.wasRefused = wasRefused;
    }

    /** The processor failed: every job fails with the same cause. */
    static Verdicts failed(Throwable cause) {
        return new Verdicts(cause, false);
    }

    /** The executor did not run the processor: every job fails with what it threw. */
    static Verdicts refused(Throwable cause) {
        return new Verdicts(cause, true);
    }

    /** Takes the results of a list, which may be of any length. */
    static Verdicts byPosition(@Nullable List<?> results, int jobs) {
        return byPosition(results, jobs, null);
    }

    /**
     * Takes the results of a list, which may be of any length.
     *
     * @param room an array to copy them into if it has the right length, empty; whoever gives it empties it again
     */
    static Verdicts byPosition(@Nullable List<?> results, int jobs, @Nullable Object @Nullable [] room) {
        if (results == null) {
            throw new NullPointerException(
                    "the processor returned null instead of a list; return one result per job, null being one");
        }
        boolean fits = room != null && room.length == jobs && keepsNoRoom(results) && results.size() == jobs;
        @Nullable Object[] values = fits ? results.toArray(room) : results.toArray();
        if (values.length == jobs) {
            return new Verdicts(values, List.of(), "", true);
        }
        List<@Nullable Object> unmatched = new ArrayList<>();
        for (int i = jobs; i < values.length; i++) {
            unmatched.add(values[i]);
        }
        String found = "the processor returned " + Failures.count(values.length, "result")
                + "; return one per job, or declare it with byId";
        return new Verdicts(values, unmatched, found, false);
    }

    /** Whether a list is one of those of which it is known that they do not hold on to an array that they fill. */
    private static boolean keepsNoRoom(List<?> results) {
        return results.getClass() == ArrayList.class || results.getClass() == IMMUTABLE;
    }

    /** Starts with nothing for each job; {@code found} completes the sentence "no result for job 1 of 2: …". */
    static Verdicts none(int jobs, String found) {
        @Nullable Object[] values = new Object[jobs];
        Arrays.fill(values, NONE);
        return new Verdicts(values, new ArrayList<>(), found, false);
    }

    void value(int position, @Nullable Object value) {
        byPosition[position] = value;
    }

    void failure(int position, Throwable cause) {
        if (batchFailure == null) {
            byPosition[position] = new Failure(cause);
        } else {
            own = own == null ? new HashMap<>() : own;
            own.put(position, cause);
        }
    }

    /** Says what was found for one job in place of its result. */
    void missing(int position, String instead) {
        byPosition[position] = new Missing(instead);
    }

    void addUnmatched(@Nullable Object result) {
        unmatched.add(result);
    }

    /** Whether every job succeeded, by position. */
    boolean areAllSuccesses() {
        return areAllSuccesses;
    }

    /** Whether the processor was not even called. */
    boolean isRefusal() {
        return wasRefused;
    }

    /** What a job failed with that did not succeed, and not with its batch. */
    Throwable failure(int position, int jobs, String batcher) {
        Throwable ofJob = own == null ? null : own.get(position);
        if (ofJob != null) {
            return ofJob;
        }
        return position < byPosition.length && byPosition[position] instanceof Failure failure
                ? failure.cause()
                : exception(position, jobs, batcher, "");
    }

    /** What failed the batch as a whole, if anything did. */
    @Nullable
    Throwable batchFailure() {
        return batchFailure;
    }

    /** The results that belong to no job. */
    List<@Nullable Object> unmatched() {
        return unmatched;
    }

    /** The answers to the jobs at some positions, and those that belong to no job: values and causes of failure. */
    List<@Nullable Object> answers(IntPredicate positions) {
        List<@Nullable Object> answers = new ArrayList<>(unmatched);
        for (int i = 0; i < byPosition.length - unmatched.size(); i++) {
            JobOutcome outcome = outcome(i);
            if (outcome != JobOutcome.MISSING && positions.test(i)) {
                answers.add(byPosition[i] instanceof Failure failure ? failure.cause() : byPosition[i]);
            }
        }
        return answers;
    }

    JobOutcome outcome(int position) {
        if (batchFailure != null) {
            return JobOutcome.FAILED;
        }
        if (position >= byPosition.length || byPosition[position] == NONE || byPosition[position] instanceof Missing) {
            return JobOutcome.MISSING;
        }
        return byPosition[position] instanceof Failure ? JobOutcome.FAILED : JobOutcome.SUCCEEDED;
    }

    /** The result of a job that succeeded. */
    @Nullable
    Object value(int position) {
        return byPosition[position];
    }

    /** The exception, its own, of a job that did not succeed; {@code tried} ends the sentence. */
    JobFailedException exception(int position, int jobs, String batcher, String tried) {
        String which = "job " + (position + 1) + " of " + jobs;
        Throwable ofJob = own == null ? null : own.get(position);
        if (ofJob != null) {
            return jobFailed(ofJob, position, jobs, batcher, tried);
        }
        if (batchFailure != null && wasRefused) {
            return new JobFailedException(
                    "the executor of " + batcher + " refused a batch, and with it " + which + ", with a "
                            + batchFailure.getClass().getName()
                            + "; an executor is to take every batch until its batcher is closed",
                    batchFailure);
        }
        if (batchFailure != null) {
            return new JobFailedException(
                    "a batch of " + batcher + " failed, and with it " + which + ": " + Failures.described(batchFailure)
                            + tried,
                    batchFailure);
        }
        if (outcome(position) == JobOutcome.FAILED) {
            Throwable cause = ((Failure) Objects.requireNonNull(byPosition[position])).cause();
            return jobFailed(cause, position, jobs, batcher, tried);
        }
        boolean known = position < byPosition.length && byPosition[position] instanceof Missing;
        String instead = known ? ((Missing) Objects.requireNonNull(byPosition[position])).found() : found;
        return new MissingResultException(
                "no result for " + which + " in a batch of " + batcher + ": " + instead + tried);
    }

    /** The exception of a job that failed alone. */
    static JobFailedException jobFailed(Throwable cause, int position, int jobs, String batcher, String tried) {
        return new JobFailedException(
                "job " + (position + 1) + " of " + jobs + " in a batch of " + batcher + " failed: "
                        + Failures.described(cause) + tried,
                cause);
    }

    /** For a processor that is called by hand: its results as a list, or the exception of the first job without one. */
    List<@Nullable Object> asList(int jobs) {
        List<@Nullable Object> list = new ArrayList<>(jobs);
        for (int i = 0; i < jobs; i++) {
            if (outcome(i) != JobOutcome.SUCCEEDED) {
                throw exception(i, jobs, "a processor called by hand", "");
            }
            list.add(value(i));
        }
        return list;
    }
}
