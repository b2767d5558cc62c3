package io.microbatcher.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.microbatcher.BatcherClosedException;
import io.microbatcher.JobFailedException;
import io.microbatcher.JobOutcome;
import io.microbatcher.MissingResultException;
import io.microbatcher.ResultChannel;
import io.microbatcher.ResultChannel.Result;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Has jobs processed in every way that there is, and keeps what it was told. */
final class RealProducer implements Runnable {
    private final RealRound round;
    private final int number;
    private final int jobs;
    private final SplittableRandom random;

    RealProducer(RealRound round, int number, int jobs, SplittableRandom random) {
        this.round = round;
        this.number = number;
        this.jobs = jobs;
        this.random = random;
    }

    /** A job and everything that anybody says about it. Compared by identity. */
    static final class Ticket {
        private final int producer;
        private final int serial;
        private final AtomicInteger told = new AtomicInteger();
        private final AtomicInteger processed = new AtomicInteger();
        private final AtomicInteger ended = new AtomicInteger();

        /** What the processor said; published by the end of the job. */
        private volatile @Nullable Object said;

        private volatile @Nullable Object value;
        private volatile @Nullable Throwable failure;
        private final AtomicReference<@Nullable JobOutcome> outcome = new AtomicReference<>();

        Ticket(int producer, int serial) {
            this.producer = producer;
            this.serial = serial;
        }

        int producer() {
            return producer;
        }

        int serial() {
            return serial;
        }

        void say(@Nullable Object what) {
            said = what;
        }

        void processed() {
            processed.incrementAndGet();
        }

        boolean wasProcessed() {
            return processed.get() > 0;
        }

        void ended(JobOutcome how) {
            ended.incrementAndGet();
            outcome.set(how);
        }

        @Nullable
        JobOutcome outcome() {
            return outcome.get();
        }

        void told(@Nullable Object result, @Nullable Throwable thrown) {
            value = result;
            failure = thrown;
            told.incrementAndGet();
        }

        boolean isTold() {
            return told.get() > 0;
        }

        /** What its caller was told must be what the processor said, once. */
        void check() {
            assertThat(told).as("R1.1: %s was told", this).hasValue(1);
            assertThat(processed.get()).as("%s was processed", this).isLessThanOrEqualTo(1);
            JobOutcome how = outcome.get();
            assertThat(ended).as("R1.1: ends of %s", this).hasValue(how == null ? 0 : 1);
            if (how == null) {
                assertThat(failure)
                        .as("%s was never accepted", this)
                        .isInstanceOfAny(
                                RejectedExecutionException.class,
                                TimeoutException.class,
                                InterruptedException.class, // before it waited
                                IllegalStateException.class); // run() in a callback inside of the processor
                assertThat(wasProcessed()).as("%s was never accepted", this).isFalse();
                return;
            }
            switch (how) {
                case SUCCEEDED -> assertThat(value).as("R1.2: %s", this).isEqualTo(said);
                case FAILED -> {
                    assertThat(failure).as("R1.4: %s", this).isExactlyInstanceOf(JobFailedException.class);
                    if (wasProcessed()) {
                        assertThat(failure.getCause()).as("R1.4: %s", this).isSameAs(said);
                    } else { // the executor refused
                        assertThat(failure).hasCauseInstanceOf(RejectedExecutionException.class);
                    }
                }
                case MISSING -> assertThat(failure).isExactlyInstanceOf(MissingResultException.class);
                case CANCELLED ->
                    assertThat(failure)
                            .as("%s", this)
                            .isInstanceOfAny(
                                    CancellationException.class, TimeoutException.class, InterruptedException.class);
                case TIMED_OUT -> assertThat(failure).as("R1.7: %s", this).hasCauseInstanceOf(TimeoutException.class);
                case ABANDONED -> assertThat(failure).as("%s", this).isInstanceOf(BatcherClosedException.class);
            }
        }

        @Override
        public String toString() {
            return "job " + producer + "." + serial + " (" + outcome + ")";
        }
    }

    @Override
    public void run() {
        try (ResultChannel<Ticket, Object> channel = round.batcher.openChannel(1_000)) {
            for (int serial = 0; serial < jobs; serial++) {
                Ticket ticket = new Ticket(number, serial);
                round.tickets.add(ticket);
                int way = random.nextInt(20);
                if (way < 10) {
                    submit(ticket, way == 0);
                } else if (way < 14) {
                    channel.submit(ticket);
                } else if (way < 18) {
                    run(ticket);
                } else {
                    runWithin(ticket, Duration.ofNanos(random.nextInt(500_000)));
                }
                if (random.nextInt(15) == 0) {
                    round.batcher.flush();
                }
            }
            channel.halfClose();
            for (Result<Ticket, Object> result : channel) {
                result.job().told(result.value(), result.failure());
            }
            assertThat(channel.isFinished())
                    .as("a channel that ended is finished")
                    .isTrue();
            if (random.nextBoolean()) {
                round.batcher.drain().get(RealRound.LIMIT.toSeconds(), TimeUnit.SECONDS);
            }
        } catch (Exception wrong) {
            throw new AssertionError("a producer failed", wrong);
        }
    }

    private void submit(Ticket ticket, boolean cancel) {
        CompletableFuture<Object> future = round.batcher.submit(ticket);
        future.whenComplete((value, failure) -> {
            round.turbulence.perturb();
            ticket.told(value, failure);
            if (round.turbulence.oneIn(40)) { // R4.4: from a callback
                Ticket next = new Ticket(1_000 + ticket.producer(), ticket.serial());
                round.tickets.add(next);
                if (round.turbulence.oneIn(2)) {
                    run(next);
                } else {
                    submit(next, false);
                }
            }
        });
        if (cancel) {
            round.turbulence.perturb();
            future.cancel(true);
        }
    }

    private void run(Ticket ticket) {
        try {
            ticket.told(round.batcher.run(ticket), null);
        } catch (RuntimeException | InterruptedException failure) {
            ticket.told(null, failure);
        }
    }

    private void runWithin(Ticket ticket, Duration limit) {
        try {
            ticket.told(round.batcher.run(ticket, limit), null);
        } catch (RuntimeException | InterruptedException | TimeoutException failure) {
            ticket.told(null, failure);
        }
    }
}
