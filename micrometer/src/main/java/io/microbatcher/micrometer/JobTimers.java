package io.microbatcher.micrometer;

import io.microbatcher.JobOutcome;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;

/** Times each job. */
@SuppressWarnings("EnumOrdinal") // an array by enum, on the way of every job; the ordinal leaves nothing here
final class JobTimers implements JobMeters {
    private static final JobOutcome[] OUTCOMES = JobOutcome.values();

    private final Timer[] byOutcome = new Timer[OUTCOMES.length];
    private final Timer wait;

    JobTimers(MeterRegistry registry, Tags tags) {
        for (JobOutcome outcome : OUTCOMES) {
            byOutcome[outcome.ordinal()] = Timer.builder(JOB)
                    .tags(tags)
                    .tags(Meters.tag("outcome", outcome))
                    .description(JOB_SAYS)
                    .register(registry);
        }
        wait = Timer.builder(WAIT).tags(tags).description(WAIT_SAYS).register(registry);
    }

    @Override
    public void ended(JobOutcome outcome, long waitNanos, long totalNanos) {
        byOutcome[outcome.ordinal()].record(totalNanos, TimeUnit.NANOSECONDS);
        wait.record(waitNanos, TimeUnit.NANOSECONDS);
    }
}
