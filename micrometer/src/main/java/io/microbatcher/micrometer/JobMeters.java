package io.microbatcher.micrometer;

import io.microbatcher.JobOutcome;

/** How long jobs take: together, at next to no cost, or each by itself. Told of every job in both ways; uses one. */
interface JobMeters {
    String JOB = "microbatcher.job";
    String WAIT = "microbatcher.job.wait";
    String JOB_SAYS = "jobs that ended, from the moment that they were accepted";
    String WAIT_SAYS = "the same jobs, until they were dispatched";

    default void ended(JobOutcome outcome, int jobs, long waitNanos, long totalNanos) {}

    default void ended(JobOutcome outcome, long waitNanos, long totalNanos) {}
}
