package io.microbatcher.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.microbatcher.ContextCarrier.Scope;
import io.microbatcher.ResultChannel;
import io.microbatcher.ResultChannel.Result;
import io.microbatcher.model.RealProcessor.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Has jobs processed in every way that there is, and sees to it that each knows what its caller was told. */
final class RealProducer implements Runnable {
    private static final ThreadLocal<Boolean> WAITS = ThreadLocal.withInitial(() -> false);

    private final RealRound round;
    private final int number;
    private final int jobs;
    private final SplittableRandom random;
    private final List<CompletableFuture<Answer>> futures = new ArrayList<>();
    private final List<Ticket> inChannel = new ArrayList<>();

    RealProducer(RealRound round, int number, int jobs, SplittableRandom random) {
        this.round = round;
        this.number = number;
        this.jobs = jobs;
        this.random = random;
    }

    @Override
    public void run() {
        try (ResultChannel<Ticket, Answer> channel = round.batcher.openChannel(1_000)) {
            RealSubscriber subscriber = new RealSubscriber(round);
            boolean subscribes = random.nextInt(3) == 0;
            if (subscribes) {
                channel.subscribe(subscriber);
            }
            for (int i = 0; i < jobs; i++) {
                doSomething(channel);
            }
            if (random.nextInt(6) == 0) {
                inChannel.forEach(Ticket::discarded);
            } else if (subscribes) {
                channel.halfClose();
                subscriber.over.get(RealRound.LIMIT.toSeconds(), TimeUnit.SECONDS);
            } else {
                takeAll(channel);
            }
            if (random.nextBoolean()) {
                round.batcher.drain().get(RealRound.LIMIT.toSeconds(), TimeUnit.SECONDS);
                assertThat(futures).as("R2.6").allMatch(CompletableFuture::isDone);
            }
        } catch (Exception wrong) {
            throw new AssertionError("a producer failed", wrong);
        }
    }

    private void doSomething(ResultChannel<Ticket, Answer> channel) throws Exception {
        Ticket ticket = new Ticket(round, number, random);
        Scope submitting = CarriedId.carry(ticket.id);
        switch (random.nextInt(20)) {
            case 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 -> futures.add(submit(ticket));
            case 10, 11, 12 -> {
                inChannel.add(ticket);
                round.tickets.add(ticket);
                channel.submit(ticket);
            }
            case 13 -> {
                if (channel.trySubmit(ticket)) {
                    inChannel.add(ticket);
                    round.tickets.add(ticket);
                }
            }
            case 14, 15 -> wait(ticket, () -> round.batcher.run(ticket));
            case 16, 17 -> {
                Duration limit = Duration.ofNanos(random.nextInt(500_000));
                wait(ticket, () -> round.batcher.run(ticket, limit));
            }
            case 18 -> waitAndBeInterrupted(ticket);
            default -> {
                futures.add(submit(ticket));
                round.turbulence.perturb();
                futures.get(random.nextInt(futures.size())).cancel(true);
            }
        }
        submitting.close();
        switch (random.nextInt(15)) {
            case 0 -> round.batcher.flush();
            case 1 -> round.checkBooks();
            default -> {
                // goes on
            }
        }
    }

    private void takeAll(ResultChannel<Ticket, Answer> channel) {
        channel.halfClose();
        for (Result<Ticket, Answer> result : channel) {
            result.job().told(result.value(), result.failure());
        }
        assertThat(channel.isFinished()).as("a channel that ended is finished").isTrue();
    }

    private CompletableFuture<Answer> submit(Ticket ticket) {
        round.tickets.add(ticket);
        CompletableFuture<Answer> future = round.batcher.submit(ticket);
        future.whenComplete((value, failure) -> round.noted(() -> {
            round.turbulence.perturb();
            if (round.options.carriesContext) {
                assertThat(CarriedId.get()).as("R5.7: %s", ticket).isEqualTo(ticket.id);
            }
            ticket.told(value, failure);
            if (round.turbulence.oneIn(40)) { // R4.4: from a callback
                another(ticket);
            }
        }));
        return future;
    }

    private void another(Ticket before) {
        Ticket next = new Ticket(round, Ticket.NOBODY, new SplittableRandom(before.id));
        Scope submitting = CarriedId.carry(next.id);
        if (round.turbulence.oneIn(2)) {
            wait(next, () -> round.batcher.run(next));
        } else {
            submit(next);
        }
        submitting.close();
    }

    private void wait(Ticket ticket, Callable<Answer> call) {
        round.tickets.add(ticket);
        boolean before = WAITS.get();
        WAITS.set(true);
        try {
            ticket.told(call.call(), null);
        } catch (InterruptedException interrupted) {
            ticket.told(null, interrupted);
            Thread.currentThread().interrupt(); // it may be for the batch in whose callback this is
        } catch (Exception failure) {
            ticket.told(null, failure);
        } finally {
            WAITS.set(before);
        }
    }

    /** Whether this thread waits for a job, in a callback: an executor's only thread then processes it itself. */
    static boolean isWaiting() {
        return WAITS.get();
    }

    private void waitAndBeInterrupted(Ticket ticket) {
        Thread waiting = Thread.currentThread();
        CompletableFuture<Void> interrupted = CompletableFuture.runAsync(() -> {
            round.turbulence.perturb();
            waiting.interrupt();
        });
        wait(ticket, () -> round.batcher.run(ticket));
        interrupted.join();
        Thread.interrupted();
    }
}
