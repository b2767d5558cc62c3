package io.microbatcher.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.microbatcher.BatchListener;
import io.microbatcher.JobOutcome;
import io.microbatcher.model.ModelJob.State;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Checks what the batcher tells: its listener, the futures of jobs, and the futures of drains and closes. */
final class Events implements BatchListener {
    private final Simulation simulation;
    private final Model model;
    private final List<Promise> promises = new ArrayList<>();
    private int unmatchedEvents;

    /** A future that completes as soon as something holds, and not before. */
    private record Promise(CompletableFuture<?> future, BooleanSupplier holds, String what) {}

    Events(Simulation simulation) {
        this.simulation = simulation;
        this.model = simulation.model;
    }

    // ---------------------------------------------------------------- the listener

    @Override
    public void accepted(Object accepted) {
        ModelJob job = simulation.find(accepted);
        simulation.event(false, "accepted", job, () -> {
            assertThat(job.state).as("%s", job).isNotIn(State.NEW, State.BLOCKED, State.REFUSED, State.WITHDRAWN);
            assertThat(++job.acceptedEvents).as("R1.1: %s accepted", job).isOne();
        });
        maybeThrow();
    }

    @Override
    public void rejected(Object rejected, RuntimeException why) {
        ModelJob job = simulation.find(rejected);
        simulation.event(false, "rejected", job, () -> {
            assertThat(job.state).as("%s was rejected: %s", job, why).isEqualTo(State.REFUSED);
            assertThat(why).isInstanceOf(job.refusal);
            assertThat(++job.rejectedEvents).as("%s rejected", job).isOne();
        });
        maybeThrow();
    }

    @Override
    public void dispatched(BatchInfo info) {
        simulation.event(true, "dispatched", info, () -> {
            model.follow(info.id(), simulation.time.nanos());
            ModelBatch batch = model.batches.get(info.id());
            long oldest = batch.dispatchedNanos - batch.oldestNanos;
            assertThat(info).isEqualTo(new BatchInfo(batch.id, batch.jobs.size(), batch.weight, batch.reason, oldest));
        });
        simulation.processor.isNext(model.batches.get(info.id()));
        maybeThrow();
    }

    @Override
    public void completed(BatchInfo info, long nanos, int failedJobs) {
        simulation.event(true, "completed", info, () -> {
            ModelBatch batch = ended(info);
            assertThat(batch.failure).as("%s failed", batch).isNull();
            assertThat(failedJobs).as("failed jobs of %s", batch).isEqualTo(batch.failedJobs);
        });
        maybeThrow();
    }

    @Override
    public void failed(BatchInfo info, long nanos, Throwable cause) {
        simulation.event(true, "failed", info, () -> {
            ModelBatch batch = ended(info);
            if (batch.failure instanceof ModelJob.AnyNullPointer) {
                assertThat(cause).isInstanceOf(NullPointerException.class);
            } else {
                assertThat(cause).as("%s", batch).isSameAs(batch.failure);
            }
        });
        maybeThrow();
    }

    private ModelBatch ended(BatchInfo info) {
        ModelBatch batch = model.batches.get(info.id());
        assertThat(batch.finished).as("%s is over", batch).isTrue();
        assertThat(++batch.endEvents).as("ends of %s", batch).isOne();
        return batch;
    }

    @Override
    public void ended(Object endedJob, JobOutcome outcome, long waitNanos, long totalNanos) {
        ModelJob job = simulation.find(endedJob);
        simulation.event(false, "ended", job, () -> {
            assertThat(job.state).as("R1.8: %s is over", job).isEqualTo(State.ENDED);
            assertThat(outcome).as("%s", job).isEqualTo(job.outcome);
            assertThat(++job.endedEvents).as("R1.1: ends of %s", job).isOne();
            if (job.dispatchedNanos >= 0) {
                assertThat(waitNanos)
                        .as("wait of %s", job)
                        .isEqualTo(Math.max(0, job.dispatchedNanos - job.acceptedNanos));
            }
            assertThat(totalNanos).as("total of %s", job).isGreaterThanOrEqualTo(waitNanos);
        });
        maybeThrow();
    }

    @Override
    public void unmatched(BatchInfo batch, @Nullable Object result) {
        simulation.event(false, "unmatched", result, () -> unmatchedEvents++);
        maybeThrow();
    }

    private void maybeThrow() {
        if (simulation.scenario.listenerThrows()) {
            throw new IllegalStateException("a listener that fails");
        }
    }

    // ---------------------------------------------------------------- futures

    /** Watches what a caller is given. */
    void watch(ModelJob job, CompletableFuture<Object> future) {
        future.whenComplete((value, failure) -> simulation.event(false, "told", job, () -> {
            assertThat(++job.completions).as("R1.1: completions of %s", job).isOne();
            job.checkSeen(value, failure);
        }));
    }

    /** Watches a future that is to complete exactly when something holds. */
    void promise(String what, CompletableFuture<?> future, BooleanSupplier holds) {
        promises.add(new Promise(future, holds, what));
        future.whenComplete((nothing, failure) -> simulation.event(false, "completes:", what, () -> {
            assertThat(failure).as("%s", what).isNull();
            assertThat(holds.getAsBoolean()).as("%s completes too early", what).isTrue();
        }));
    }

    void checkStill() {
        for (Promise promise : promises) {
            assertThat(promise.future().isDone())
                    .as("%s is complete", promise.what())
                    .isEqualTo(promise.holds().getAsBoolean());
        }
        promises.removeIf(promise -> promise.future().isDone());
    }

    // ---------------------------------------------------------------- the end

    void checkBalance(ModelJob job) {
        boolean ended = job.state == State.ENDED;
        assertThat(job.acceptedEvents).as("accepted events of %s", job).isEqualTo(ended ? 1 : 0);
        assertThat(job.endedEvents).as("ended events of %s", job).isEqualTo(ended ? 1 : 0);
        assertThat(job.rejectedEvents).as("rejected events of %s", job).isEqualTo(job.state == State.REFUSED ? 1 : 0);
        if (job.channel == null) {
            assertThat(job.completions).as("completions of %s", job).isOne();
        }
    }

    void checkBalance() {
        model.batches
                .values()
                .forEach(batch ->
                        assertThat(batch.endEvents).as("ends of %s", batch).isOne());
        assertThat(unmatchedEvents).as("unmatched events").isEqualTo((int)
                simulation.batcher.stats().unmatched());
        assertThat(promises).as("drains and closes that never complete").isEmpty();
    }
}
