package io.microbatcher.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.microbatcher.BatcherClosedException;
import io.microbatcher.Coalescing;
import io.microbatcher.JobFailedException;
import io.microbatcher.JobOutcome;
import io.microbatcher.MissingResultException;
import io.microbatcher.model.RealProcessor.Answer;
import io.microbatcher.model.RealProcessor.Call;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** An item of a {@link RealRound}, and everything that anybody has said about it. Compared by identity. */
final class Ticket extends Item {
    /** In place of a producer: submitted by a callback, in no order that anybody knows. */
    static final int NOBODY = -1;

    final int producer;

    /** The calls of the processor that had it, in their order. */
    final Queue<Call> handedTo = new ConcurrentLinkedQueue<>();

    private final RealRound round;

    /** How many calls there had been when its caller began to submit it. */
    private final int callsBefore;

    private final AtomicInteger told = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();

    /** What the processor said last; published by the end of the job. */
    private volatile @Nullable Object said;

    private volatile @Nullable Object value;
    private volatile @Nullable Throwable failure;
    private volatile @Nullable JobOutcome outcome;
    private volatile int endedWhenTold;
    private volatile boolean isDiscarded;

    Ticket(RealRound round, int producer, SplittableRandom random) {
        super(round.ids.incrementAndGet(), random, round.options.coalescing != null);
        this.round = round;
        this.producer = producer;
        this.callsBefore = round.calls.get();
    }

    void say(@Nullable Object what) {
        said = what;
    }

    void ended(JobOutcome how) {
        ended.incrementAndGet();
        outcome = how;
    }

    @Nullable
    JobOutcome outcome() {
        return outcome;
    }

    void told(@Nullable Object result, @Nullable Throwable thrown) {
        value = result;
        failure = thrown;
        endedWhenTold = ended.get();
        told.incrementAndGet();
    }

    /** Its channel was closed: there is nobody left to be told. */
    void discarded() {
        isDiscarded = true;
    }

    boolean isTold() {
        return isDiscarded || told.get() > 0;
    }

    boolean wasProcessed() {
        return calls.get() > 0;
    }

    /** Checks what its caller was told, once, against what the processor has said. */
    void check() {
        JobOutcome how = outcome;
        assertThat(ended).as("R1.1: ends of %s", this).hasValue(how == null ? 0 : 1);
        if (how == null) {
            assertThat(wasProcessed()).as("%s was never accepted", this).isFalse();
        }
        if (isDiscarded) {
            return;
        }
        assertThat(told).as("R1.1: %s was told", this).hasValue(1);
        if (how == null) {
            assertThat(failure)
                    .as("%s was never accepted", this)
                    .isInstanceOfAny(
                            RejectedExecutionException.class,
                            TimeoutException.class,
                            InterruptedException.class, // before it waited
                            IllegalStateException.class); // run() in a callback inside of the processor
            return;
        }
        assertThat(endedWhenTold).as("R1.8: ends of %s when it was told", this).isEqualTo(1);
        switch (how) {
            case SUCCEEDED -> checkAnswer();
            case FAILED -> checkFailure();
            case MISSING -> {
                assertThat(failure).as("R1.3: %s", this).isExactlyInstanceOf(MissingResultException.class);
                assertThat(wasForgotten()).as("R1.3: %s", this).isTrue();
            }
            case CANCELLED ->
                assertThat(failure)
                        .as("R1.6: %s", this)
                        .isInstanceOfAny(
                                CancellationException.class, TimeoutException.class, InterruptedException.class);
            case TIMED_OUT -> {
                assertThat(failure).as("R1.7, R1.9: %s", this).hasCauseInstanceOf(TimeoutException.class);
                assertThat(round.options.hasTimeLimits())
                        .as("R1.7, R1.9: %s", this)
                        .isTrue();
            }
            case ABANDONED -> {
                assertThat(failure).as("R4.3: %s", this).isInstanceOf(BatcherClosedException.class);
                assertThat(round.isAbrupt).as("R4.1: %s", this).isTrue();
            }
        }
    }

    private void checkAnswer() {
        assertThat(failure).as("R1.2: %s", this).isNull();
        assertThat(value).as("R1.2: %s", this).isInstanceOf(Answer.class);
        Answer answer = (Answer) value;
        if (round.options.coalescing == null) {
            assertThat(answer).as("R1.2: %s", this).isSameAs(said);
        } else {
            assertThat(answer.job().group).as("R8.1: %s and %s", this, answer).isEqualTo(group);
        }
        if (round.options.coalescing != Coalescing.JOIN_IN_FLIGHT) {
            assertThat(answer.call().number)
                    .as("R8.3: %s was submitted before call", this)
                    .isGreaterThan(callsBefore);
        }
    }

    private void checkFailure() {
        assertThat(failure).as("R1.4: %s", this).isExactlyInstanceOf(JobFailedException.class);
        Throwable cause = failure.getCause();
        if (cause instanceof RejectedExecutionException) {
            assertThat(round.mayRefuse).as("the executor refused %s", this).isTrue();
        } else if (round.options.coalescing != null) {
            assertThat(round.tickets.stream().filter(other -> other.group.equals(group)))
                    .as("R8.1: what %s failed with was said to one of its group: %s", this, cause)
                    .anyMatch(other -> other.handedTo.stream().anyMatch(call -> call.saidTo(other) == cause));
        } else {
            assertThat(cause).as("R1.4: %s", this).isSameAs(said);
            checkAttempts(cause);
        }
    }

    /** It had all its attempts, unless something else stood in the way. */
    private void checkAttempts(Throwable cause) {
        RandomOptions options = round.options;
        if (options.retries()
                && RandomOptions.isWorthAnotherAttempt(cause)
                && !options.splits
                && !options.hasTimeLimits()
                && !round.isAbrupt) {
            assertThat(calls).as("R7.1: attempts of %s", this).hasValue(options.attempts);
        }
    }

    private boolean wasForgotten() {
        return round.tickets.stream()
                .filter(other -> other == this || (round.options.coalescing != null && other.group.equals(group)))
                .flatMap(other -> other.handedTo.stream().map(call -> call.saidTo(other)))
                .anyMatch(what -> what == Call.FORGOTTEN);
    }

    @Override
    public String toString() {
        return super.toString() + " of " + producer + " (" + outcome + ", calls " + handedTo + ", said " + said
                + ", told " + value + " " + failure + ")";
    }
}
