package io.microbatcher.model;

import io.microbatcher.BatchListener;
import io.microbatcher.JobOutcome;
import io.microbatcher.model.RealProducer.Ticket;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** Counts what the listener is told, to be compared with the books. */
final class RealWatcher implements BatchListener {
    private final RealRound round;
    private final AtomicLong accepted = new AtomicLong();
    private final AtomicLong rejected = new AtomicLong();
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
    }

    @Override
    public void ended(Object job, JobOutcome outcome, long waitNanos, long totalNanos) {
        round.turbulence.perturb();
        ((Ticket) job).ended(outcome);
        ended.get(outcome).incrementAndGet();
    }

    long accepted() {
        return accepted.get();
    }

    long rejected() {
        return rejected.get();
    }

    long ended(JobOutcome outcome) {
        return ended.get(outcome).get();
    }

    /** Whether every event has been told: the last ones may come a moment after the books and the callers. */
    boolean isQuiet() {
        long all = ended.values().stream().mapToLong(AtomicLong::get).sum();
        return round.batcher.stats().accepted() == accepted.get() && all == accepted.get();
    }
}
