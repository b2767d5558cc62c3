package io.microbatcher.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.microbatcher.BatchListener;
import io.microbatcher.BatcherStats;
import io.microbatcher.JobOutcome;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Counts what the listener is told, to be compared with the books. */
final class RealWatcher implements BatchListener {
    private final RealRound round;
    private final AtomicLong accepted = new AtomicLong();
    private final AtomicLong rejected = new AtomicLong();
    private final AtomicLong dispatched = new AtomicLong();
    private final AtomicLong finished = new AtomicLong();
    private final AtomicLong unmatched = new AtomicLong();
    private final Map<JobOutcome, AtomicLong> ended = new EnumMap<>(JobOutcome.class);

    RealWatcher(RealRound round) {
        this.round = round;
        for (JobOutcome outcome : JobOutcome.values()) {
            ended.put(outcome, new AtomicLong());
        }
    }

    @Override
    public void accepted(Object job) {
        round.turbulence.perturb();
        accepted.incrementAndGet();
    }

    @Override
    public void rejected(Object job, RuntimeException why) {
        round.turbulence.perturb();
        rejected.incrementAndGet();
    }

    @Override
    public void dispatched(BatchInfo batch) {
        round.turbulence.perturb();
        dispatched.incrementAndGet();
    }

    @Override
    public void completed(BatchInfo batch, long nanos, int failedJobs) {
        round.turbulence.perturb();
        finished.incrementAndGet();
    }

    @Override
    public void failed(BatchInfo batch, long nanos, Throwable cause) {
        round.turbulence.perturb();
        finished.incrementAndGet();
    }

    @Override
    public void retried(BatchInfo batch, int jobs, Throwable cause) {
        round.turbulence.perturb();
    }

    @Override
    public void unmatched(BatchInfo batch, @Nullable Object result) {
        round.turbulence.perturb();
        unmatched.incrementAndGet();
    }

    @Override
    public void ended(Object job, JobOutcome outcome, long waitNanos, long totalNanos) {
        round.turbulence.perturb();
        ((Ticket) job).ended(outcome);
        ended.get(outcome).incrementAndGet();
    }

    /** Whether every event has been told: the last ones may come a moment after the books and the callers. */
    boolean isQuiet() {
        BatcherStats stats = round.batcher.stats();
        long all = ended.values().stream().mapToLong(AtomicLong::get).sum();
        return stats.accepted() == accepted.get()
                && all == accepted.get()
                && stats.batches() == dispatched.get()
                && dispatched.get() == finished.get()
                && stats.unmatched() == unmatched.get();
    }

    void check(BatcherStats stats) {
        assertThat(stats.rejected()).as("%s", stats).isEqualTo(rejected.get());
        for (JobOutcome outcome : JobOutcome.values()) {
            assertThat(stats.jobs(outcome))
                    .as("%s: %s", outcome, stats)
                    .isEqualTo(ended.get(outcome).get());
        }
    }

    @Override
    public String toString() {
        return "accepted " + accepted + ", rejected " + rejected + ", dispatched " + dispatched + ", finished "
                + finished + ", unmatched " + unmatched + ", ended " + ended;
    }
}
