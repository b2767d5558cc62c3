package io.microbatcher.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.microbatcher.BatchProcessor;
import io.microbatcher.BatchProcessor.Answers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A processor with every habit, good and bad, that says what it said to each ticket before it says it to the batcher. */
final class RealProcessor {
    private final RealRound round;
    private final BatchRules rules;
    private final boolean hangs;
    private final int form;
    private final AtomicInteger busy = new AtomicInteger();
    private final Map<Integer, AtomicInteger> busyByKey = new ConcurrentHashMap<>();

    RealProcessor(RealRound round) {
        this.round = round;
        this.rules = new BatchRules(round.options);
        this.hangs = round.random.nextBoolean();
        this.form = round.random.nextInt(3);
    }

    BatchProcessor<Ticket, Answer> form() {
        return switch (form) {
            case 0 -> this::answer;
            case 1 -> BatchProcessor.async(this::later);
            default -> BatchProcessor.streaming(this::stream);
        };
    }

    /** What a call has answered, for the job with which it was asked. */
    record Answer(Call call, Ticket job) {
        @Override
        public String toString() {
            return "answer of call " + call + " for " + job.id;
        }
    }

    /** A call of the processor. It says one thing to each of its jobs. */
    final class Call {
        static final String FORGOTTEN = "nothing";

        final int number;
        private final List<Ticket> jobs;
        private final @Nullable Object[] said;
        private final AtomicBoolean isOver = new AtomicBoolean();

        Call(List<Ticket> jobs) {
            this.number = round.calls.incrementAndGet();
            this.jobs = jobs;
            this.said = new @Nullable Object[jobs.size()];
            int together = busy.incrementAndGet();
            int withKey = busyOfKey().incrementAndGet();
            jobs.forEach(job -> job.handedTo.add(this));
            round.noted(() -> {
                rules.check(jobs);
                checkOrder();
                if (round.options.batchTimeoutNanos == RandomOptions.FOREVER) { // else another may begin meanwhile
                    assertThat(together).as("R3.1: batches in flight").isLessThanOrEqualTo(round.options.slots);
                    assertThat(!round.options.hasKeys || withKey <= round.options.batchesPerKey)
                            .as("R6.4: batches in flight of one key: %s", withKey)
                            .isTrue();
                }
                if (round.hasThreadsOfItsOwn && !RealProducer.isWaiting()) {
                    assertThat(CarriedId.get())
                            .as("R5.8: the context of the processor's thread")
                            .isNull();
                }
            });
            round.turbulence.perturb();
        }

        private void checkOrder() {
            if (round.options.coalescing == null) { // else the place is that of another caller's job
                Map<Integer, Integer> last = new HashMap<>();
                for (Ticket job : jobs) {
                    Integer before = last.put(job.producer, job.id);
                    assertThat(before == null || before < job.id || job.producer == Ticket.NOBODY)
                            .as("R2.5, R7.4: %s after %s", job, before)
                            .isTrue();
                }
            }
        }

        private AtomicInteger busyOfKey() {
            return busyByKey.computeIfAbsent(jobs.get(0).key, key -> new AtomicInteger());
        }

        /** Whether it was not over before: a stage may be stopped while it completes. */
        boolean finish() {
            return isOver.compareAndSet(false, true);
        }

        void leave() {
            busyOfKey().decrementAndGet();
            busy.decrementAndGet();
        }

        private void say(int position, Object what) {
            if (said[position] == null) {
                said[position] = what;
                jobs.get(position).say(what);
            }
        }

        Answer answer(int position) {
            Answer answer = new Answer(this, jobs.get(position));
            say(position, answer);
            jobs.get(position).succeeded = true;
            return answer;
        }

        /** To one job, or in vain if it has been told something else. */
        void forget(int position) {
            say(position, FORGOTTEN);
        }

        Throwable failure(int position, Throwable failure) {
            say(position, failure);
            return failure;
        }

        /** To all who have been told nothing. */
        <E extends Throwable> E failure(E failure) {
            for (int position = 0; position < jobs.size(); position++) {
                say(position, failure);
            }
            return failure;
        }

        @Nullable
        Object saidTo(Ticket job) {
            return said[jobs.indexOf(job)];
        }

        @Override
        public String toString() {
            return String.valueOf(number);
        }
    }

    /** Throws, hangs until interrupted, or goes on. */
    private void misbehave(Call call) throws Exception {
        throwSomething(call);
        if (mayHang()) {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException stopped) {
                throw call.failure(stopped);
            }
        }
    }

    private void throwSomething(Call call) throws Exception {
        if (call.jobs.stream().anyMatch(job -> job.isPoison)) {
            throw call.failure(new RandomBackend.Poisoned());
        }
        if (round.turbulence.oneIn(12)) {
            throw call.failure(new IllegalStateException("the backend is gone"));
        }
        if (round.turbulence.oneIn(20)) {
            throw call.failure(new RandomBackend.Final());
        }
        if (round.turbulence.oneIn(20)) {
            throw call.failure(new StackOverflowError());
        }
    }

    /** Only where somebody is going to stop it. */
    private boolean mayHang() {
        return hangs
                && (round.isAbrupt || round.options.batchTimeoutNanos != RandomOptions.FOREVER)
                && round.turbulence.oneIn(8);
    }

    private List<Answer> answer(List<Ticket> jobs) throws Exception {
        Call call = new Call(jobs);
        try {
            misbehave(call);
            return answers(call);
        } finally {
            call.leave();
        }
    }

    private List<Answer> answers(Call call) {
        List<Answer> answers = new ArrayList<>();
        int answered = call.jobs.size() - (round.turbulence.oneIn(12) ? 1 : 0);
        for (int position = 0; position < answered; position++) {
            answers.add(call.answer(position));
        }
        if (answered < call.jobs.size()) {
            call.forget(answered);
        }
        round.turbulence.perturb();
        return answers;
    }

    private CompletableFuture<List<Answer>> later(List<Ticket> jobs) {
        Call call = new Call(jobs);
        if (round.turbulence.oneIn(20)) {
            IllegalStateException failure = call.failure(new IllegalStateException("there is no stage"));
            call.leave();
            throw failure;
        }
        Stoppable stage = new Stoppable(call);
        if (mayHang()) {
            return stage;
        }
        ForkJoinPool.commonPool().execute(() -> {
            round.turbulence.perturb();
            if (call.finish()) {
                stage.finish();
            }
        });
        return stage;
    }

    /** A stage that says to its jobs that it was stopped. */
    private final class Stoppable extends CompletableFuture<List<Answer>> {
        private final Call call;

        Stoppable(Call call) {
            this.call = call;
        }

        void finish() {
            try {
                throwSomething(call);
                List<Answer> answers = answers(call);
                call.leave();
                complete(answers);
            } catch (Throwable failure) {
                call.leave();
                completeExceptionally(failure);
            }
        }

        @Override
        public boolean cancel(boolean mayInterrupt) {
            if (!call.finish()) {
                return false;
            }
            IllegalStateException stopped = call.failure(new IllegalStateException("stopped"));
            call.leave();
            return completeExceptionally(stopped);
        }
    }

    private void stream(List<Ticket> jobs, Answers<Answer> answers) throws Exception {
        Call call = new Call(jobs);
        try {
            if (round.turbulence.oneIn(2)) {
                misbehave(call);
            }
            for (int position = jobs.size() - 1; position >= 0; position--) {
                if (round.turbulence.oneIn(10)) {
                    answers.fail(position, call.failure(position, new IllegalStateException("this one alone")));
                } else if (!jobs.get(position).isPoison && !round.turbulence.oneIn(20)) {
                    answers.complete(position, call.answer(position));
                } // else forgotten
                round.turbulence.perturb();
            }
            if (round.turbulence.oneIn(2)) {
                misbehave(call);
            }
            for (int position = 0; position < jobs.size(); position++) {
                call.forget(position);
            }
        } finally {
            call.leave();
        }
    }
}
