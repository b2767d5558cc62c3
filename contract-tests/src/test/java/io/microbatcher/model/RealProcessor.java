package io.microbatcher.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.microbatcher.BatchProcessor;
import io.microbatcher.BatchProcessor.Answers;
import io.microbatcher.model.RealProducer.Ticket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicInteger;

/** A processor with every habit, good and bad, that says what it said to each ticket before it says it to the batcher. */
final class RealProcessor {
    private final RealRound round;
    private final boolean hangs;
    private final int form;
    private final AtomicInteger busy = new AtomicInteger();
    private final Map<Integer, Integer> lastOfProducer = new HashMap<>();

    RealProcessor(RealRound round, boolean hangs) {
        this.round = round;
        this.hangs = hangs;
        this.form = round.random.nextInt(3);
    }

    BatchProcessor<Ticket, Object> form() {
        return switch (form) {
            case 0 -> this::answer;
            case 1 -> BatchProcessor.async(this::later);
            default -> BatchProcessor.<Ticket, Object>streaming(this::stream);
        };
    }

    private void begin(List<? extends Ticket> jobs) {
        int together = busy.incrementAndGet();
        check(() -> {
            assertThat(together).as("R3.1: batches in flight").isLessThanOrEqualTo(round.slots);
            assertThat(jobs.size()).as("R2.1: size of a batch").isBetween(1, round.batchSize);
            Map<Integer, Integer> last = round.slots == 1 ? lastOfProducer : new HashMap<>();
            for (Ticket job : jobs) {
                job.processed();
                Integer before = last.put(job.producer(), job.serial());
                boolean inOrder = before == null || before < job.serial() || job.producer() >= 1_000; // by callbacks
                assertThat(inOrder).as("R2.5: %s after %s", job, before).isTrue();
            }
        });
        round.turbulence.perturb();
    }

    private void check(Runnable assertions) {
        try {
            assertions.run();
        } catch (Throwable wrong) {
            round.found.add(wrong);
        }
    }

    /** Throws, hangs until interrupted, or goes on. */
    private void misbehave(List<? extends Ticket> jobs) throws Exception {
        if (round.turbulence.oneIn(12)) {
            throw failure(jobs, new IllegalStateException("the backend is gone"));
        }
        if (round.turbulence.oneIn(20)) {
            StackOverflowError error = new StackOverflowError();
            jobs.forEach(job -> job.say(error));
            throw error;
        }
        if (hangs && round.turbulence.oneIn(4)) {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException stopped) {
                throw failure(jobs, stopped);
            }
        }
    }

    private static <E extends Exception> E failure(List<? extends Ticket> jobs, E exception) {
        jobs.forEach(job -> job.say(exception));
        return exception;
    }

    private List<Object> answer(List<Ticket> jobs) throws Exception {
        begin(jobs);
        try {
            misbehave(jobs);
            return results(jobs);
        } finally {
            busy.decrementAndGet();
        }
    }

    private List<Object> results(List<Ticket> jobs) {
        List<Object> results = new ArrayList<>();
        int forgotten = round.turbulence.oneIn(12) ? 1 : 0;
        for (Ticket job : jobs.subList(0, jobs.size() - forgotten)) {
            Object value = "result of " + job.producer() + "." + job.serial();
            job.say(value);
            results.add(value);
        }
        round.turbulence.perturb();
        return results;
    }

    private CompletableFuture<List<Object>> later(List<Ticket> jobs) {
        begin(jobs);
        CompletableFuture<List<Object>> stage = new CompletableFuture<>();
        ForkJoinPool.commonPool().execute(() -> {
            round.turbulence.perturb();
            if (round.turbulence.oneIn(10)) {
                IllegalStateException failure = failure(jobs, new IllegalStateException("the stage failed"));
                busy.decrementAndGet();
                stage.completeExceptionally(failure);
            } else {
                List<Object> results = results(jobs);
                busy.decrementAndGet();
                stage.complete(results);
            }
        });
        return new Uncancellable(stage);
    }

    /** What it said about a job must stay true: it does not let itself be stopped. */
    private static final class Uncancellable extends CompletableFuture<List<Object>> {
        Uncancellable(CompletableFuture<List<Object>> stage) {
            stage.whenComplete((results, failure) -> {
                if (failure == null) {
                    complete(results);
                } else {
                    completeExceptionally(failure);
                }
            });
        }

        @Override
        public boolean cancel(boolean mayInterrupt) {
            return false;
        }
    }

    private void stream(List<? extends Ticket> jobs, Answers<Object> answers) throws Exception {
        begin(jobs);
        try {
            misbehave(jobs);
            for (int position = jobs.size() - 1; position >= 0; position--) {
                Ticket job = jobs.get(position);
                if (round.turbulence.oneIn(10)) {
                    IllegalStateException failure = new IllegalStateException("job failed");
                    job.say(failure);
                    answers.fail(position, failure);
                } else if (!round.turbulence.oneIn(20)) { // else forgotten
                    Object value = "result of " + job.producer() + "." + job.serial();
                    job.say(value);
                    answers.complete(position, value);
                }
                round.turbulence.perturb();
            }
        } finally {
            busy.decrementAndGet();
        }
    }
}
