package io.microbatcher.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.microbatcher.BatcherFullException;
import io.microbatcher.Job;
import io.microbatcher.ResultChannel.Result;
import io.microbatcher.model.ModelJob.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** What may be done to channels, and what the model says about it. */
final class ChannelActions {
    private final Simulation simulation;
    private final SplittableRandom random;
    private final List<ModelChannel> channels = new ArrayList<>();

    ChannelActions(Simulation simulation) {
        this.simulation = simulation;
        this.random = simulation.random;
    }

    void act() {
        if (channels.isEmpty() || random.nextInt(20) == 0) {
            int capacity = 1 + random.nextInt(6);
            simulation.note("open a channel for %s", capacity);
            channels.add(new ModelChannel(simulation.batcher.openChannel(capacity), capacity));
        }
        ModelChannel channel = channels.get(random.nextInt(channels.size()));
        int what = random.nextInt(20);
        if (what < 5) {
            submit(channel);
        } else if (what < 10) {
            trySubmit(channel);
        } else if (what < 18) {
            poll(channel);
        } else if (what == 18) {
            simulation.note("half-close a channel");
            channel.halfClosed = true;
            channel.channel.halfClose();
        } else {
            close(channel);
        }
    }

    private void submit(ModelChannel channel) {
        ModelJob job = simulation.actions.newJob(channel);
        if (channel.halfClosed) {
            simulation.forget(job);
            assertThatThrownBy(() -> channel.channel.submit(job.job)).isInstanceOf(IllegalStateException.class);
        } else if (channel.isFull()) {
            simulation.forget(job);
            if (simulation.isFramed()) { // elsewhere it would wait
                assertThatThrownBy(() -> channel.channel.submit(job.job)).isInstanceOf(BatcherFullException.class);
            }
        } else if (simulation.actions.wouldBlock(job)) {
            simulation.forget(job);
        } else {
            simulation.note("submit %s", job);
            channel.inside.add(job);
            simulation.actions.offering(job);
            try {
                channel.channel.submit(job.job);
            } catch (InterruptedException wrong) {
                throw new AssertionError("R1.6: a submit that had nothing to wait for", wrong);
            }
            simulation.sync();
        }
    }

    private void trySubmit(ModelChannel channel) {
        ModelJob job = simulation.actions.newJob(channel);
        if (channel.halfClosed) {
            simulation.forget(job);
            assertThatThrownBy(() -> channel.channel.trySubmit(job.job)).isInstanceOf(IllegalStateException.class);
        } else if (channel.isFull()) {
            simulation.forget(job);
            assertThat(channel.channel.trySubmit(job.job)).isFalse();
        } else {
            simulation.note("try to submit %s", job);
            channel.inside.add(job);
            simulation.actions.offering(job);
            boolean submitted = channel.channel.trySubmit(job.job);
            simulation.sync();
            boolean full = job.state == State.REFUSED && job.refusal == BatcherFullException.class;
            assertThat(submitted).as("%s was submitted", job).isEqualTo(!full && job.state != State.WITHDRAWN);
            if (full) {
                channel.inside.remove(job);
            }
        }
    }

    private void poll(ModelChannel channel) {
        Result<Job<Integer>, Object> result;
        if (random.nextBoolean()) {
            result = channel.channel.poll();
        } else {
            try {
                result = channel.channel.poll(Duration.ZERO);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return;
            }
        }
        simulation.note("poll: %s", result);
        if (result != null) {
            ModelJob job = simulation.find(result.job());
            assertThat(channel.inside.remove(job))
                    .as("%s was in the channel", job)
                    .isTrue();
            assertThat(job.taken).as("%s was taken before", job).isFalse();
            job.taken = true;
            job.checkSeen(result.value(), result.failure());
        } else if (!simulation.isNested()) {
            assertThat(channel.inside).as("results that have not arrived").noneMatch(ModelJob::isOver);
        }
    }

    private void close(ModelChannel channel) {
        simulation.note("close a channel with %s", channel.inside);
        channel.halfClosed = true;
        channel.closed = true;
        List<ModelJob> orphans = List.copyOf(channel.inside);
        channel.inside.clear();
        // its jobs are cancelled in no particular order: look when all of them are
        simulation.quietly(() -> {
            channel.channel.close();
            orphans.stream()
                    .filter(ModelJob::isPending)
                    .forEach(job -> simulation.model.cancel(job, simulation.time.nanos()));
        });
        simulation.sync();
    }

    void checkStill() {
        for (ModelChannel channel : channels) {
            assertThat(channel.channel.isFinished()).as("a channel is finished").isEqualTo(channel.isFinished());
        }
    }
}
