package io.microbatcher.micrometer;

import io.microbatcher.JobOutcome;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** Counts jobs and adds up their times, which a registry reads when it reports. */
@SuppressWarnings("EnumOrdinal") // an array by enum; the ordinal leaves nothing here
final class JobTotals implements JobMeters {
    private static final JobOutcome[] OUTCOMES = JobOutcome.values();

    private final Total[] byOutcome = new Total[OUTCOMES.length];
    private final Total wait = new Total();

    private static final class Total {
        private final LongAdder jobs = new LongAdder();
        private final LongAdder nanos = new LongAdder();

        void add(int more, long moreNanos) {
            jobs.add(more);
            nanos.add(moreNanos);
        }

        long jobs() {
            return jobs.sum();
        }

        double nanos() {
            return nanos.sum();
        }

        void register(MeterRegistry registry, String name, Tags tags, String says) {
            FunctionTimer.builder(name, this, Total::jobs, Total::nanos, TimeUnit.NANOSECONDS)
                    .tags(tags)
                    .description(says)
                    .register(registry);
        }
    }

    JobTotals(MeterRegistry registry, Tags tags) {
        for (JobOutcome outcome : OUTCOMES) {
            Total total = new Total();
            byOutcome[outcome.ordinal()] = total;
            total.register(registry, JOB, tags.and(Meters.tag("outcome", outcome)), JOB_SAYS);
        }
        wait.register(registry, WAIT, tags, WAIT_SAYS);
    }

    @Override
    public void ended(JobOutcome outcome, int jobs, long waitNanos, long totalNanos) {
        byOutcome[outcome.ordinal()].add(jobs, totalNanos);
        wait.add(jobs, waitNanos);
    }
}
