package io.microbatcher.micrometer;

/** How a call of the processor ended. */
enum BatchOutcome {
    /** It returned, and no job failed. */
    SUCCEEDED,
    /** It returned, and some jobs failed or got no result, or all of them one by one. */
    PARTIAL,
    /** It failed as a whole, or took too long. */
    FAILED
}
