package io.microbatcher.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.microbatcher.Job;
import io.microbatcher.JobOutcome;
import io.microbatcher.model.ModelJob.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What may be done to a batcher, and what the model says about it. */
final class Actions {
    private final Simulation simulation;
    private final Model model;
    private final SplittableRandom random;
    private final ChannelActions channels;
    private final List<ModelJob> cancellable = new ArrayList<>();
    private int jobs;

    Actions(Simulation simulation) {
        this.simulation = simulation;
        this.model = simulation.model;
        this.random = simulation.random;
        this.channels = new ChannelActions(simulation);
    }

    /** Does one thing, whatever the seed says. */
    void act() {
        if (!simulation.spend()) {
            return;
        }
        int what = random.nextInt(100);
        if (what < 30) {
            submit();
        } else if (what < 34) {
            boolean many = !simulation.isNested()
                    && random.nextInt(12) == 0; // enough for the dead among the waiting to be swept away
            for (int i = random.nextInt(many ? 150 : 12); i > 0; i--) {
                submit();
            }
            if (many && random.nextBoolean()) {
                flush();
            }
            for (int i = random.nextInt(many ? 200 : 1); i > 0; i--) {
                cancel();
            }
        } else if (what < 41) {
            cancel();
        } else if (what < 45) {
            flush();
        } else if (what < 49) {
            drain();
        } else if (what < 67) {
            simulation.executor.runOne();
        } else if (what < 80) {
            advance();
        } else if (what < 86) {
            simulation.processor.completeStage();
        } else if (what < 88) {
            simulation.processor.answerLate();
        } else if (what < 96) {
            channels.act();
        } else if (what < 97) {
            simulation.blockedCallers.interruptOne();
        } else if (random.nextInt(4) == 0) {
            close();
        }
    }

    // ---------------------------------------------------------------- submitting

    ModelJob newJob(@Nullable ModelChannel channel) {
        int number = jobs++;
        Object id = random.nextInt(simulation.scenario.coalesces() ? 2 : 4) == 0
                ? "id" + random.nextInt(3)
                : number; // some share one
        boolean weighed = simulation.scenario.weighed();
        long weight = weighed ? random.nextLong(6) : 1;
        boolean unweighable = weighed && random.nextInt(20) == 0;
        return simulation.add(new ModelJob(new Job<>(id, number), unweighable ? 0 : weight, unweighable, channel));
    }

    /** The weigher. What comes after it has returned is that the job is accepted, or not. */
    long weigh(Job<Integer> weighed) {
        ModelJob job = simulation.find(weighed);
        if (!simulation.isElsewhere()) {
            // or what happens here could make the caller block, or fill the channel in which the job has no place yet
            if (!simulation.scenario.blocks() && job.channel == null) {
                simulation.event(false, "weigh", job, () -> {});
            }
            offered(job);
        }
        if (job.unweighable) {
            throw new IllegalArgumentException("cannot be weighed: " + job);
        }
        return job.weight;
    }

    private void offered(ModelJob job) {
        if (job.channel != null && job.channel.closed) {
            job.state = State.WITHDRAWN;
        } else {
            simulation.arm(() -> model.offer(job, false, simulation.time.nanos()));
        }
    }

    /** About to call a method that accepts a job. */
    void offering(ModelJob job) {
        if (!simulation.scenario.weighed()) {
            offered(job);
        }
    }

    /** Whether submitting this job would make its caller wait. */
    boolean wouldBlock(ModelJob job) {
        return simulation.scenario.blocks()
                && !simulation.isFramed()
                && !job.unweighable
                && !model.closed
                && job.weight <= simulation.scenario.maxPendingWeight()
                && !model.hasRoomFor(job);
    }

    private void submit() {
        ModelJob job = newJob(null);
        simulation.note("submit %s weighing %s", job, job.weight);
        if (!wouldBlock(job)) {
            offering(job);
            CompletableFuture<Object> future = simulation.batcher.submit(job.job);
            simulation.sync();
            returned(job, future);
        } else if (simulation.blockedCallers.mayBlockOneMore()) {
            simulation.note("   its caller waits for room");
            simulation.blockedCallers.submit(job);
        } else {
            simulation.forget(job);
        }
    }

    /** A submit has returned. */
    void returned(ModelJob job, CompletableFuture<Object> future) {
        job.future = future;
        cancellable.add(job);
        simulation.events.watch(job, future);
    }

    // ---------------------------------------------------------------- taking back

    private void cancel() {
        if (cancellable.isEmpty()) {
            return;
        }
        int index = random.nextInt(cancellable.size());
        ModelJob job = cancellable.get(index);
        boolean pending = job.isPending();
        boolean outside = random.nextInt(4) == 0;
        simulation.note("%s %s", outside ? "complete from outside" : "cancel", job);
        if (pending) {
            model.cancel(job, simulation.time.nanos());
            job.completedFromOutside = outside;
            job.value = outside ? "outside" : null;
        }
        boolean done = outside ? job.future.complete("outside") : job.future.cancel(true);
        if (pending || outside || job.outcome != JobOutcome.CANCELLED) {
            assertThat(done).as("R1.6: %s was taken back", job).isEqualTo(pending);
        }
        simulation.sync();
        if (!simulation.isNested()) {
            cancellable.removeIf(known -> known.isOver() && known.future.isDone());
        }
    }

    // ---------------------------------------------------------------- time, flush, drain

    private void advance() {
        Duration span = simulation.scenario.span(random);
        simulation.note("advance %s", span);
        if (!simulation.isNested()) { // stop at each moment at which something must have happened
            long target = simulation.time.nanos() + span.toNanos();
            long now = simulation.time.nanos();
            for (long at = model.nextMoment(now); at <= target; at = model.nextMoment(now)) {
                simulation.time.advance(Duration.ofNanos(at - now));
                simulation.note("   a moment");
                simulation.checkStill();
                now = simulation.time.nanos();
            }
            span = Duration.ofNanos(Math.max(0, target - now));
        }
        simulation.time.advance(span);
    }

    private void flush() {
        simulation.note("flush");
        model.flush();
        simulation.batcher.flush();
    }

    private void drain() {
        simulation.note("drain");
        model.flush();
        List<ModelJob> before = model.pendingJobs();
        cancellable.stream().filter(Actions::isAboutToBeTold).forEach(before::add);
        CompletableFuture<?> drained = simulation.batcher.drain();
        simulation.sync();
        simulation.events.promise("R2.6: drain", drained, () -> before.stream().allMatch(Actions::isKnownToBeOver));
    }

    private static boolean isKnownToBeOver(ModelJob job) {
        return job.isOver() && (job.future == null || job.future.isDone());
    }

    /** Whether it has ended in the books, but its caller does not know yet. One that is taken back knows anyway. */
    private static boolean isAboutToBeTold(ModelJob job) {
        return job.state == State.ENDED && job.outcome != JobOutcome.CANCELLED && !job.future.isDone();
    }

    // ---------------------------------------------------------------- closing

    void shutdown() {
        simulation.note("shutdown");
        model.close(simulation.time.nanos());
        CompletableFuture<?> over = simulation.batcher.shutdown();
        simulation.sync();
        simulation.events.promise(
                "R4.1: shutdown",
                over,
                () -> model.pending() == 0 && cancellable.stream().noneMatch(Actions::isAboutToBeTold));
    }

    private void close() {
        int how = random.nextInt(4);
        if (how == 0) {
            simulation.note("shutdownNow");
            model.abort(simulation.time.nanos());
            List<Job<Integer>> never = simulation.batcher.shutdownNow();
            simulation.sync();
            assertThat(never.stream().map(simulation::find))
                    .as("R4.3: jobs that never reached the processor")
                    .containsExactlyElementsOf(model.abandoned);
            model.abandoned.clear();
            simulation.processor.checkAllWereAskedToStop();
        } else if (how == 1 && simulation.isFramed()) { // it must not wait for its own thread
            simulation.note("close");
            model.close(simulation.time.nanos());
            simulation.batcher.close();
        } else {
            shutdown();
        }
    }

    /** What a processor may not do: wait for its own slot. */
    void runInsideProcessor() {
        assertThatThrownBy(() -> simulation.batcher.run(new Job<>("never", -1)))
                .isInstanceOf(IllegalStateException.class);
    }

    void checkStill() {
        channels.checkStill();
    }
}
