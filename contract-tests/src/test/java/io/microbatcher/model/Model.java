package io.microbatcher.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.microbatcher.BatcherClosedException;
import io.microbatcher.BatcherFullException;
import io.microbatcher.BatcherStats;
import io.microbatcher.Coalescing;
import io.microbatcher.DispatchReason;
import io.microbatcher.JobFailedException;
import io.microbatcher.JobOutcome;
import io.microbatcher.model.ModelBatch.Said;
import io.microbatcher.model.ModelBatch.Verdict;
import io.microbatcher.model.ModelJob.State;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A batcher without threads, locks, timers or futures: a list of waiting jobs, the batches in flight, and counters. Each
 * method is one thing that happens, told in the order in which it happens. When a slot takes a batch is the executor's
 * business, so the model does not decide it: it {@linkplain #follow follows}, and checks that it was right.
 */
final class Model {
    private final Scenario scenario;

    /** The jobs that wait, each caller's own, in order of acceptance. */
    final List<ModelJob> waiting = new ArrayList<>();

    /** The same, those that are asked once together. */
    private final List<ModelGroup> groups = new ArrayList<>();

    /** The group of each key that was formed last. */
    private final Map<Object, ModelGroup> newest = new HashMap<>();

    final List<ModelJob> blocked = new ArrayList<>();
    final List<ModelBatch> inFlight = new ArrayList<>();
    final Map<Long, ModelBatch> batches = new HashMap<>();

    /** Blocked callers that were let in or refused, to be collected. */
    final List<ModelJob> released = new ArrayList<>();

    /** Jobs that a shutdownNow ended and none has returned yet. */
    final List<ModelJob> abandoned = new ArrayList<>();

    private final Map<JobOutcome, Long> ended = new EnumMap<>(JobOutcome.class);
    private final Map<DispatchReason, Long> reasons = new EnumMap<>(DispatchReason.class);
    private long accepted;
    private long rejected;
    private long coalesced;
    private long unmatched;
    private long pendingWeight;
    private int pending;
    boolean closed;

    Model(Scenario scenario) {
        this.scenario = scenario;
    }

    int pending() {
        return pending;
    }

    boolean hasRoomFor(ModelJob job) {
        return blocked.isEmpty() && fits(job);
    }

    private boolean fits(ModelJob job) {
        return pending < scenario.maxPending() && job.weight <= scenario.maxPendingWeight() - pendingWeight;
    }

    // ---------------------------------------------------------------- what happens

    /** A job is offered. */
    void offer(ModelJob job, boolean mayWait, long now) {
        if (job.unweighable) {
            refuse(job, JobFailedException.class);
        } else if (closed) {
            refuse(job, BatcherClosedException.class);
        } else if (hasRoomFor(job)) {
            accept(job, now);
        } else if (mayWait && job.weight <= scenario.maxPendingWeight()) {
            job.state = State.BLOCKED;
            blocked.add(job);
        } else {
            refuse(job, BatcherFullException.class);
        }
    }

    private void accept(ModelJob job, long now) {
        job.acceptedNanos = now;
        accepted++;
        pending++;
        pendingWeight += job.weight;
        ModelGroup group = scenario.coalesces() ? newest.get(job.job.id()) : null;
        if (group != null && isOpen(group)) {
            coalesced++;
        } else {
            group = new ModelGroup();
            groups.add(group);
            newest.put(job.job.id(), group);
        }
        group.callers.add(job);
        job.group = group;
        if (group.batch == null) {
            job.state = State.WAITING;
            waiting.add(job);
        } else {
            job.state = State.IN_FLIGHT;
            job.dispatchedNanos = group.batch.dispatchedNanos;
        }
    }

    private boolean isOpen(ModelGroup group) {
        return !group.over && (group.batch == null || scenario.coalescing() == Coalescing.JOIN_IN_FLIGHT);
    }

    private void refuse(ModelJob job, Class<? extends Throwable> why) {
        job.state = State.REFUSED;
        job.refusal = why;
        rejected++;
    }

    /** A blocked caller was interrupted. */
    void giveUp(ModelJob job, long now) {
        blocked.remove(job);
        refuse(job, BatcherFullException.class);
        letIn(now);
    }

    /** Lets blocked callers in while there is room, the first come first. */
    void letIn(long now) {
        while (!blocked.isEmpty() && (closed || fits(blocked.get(0)))) {
            ModelJob job = blocked.remove(0);
            if (closed) {
                refuse(job, BatcherClosedException.class);
            } else {
                accept(job, now);
            }
            released.add(job);
        }
    }

    /** Ends all who are in a group. */
    private void end(ModelGroup group, Said said) {
        List.copyOf(group.callers).forEach(job -> end(job, said));
    }

    private void end(ModelJob job, Said said) {
        waiting.remove(job);
        job.group.callers.remove(job);
        if (job.group.callers.isEmpty()) {
            job.group.over = true;
            groups.remove(job.group);
        }
        job.state = State.ENDED;
        job.outcome = said.outcome();
        job.value = said.value();
        job.cause = said.cause();
        ended.merge(said.outcome(), 1L, Long::sum);
        pending--;
        pendingWeight -= job.weight;
    }

    void cancel(ModelJob job, long now) {
        end(job, new Said(JobOutcome.CANCELLED, null, null));
        letIn(now);
    }

    void flush() {
        groups.forEach(group -> group.flushed = true);
    }

    void close(long now) {
        closed = true;
        letIn(now);
    }

    void abort(long now) {
        close(now);
        for (ModelJob job : List.copyOf(waiting)) {
            end(job, new Said(JobOutcome.ABANDONED, null, null));
            abandoned.add(job);
        }
    }

    /** Ends what has been pending for too long. */
    void expire(long now) {
        if (scenario.timeoutNanos() != Scenario.FOREVER) {
            Said late = new Said(JobOutcome.TIMED_OUT, null, null);
            pendingJobs().stream()
                    .filter(job -> now - job.acceptedNanos >= scenario.timeoutNanos())
                    .forEach(job -> end(job, late));
        }
        letIn(now);
    }

    /** The processor answers one position while its batch runs. */
    void answer(ModelBatch batch, int position, Said said, long now) {
        if (batch.finished || position < 0 || position >= batch.jobs.size() || batch.answered.get(position)) {
            unmatched++;
            return;
        }
        batch.answered.set(position);
        ModelGroup group = batch.groups.get(position);
        if (!group.over) {
            end(group, said);
            batch.failedJobs += said.outcome() == JobOutcome.SUCCEEDED ? 0 : 1;
            letIn(now);
        }
    }

    /** The processor is done with a batch. */
    void finish(ModelBatch batch, Verdict verdict, long now) {
        assertThat(batch.finished).as("%s finishes twice", batch).isFalse();
        batch.finished = true;
        batch.failure = verdict.failure();
        inFlight.remove(batch);
        for (int i = 0; i < batch.groups.size(); i++) {
            ModelGroup group = batch.groups.get(i);
            if (!group.over) {
                Said said = verdict.at(i);
                end(group, said);
                batch.failedJobs += said.outcome() == JobOutcome.SUCCEEDED ? 0 : 1;
            }
        }
        unmatched += verdict.unmatched();
        letIn(now);
    }

    // ---------------------------------------------------------------- when a batch may leave, and when it must

    private long waitingWeight() {
        return groups.stream().mapToLong(group -> group.asked().weight).sum();
    }

    private boolean isDue(long now) {
        return closed
                || !blocked.isEmpty()
                || groups.get(0).flushed // what was flushed is always at the head
                || scenario.natural()
                || now - waiting.get(0).acceptedNanos >= scenario.cycleNanos();
    }

    /**
     * How many workers must be on their way now if there are slots for them: one for each full batch, and one if the
     * oldest job is due. (The worker that comes looks after the rest.) With weights, one if there is any reason.
     */
    int ripe(long now) {
        if (waiting.isEmpty()) {
            return 0;
        }
        int full = groups.size() / scenario.batchSize();
        if (scenario.weighed()) {
            full = full > 0 || waitingWeight() >= scenario.maxBatchWeight() ? 1 : 0;
        }
        return full == 0 && isDue(now) ? 1 : full;
    }

    int freeSlots() {
        return scenario.slots() - inFlight.size();
    }

    /** When something must happen by itself next, if nothing else does: an age or a deadline. */
    long nextMoment(long now) {
        long moment = Scenario.FOREVER;
        if (!waiting.isEmpty() && scenario.cycleNanos() != Scenario.FOREVER) {
            moment = later(now, waiting.get(0).acceptedNanos + scenario.cycleNanos());
        }
        if (scenario.timeoutNanos() != Scenario.FOREVER) {
            for (ModelJob job : pendingJobs()) {
                moment = Math.min(moment, later(now, job.acceptedNanos + scenario.timeoutNanos()));
            }
        }
        return moment;
    }

    private static long later(long now, long moment) {
        return moment > now ? moment : Scenario.FOREVER;
    }

    List<ModelJob> pendingJobs() {
        List<ModelJob> jobs = new ArrayList<>(waiting);
        for (ModelBatch batch : inFlight) {
            batch.groups.forEach(group -> jobs.addAll(group.callers));
        }
        return jobs;
    }

    /** Slots have taken batches since the model last looked: what must be in them follows from what waited. */
    void follow(long taken, long now) {
        while (batches.size() < taken) {
            assertThat(freeSlots()).as("R3.1: a batch was taken without a slot").isPositive();
            assertThat(waiting)
                    .as("R2.5: a batch was taken while nothing waited")
                    .isNotEmpty();
            assertThat(ripe(now))
                    .as("a batch left that was not due: %s", waiting)
                    .isPositive();
            boolean flushing = groups.get(0).flushed;
            List<ModelGroup> jobs = new ArrayList<>();
            long weight = 0;
            boolean fullByWeight = false;
            while (!groups.isEmpty() && jobs.size() < scenario.batchSize() && !fullByWeight) {
                long next = groups.get(0).asked().weight;
                if (!jobs.isEmpty() && weight + next > scenario.maxBatchWeight()) {
                    fullByWeight = true;
                } else {
                    weight += next;
                    fullByWeight = weight >= scenario.maxBatchWeight();
                    jobs.add(groups.remove(0));
                }
            }
            DispatchReason reason = reason(jobs.size(), fullByWeight, flushing);
            reasons.merge(reason, 1L, Long::sum);
            ModelBatch batch = new ModelBatch(batches.size() + 1L, List.copyOf(jobs), reason, now);
            batches.put(batch.id, batch);
            inFlight.add(batch);
            for (ModelGroup group : jobs) {
                group.batch = batch;
                for (ModelJob job : group.callers) {
                    job.state = State.IN_FLIGHT;
                    job.dispatchedNanos = now;
                    waiting.remove(job);
                }
            }
        }
    }

    private DispatchReason reason(int size, boolean fullByWeight, boolean flushing) {
        if (size == scenario.batchSize()) {
            return DispatchReason.SIZE;
        } else if (fullByWeight) {
            return DispatchReason.WEIGHT;
        } else if (closed) {
            return DispatchReason.CLOSE;
        } else if (flushing) {
            return DispatchReason.FLUSH;
        } else if (!blocked.isEmpty()) {
            return DispatchReason.PRESSURE;
        }
        return scenario.natural() ? DispatchReason.IDLE : DispatchReason.AGE;
    }

    /** The batcher's books must say what the model's do (R1.8, R3.4). */
    void checkBooks(BatcherStats stats) {
        boolean same = stats.accepted() == accepted
                && stats.waiting() == waiting.size()
                && stats.inFlight() == pending - waiting.size()
                && stats.inFlightBatches() == inFlight.size()
                && stats.blocked() == blocked.size()
                && stats.rejected() == rejected
                && stats.coalesced() == coalesced
                && stats.unmatched() == unmatched;
        for (JobOutcome outcome : JobOutcome.values()) {
            same &= stats.jobs(outcome) == ended.getOrDefault(outcome, 0L);
        }
        for (DispatchReason reason : DispatchReason.values()) {
            same &= stats.batches(reason) == reasons.getOrDefault(reason, 0L);
        }
        if (!same) {
            throw new AssertionError("the books differ from the model:\n  batcher " + stats + "\n  model   " + this);
        }
    }

    @Override
    public String toString() {
        return "Model[accepted=" + accepted + ", jobs=" + ended + ", rejected=" + rejected + ", coalesced=" + coalesced
                + ", unmatched=" + unmatched
                + ", batches=" + reasons + ", waiting=" + waiting.size() + ", inFlight=" + (pending - waiting.size())
                + ", inFlightBatches=" + inFlight.size() + ", blocked=" + blocked.size() + "]";
    }
}
