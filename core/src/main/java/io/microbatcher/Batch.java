package io.microbatcher;

import io.microbatcher.BatchListener.BatchInfo;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Jobs that share one call of the processor, from the moment that a slot takes them until each has its result.
 *
 * <p>The chain of jobs never changes once the batch is dispatched, so that a job's position is fixed; a job that ended
 * early stays in it, with another {@link PendingJob#place}. The mutable rest is guarded by the board's lock.
 */
final class Batch<J, R extends @Nullable Object> extends Place<J, R> {
    /** Where its jobs come from. */
    final Lane<J, R> lane;

    private @Nullable PendingJob<J, R> first;
    private @Nullable PendingJob<J, R> last;
    private int size;
    private int callers;
    private long weight;
    private double acceptedNanos;
    private long oldestNanos = Nanos.FOREVER;
    private boolean fullByWeight;
    private @Nullable BatchInfo info;

    /** Whether listeners know that it has left; null where its end cannot overtake that. */
    private @Nullable AtomicBoolean told;

    /** When a slot took it. */
    long dispatchedNanos;

    /** When the processor was done with it. */
    long finishedNanos;

    /** Whether the processor is done with it: the slot is free, and whatever is answered now comes too late. */
    boolean finished;

    /** Whether it was over before the processor was done with it, because its time was. */
    boolean timedOut;

    /** Whether the processor has come back with it after it had timed out. */
    boolean cameLate;

    /** Whether its worker, having found nothing to do after it, lingers. */
    boolean lingers;

    /** The jobs, by position, that had ended otherwise when the processor was done. */
    private @Nullable BitSet lost;

    /** The jobs, by position, that were answered while the batch ran. */
    private @Nullable BitSet answered;

    /** How many of its jobs the processor failed or gave no result. */
    int failedJobs;

    /** What it is a part of, if jobs that spoil a batch are looked for. */
    @Nullable
    Bisection<J, R> bisection;

    /** The jobs, by position, that failed while it runs and are tried again after it; null without retries. */
    @Nullable
    Map<Integer, Throwable> kept;

    /** How many of its jobs are tried again, for how many callers, why, and the others by position. Written by the thread that ends it. */
    int triedAgain;

    int callersTriedAgain;

    @Nullable
    Throwable triedAgainFor;

    @Nullable
    List<@Nullable PendingJob<J, R>> others;

    /** The thread that is in the processor, while it may be interrupted. */
    @Nullable
    Thread runner;

    /** Who is about to interrupt the runner, which must not go on before they have; null for nobody ever. */
    private @Nullable Deque<CountDownLatch> interrupters;

    /** Whether it was told to stop, by whatever means it has. */
    boolean stopped;

    /** Whether its runner was interrupted for that. */
    boolean interrupted;

    @Nullable
    CompletionStage<?> stage;

    /** Completes when all callers have their results; made only if somebody asks. */
    private @Nullable CompletableFuture<@Nullable Void> landing;

    /** Where its worker lets the results be copied to; null where there is no such place. */
    @Nullable
    Object @Nullable [] room;

    /** What a flight recording will say about it, if there is one. */
    private @Nullable BatchEvent event;

    /** Neighbours in the list of batches whose jobs have not all got their results. */
    @Nullable
    Batch<J, R> before;

    @Nullable
    Batch<J, R> after;

    Batch(Lane<J, R> lane) {
        super(lane.dispatcher);
        this.lane = lane;
    }

    boolean fits(PendingJob<J, R> job, long maxWeight) {
        if (size > 0 && job.weight() > maxWeight - weight) {
            fullByWeight = true;
        }
        return !fullByWeight;
    }

    void add(PendingJob<J, R> job, long maxWeight) {
        job.taken(this);
        if (last == null) {
            first = job;
        } else {
            last.next = job;
        }
        last = job;
        size++;
        callers += job.callers();
        weight += job.weight();
        acceptedNanos += job.acceptedNanos;
        oldestNanos = Math.min(oldestNanos, job.acceptedNanos);
        fullByWeight = weight >= maxWeight;
    }

    /** Takes a chain of jobs, each of which weighs 1. */
    void fill(PendingJob<J, R> chain, int jobs, double sumOfAcceptedNanos) {
        first = chain;
        size = jobs;
        callers = jobs;
        weight = jobs;
        acceptedNanos = sumOfAcceptedNanos;
        oldestNanos = chain.acceptedNanos;
    }

    void dispatched(long id, DispatchReason reason, long nowNanos) {
        dispatchedNanos = nowNanos;
        runner = dispatcher.settings.batchesTimeOut() ? null : Thread.currentThread(); // else as late as possible
        info = new BatchInfo(id, size, weight, reason, Math.max(0, nowNanos - oldestNanos));
        boolean overtakes = dispatcher.settings.batchesTimeOut()
                && dispatcher.settings.watch().on();
        told = overtakes ? new AtomicBoolean() : null;
    }

    /** Tells listeners, once, that it has left: its worker does, or whoever ends it before that has come so far. */
    void tellDispatched() {
        if (told == null || told.compareAndSet(false, true)) {
            dispatcher.settings.watch().dispatched(info());
        }
    }

    int size() {
        return size;
    }

    /** How many callers its jobs have had. */
    int callers() {
        return callers;
    }

    /** A caller has joined one of its jobs. */
    void joined() {
        callers++;
    }

    /** How long its jobs have been pending, together. */
    double sojournNanos(long nowNanos) {
        return (double) nowNanos * size - acceptedNanos;
    }

    boolean isFullByWeight() {
        return fullByWeight;
    }

    BatchInfo info() {
        return Objects.requireNonNull(info, "not dispatched yet");
    }

    /** The first job; the others follow by {@code next}. */
    @Nullable
    PendingJob<J, R> first() {
        return first;
    }

    /** A list for the processor to keep (R5.2). */
    List<J> jobs() {
        boolean coalesced = dispatcher.settings.coalesces();
        List<J> jobs = new ArrayList<>(size);
        for (PendingJob<J, R> job = first; job != null; job = job.next) {
            jobs.add(coalesced ? job.asked() : job.job);
        }
        return jobs;
    }

    /** Its processor is about to be called. */
    void recordBegin() {
        event = BatchEvent.begun();
    }

    /** Its processor is done, and others may run on this thread from now on. */
    void recordEnd() {
        if (event != null) {
            event.end();
        }
    }

    void record() {
        if (event != null) {
            event.commit(this);
        }
    }

    void lost(int position) {
        if (lost == null) {
            lost = new BitSet(size);
        }
        lost.set(position);
    }

    /** Whether the job at this position gets its result from the end of the batch. Read by the thread that ended it. */
    boolean isOwed(int position) {
        return lost == null || !lost.get(position);
    }

    /** Notes the answer to a position while the batch runs: whether it is the first one. */
    boolean firstAnswer(int position) {
        if (answered == null) {
            answered = new BitSet(size);
        }
        boolean first = !answered.get(position);
        answered.set(position);
        return first;
    }

    /** What a job failed with while the batch runs, if it is to be tried again. */
    @Nullable
    Throwable kept(int position) {
        return kept == null ? null : kept.get(position);
    }

    /** Whether the job at this position was not answered while the batch ran. */
    boolean isOpen(int position) {
        return answered == null || !answered.get(position);
    }

    /** A job has failed that is to be tried again after this batch. */
    void keep(int position, Throwable cause) {
        Objects.requireNonNull(kept, "only of a batcher that retries").put(position, cause);
    }

    /** Counts those of its jobs that are tried again. */
    void areTriedAgain(Throwable cause) {
        for (PendingJob<J, R> job = first; job != null; job = job.next) {
            if (job.place instanceof Rerun<?, ?>) {
                triedAgain++;
                callersTriedAgain += job.callers();
            }
        }
        triedAgainFor = triedAgain > 0 ? cause : null;
    }

    /** Those that are tried again have left: their links are for other lists from now on. */
    void letGoOfThoseTriedAgain() {
        List<@Nullable PendingJob<J, R>> rest = new ArrayList<>(size);
        PendingJob<J, R> job = first;
        while (job != null) {
            PendingJob<J, R> behind = job.next;
            job.next = null;
            rest.add(job.place instanceof Rerun<?, ?> ? null : job);
            job = behind;
        }
        others = rest;
        dissolve();
    }

    /** One thread more is about to interrupt the runner: what it counts down when it has. */
    CountDownLatch isToBeInterrupted() {
        CountDownLatch interrupter = new CountDownLatch(1);
        interrupters = interrupters == null ? new ArrayDeque<>(1) : interrupters;
        interrupters.add(interrupter);
        return interrupter;
    }

    /** Somebody who is about to interrupt the runner; null if nobody is. */
    @Nullable
    CountDownLatch interrupter() {
        while (interrupters != null && !interrupters.isEmpty()) {
            CountDownLatch interrupter = interrupters.element();
            if (interrupter.getCount() > 0) {
                return interrupter;
            }
            interrupters.remove();
        }
        return null;
    }

    CompletableFuture<@Nullable Void> landing() {
        if (landing == null) {
            landing = new CompletableFuture<>();
        }
        return landing;
    }

    /** What waits for the results to be delivered, if anything does. */
    @Nullable
    CompletableFuture<@Nullable Void> awaitedLanding() {
        return landing;
    }

    /** Forgets the jobs: callers that keep their futures keep no neighbours alive. */
    void dissolve() {
        first = null;
        last = null;
    }

    /** Takes the chain apart, after a time-out; nobody follows it any more. */
    void untie() {
        PendingJob<J, R> job = first;
        dissolve();
        while (job != null) {
            PendingJob<J, R> following = job.next;
            job.next = null;
            job = following;
        }
    }

    /** Ties the end of the batch to a stage: the slot stays taken until it completes. */
    void endsWith(CompletionStage<? extends List<R>> stage) {
        if (dispatcher.completion.tie(this, stage)) {
            stop(stage);
        }
        stage.whenComplete((results, thrown) -> {
            Verdicts verdicts;
            try {
                verdicts = thrown == null
                        ? Verdicts.byPosition(results, size)
                        : Verdicts.failed(Failures.unwrapped(thrown));
            } catch (Throwable misbehaved) { // the list is the user's
                verdicts = Verdicts.failed(misbehaved);
            }
            Delivery.end(this, verdicts);
        });
    }

    /** Asks a stage to stop, if it can be asked. */
    static void stop(CompletionStage<?> stage) {
        try {
            stage.toCompletableFuture().cancel(true);
        } catch (Throwable cannot) {
            // Cancelling is optional for a stage; its batch then ends when it ends.
        }
    }
}
