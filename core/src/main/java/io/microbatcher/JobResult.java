package io.microbatcher;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The answer to the {@link Job} with the same id: a value or a failure.
 *
 * @param <R> the type of a result
 */
public final class JobResult<R extends @Nullable Object> {
    private final Object jobId;
    private final @Nullable R value;
    private final @Nullable Throwable failure;

    private JobResult(Object jobId, @Nullable R value, @Nullable Throwable failure) {
        this.jobId = Objects.requireNonNull(jobId, "jobId must not be null");
        this.value = value;
        this.failure = failure;
    }

    /**
     * Answers a job with a value.
     *
     * @param jobId the id of the job
     * @param value the result, {@code null} included
     * @param <R> the type of a result
     * @return the answer
     */
    public static <R extends @Nullable Object> JobResult<R> success(Object jobId, R value) {
        return new JobResult<>(jobId, value, null);
    }

    /**
     * Fails a job, and no other.
     *
     * @param jobId the id of the job
     * @param cause why; becomes the cause of the caller's {@link JobFailedException}
     * @param <R> the type of a result
     * @return the answer
     */
    public static <R extends @Nullable Object> JobResult<R> failure(Object jobId, Throwable cause) {
        return new JobResult<>(jobId, null, Objects.requireNonNull(cause, "cause must not be null"));
    }

    /**
     * Tells which job this answers.
     *
     * @return the id of the job
     */
    public Object jobId() {
        return jobId;
    }

    /**
     * Gives the result of a job that succeeded.
     *
     * @return the value, or {@code null} after a failure
     */
    public @Nullable R value() {
        return value;
    }

    /**
     * Gives the reason of a failure.
     *
     * @return the cause, or {@code null} after a success
     */
    public @Nullable Throwable failure() {
        return failure;
    }

    @Override
    public String toString() {
        return failure == null
                ? "JobResult[" + jobId + " = " + value + "]"
                : "JobResult[" + jobId + " failed: " + failure + "]";
    }
}
