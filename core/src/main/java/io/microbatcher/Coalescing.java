package io.microbatcher;

/** Which jobs may share one answer where jobs with equal keys are {@linkplain MicroBatcher.Builder#coalesceBy coalesced}. */
public enum Coalescing {
    /**
     * Jobs that wait at the same time. A job is never answered by a batch that had left before it was submitted: what the
     * processor reads is as new as the call.
     */
    JOIN_WAITING,
    /**
     * Jobs that wait at the same time, and those that come while an equal one is with the processor or waits to be tried
     * again. They get the answer of that call, which may have read its data before they were submitted: a result may be
     * older than the call for it, by as long as a call of the processor takes.
     */
    JOIN_IN_FLIGHT
}
