package io.microbatcher;

/** How an accepted job ended. Each ends in exactly one of these ways. */
public enum JobOutcome {
    /** The processor gave a result, {@code null} included. */
    SUCCEEDED,
    /** The processor threw, failed this job, or could not be started. */
    FAILED,
    /** The processor returned without an answer for this job. */
    MISSING,
    /** The caller took the job back: it cancelled the future, was interrupted, or stopped waiting. */
    CANCELLED,
    /**
     * {@link MicroBatcher.Builder#jobTimeout jobTimeout} passed, or {@link MicroBatcher.Builder#batchTimeout batchTimeout}
     * for its batch.
     */
    TIMED_OUT,
    /** {@link MicroBatcher#shutdownNow()} found the job waiting, for its first attempt or another. */
    ABANDONED
}
