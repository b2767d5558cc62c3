package io.microbatcher.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.microbatcher.BatcherClosedException;
import io.microbatcher.Job;
import io.microbatcher.JobFailedException;
import io.microbatcher.JobOutcome;
import io.microbatcher.MissingResultException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A job as the model sees it, and what its caller has seen of it. */
final class ModelJob {
    enum State {
        NEW,
        BLOCKED,
        WAITING,
        IN_FLIGHT,
        ENDED,
        REFUSED,
        /** Its channel was closed before it was accepted: as if it had never been. */
        WITHDRAWN
    }

    final Job<Integer> job;
    final long weight;

    /** Whether the weigher throws for it. */
    final boolean unweighable;

    final @Nullable ModelChannel channel;

    State state = State.NEW;
    long acceptedNanos;
    long dispatchedNanos = -1;

    @Nullable
    ModelGroup group;

    /** Set once it ended. */
    @Nullable
    JobOutcome outcome;

    @Nullable
    Object value;

    @Nullable
    Throwable cause;

    /** What it was refused with, if it was. */
    @Nullable
    Class<? extends Throwable> refusal;

    /** Whether its caller completed it with {@link #value} instead of cancelling it. */
    boolean completedFromOutside;

    @Nullable
    CompletableFuture<Object> future;

    int acceptedEvents;
    int rejectedEvents;
    int endedEvents;
    int completions;
    boolean taken;

    ModelJob(Job<Integer> job, long weight, boolean unweighable, @Nullable ModelChannel channel) {
        this.job = job;
        this.weight = weight;
        this.unweighable = unweighable;
        this.channel = channel;
    }

    boolean isPending() {
        return state == State.WAITING || state == State.IN_FLIGHT;
    }

    boolean isOver() {
        return state == State.ENDED || state == State.REFUSED;
    }

    /** What the caller was given must be what the model says (R1.2, R1.3, R1.4, R1.7). */
    void checkSeen(@Nullable Object seenValue, @Nullable Throwable seenFailure) {
        assertThat(isOver())
                .as("%s: the caller knows before the books do", this)
                .isTrue();
        if (state == State.REFUSED) {
            assertThat(seenFailure).as("%s", this).isInstanceOf(refusal);
            return;
        }
        switch (outcome) {
            case SUCCEEDED -> {
                assertThat(seenFailure).as("%s", this).isNull();
                assertThat(seenValue).as("%s", this).isEqualTo(value);
            }
            case FAILED -> {
                assertThat(seenFailure).as("%s", this).isExactlyInstanceOf(JobFailedException.class);
                if (cause instanceof AnyNullPointer) {
                    assertThat(seenFailure).as("%s", this).hasCauseInstanceOf(NullPointerException.class);
                } else {
                    assertThat(seenFailure.getCause()).as("%s", this).isSameAs(cause);
                }
            }
            case MISSING -> assertThat(seenFailure).as("%s", this).isExactlyInstanceOf(MissingResultException.class);
            case CANCELLED -> {
                if (completedFromOutside) {
                    assertThat(seenValue).as("%s", this).isEqualTo(value);
                } else {
                    assertThat(seenFailure).as("%s", this).isInstanceOf(CancellationException.class);
                }
            }
            case TIMED_OUT ->
                assertThat(seenFailure)
                        .as("%s", this)
                        .isExactlyInstanceOf(JobFailedException.class)
                        .hasCauseInstanceOf(TimeoutException.class);
            case ABANDONED -> assertThat(seenFailure).as("%s", this).isInstanceOf(BatcherClosedException.class);
        }
    }

    @Override
    public String toString() {
        return "job " + job.param() + " (" + (outcome == null ? state : outcome)
                + (channel == null ? "" : ", of a channel") + ")";
    }

    /** Stands for the exception that the batcher makes itself when a processor gives null for everything. */
    @SuppressWarnings("serial")
    static final class AnyNullPointer extends RuntimeException {}
}
