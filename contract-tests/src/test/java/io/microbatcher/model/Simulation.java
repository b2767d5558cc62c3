package io.microbatcher.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.microbatcher.BatcherStats;
import io.microbatcher.Job;
import io.microbatcher.MicroBatcher;
import io.microbatcher.Timer;
import io.microbatcher.test.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * One run: a batcher and its model side by side on one thread, and a seed that decides everything else.
 *
 * <p>Wherever the batcher calls user code the simulation gets the thread. It first {@linkplain #sync brings the model up to
 * date} and compares the books, then checks the call itself, and then perhaps acts in the middle of it: submits, cancels,
 * closes, runs another worker, lets time pass. So other threads are played by calls that nest. Callers that block for room
 * are real threads, and the only ones; the simulation moves on when they are parked or have returned.
 *
 * <p>What the batcher does next after a call returns into it (a processor that returns, a submit that begins) is
 * {@linkplain #arm armed}, and counts as done the next time that the simulation gets the thread.
 */
final class Simulation {
    private static final int MAX_DEPTH = 3;
    private static final int MOST_ALARMS = 10_000;

    final Scenario scenario;
    final SplittableRandom random;
    final VirtualTime time;
    final Model model;
    final SeededExecutor executor;
    final RandomProcessor processor;
    final Actions actions;
    final BlockedCallers blockedCallers;
    final Events events;
    final MicroBatcher<Job<Integer>, Object> batcher;
    final @Nullable List<String> trace;

    private final Thread thread = Thread.currentThread();
    private final IdentityHashMap<Job<Integer>, ModelJob> jobs = new IdentityHashMap<>();
    private final List<ModelJob> notOver = new ArrayList<>();
    private final Queue<Runnable> deferred = new ConcurrentLinkedQueue<>();
    private @Nullable Runnable armed;
    private @Nullable Throwable failure;
    private long version;
    private int depth;
    private int framed;
    private int quiet;
    private int budget = 400;

    Simulation(Scenario scenario, SplittableRandom random, boolean traced) {
        this.scenario = scenario;
        this.random = random;
        this.trace = traced ? new ArrayList<>() : null;
        this.time = new VirtualTime(random.nextInt(2) == 0 ? 0 : random.nextLong(1L << 40));
        this.model = new Model(scenario);
        this.executor = new SeededExecutor(this);
        this.processor = new RandomProcessor(this);
        this.actions = new Actions(this);
        this.blockedCallers = new BlockedCallers(this);
        this.events = new Events(this);
        this.batcher = scenario.build(processor.form(), actions::weigh, events, executor, new CountedTimer());
    }

    /** Does as many random things as the scenario says, then closes, and sees that everything is in balance. */
    void run() {
        try {
            for (int step = 0; step < scenario.steps(); step++) {
                actions.act();
                checkStill();
            }
            finish();
        } finally {
            blockedCallers.sendHome();
        }
    }

    private void finish() {
        note("the end: closing, and running what is left");
        actions.shutdown();
        checkStill();
        for (int turns = 0; !model.inFlight.isEmpty() || model.pending() > 0 || executor.size() > 0; turns++) {
            assertThat(turns).as("closed, but never ends: %s", model).isLessThan(10_000);
            boolean moved = executor.runOne() || processor.completeStage();
            assertThat(moved).as("R4.1: stuck after the close: %s", model).isTrue();
            checkStill();
        }
        batcher.close();
        while (processor.answerLate()) {
            sync();
        }
        look();
        time.advance(Duration.ofSeconds(1));
        assertThat(time.alarms()).as("R5.5: alarms after the end").isZero();
        checkStill();
        assertThat(notOver).as("R1.1: jobs that never ended").isEmpty();
        jobs.values().forEach(job -> events.checkBalance(job));
        events.checkBalance();
        processor.checkLists();
    }

    /** Virtual time that finds out when the batcher sets its alarm for ever for a moment that has come. */
    private final class CountedTimer implements Timer {
        private int alarms;

        @Override
        public long nanos() {
            return time.nanos();
        }

        @Override
        public void schedule(long atNanos, Runnable task) {
            if (++alarms > MOST_ALARMS) {
                fail(new AssertionError("R5.5: more alarms than there can be reasons for"));
            } else {
                time.schedule(atNanos, task);
            }
        }
    }

    // ---------------------------------------------------------------- where the batcher calls

    boolean isElsewhere() {
        return quiet > 0 || Thread.currentThread() != thread;
    }

    /** The batcher has called user code. {@code inFrame}: as a processor, or a listener of a batch. */
    void event(boolean inFrame, String what, @Nullable Object about, Runnable check) {
        if (failure != null) {
            return;
        }
        if (isElsewhere()) {
            deferred.add(check);
            return;
        }
        try {
            version++;
            sync();
            note("-> %s %s", what, about);
            check.run();
            if (depth < MAX_DEPTH && budget > 0 && random.nextInt(100) < scenario.nestedPercent()) {
                nest(inFrame ? 1 : 0);
            }
        } catch (Throwable found) {
            fail(found);
        }
    }

    private void nest(int frames) {
        depth++;
        framed += frames;
        try {
            actions.act();
            sync();
        } finally {
            depth--;
            framed -= frames;
        }
    }

    /** Keeps what was found, since the batcher survives what its users throw. */
    void fail(Throwable found) {
        if (failure == null) {
            failure = found;
        }
    }

    /** What the batcher does as soon as it has the thread again. */
    void arm(Runnable transition) {
        assertThat(armed).as("the simulation is wrong: two transitions at once").isNull();
        armed = transition;
    }

    /** Brings the model up to date, and compares the books unless that is left for later. */
    void sync() {
        if (scenario.lazy()) {
            keepUp();
        } else {
            look();
        }
    }

    /** Brings the model up to date without the batcher's knowing. Enough as long as nothing acts inside of a call. */
    private void keepUp() {
        Runnable transition = armed;
        armed = null;
        if (transition != null) {
            transition.run();
        }
        model.expire(time.nanos());
        quietly(blockedCallers::collect);
    }

    private void look() {
        BatcherStats stats;
        long seen;
        do {
            keepUp();
            seen = version;
            stats = batcher.stats();
        } while (seen != version); // it had something to do, and called
        model.follow(stats.batches(), time.nanos());
        model.checkBooks(stats);
        for (Runnable check = deferred.poll(); check != null; check = deferred.poll()) {
            check.run();
        }
    }

    /** Nothing runs: what must have happened has happened, or is with the executor. */
    void checkStill() {
        if (failure == null) {
            keepUp();
            long now = time.nanos();
            int free = model.freeSlots();
            assertThat(executor.size())
                    .as("R2.2, R2.3: workers on their way, with %s at %s", model, now)
                    .isBetween(Math.min(model.ripe(now), free), free);
            if (!scenario.lazy() || random.nextInt(4) == 0) {
                look();
            }
        }
        rethrow();
        notOver.removeIf(job -> job.isOver() || job.state == ModelJob.State.WITHDRAWN);
        actions.checkStill();
        events.checkStill();
        assertThat(Thread.interrupted()).as("an interrupt was left behind").isFalse();
        rethrow();
    }

    private void rethrow() {
        if (failure != null) {
            throw new AssertionError(failure.getMessage(), failure);
        }
    }

    // ---------------------------------------------------------------- what the others need

    ModelJob add(ModelJob job) {
        jobs.put(job.job, job);
        notOver.add(job);
        return job;
    }

    /** A job that is not submitted after all. */
    void forget(ModelJob job) {
        jobs.remove(job.job);
        notOver.remove(job);
    }

    ModelJob find(Object job) {
        ModelJob found = jobs.get(job);
        assertThat(found).as("a job that nobody has submitted: %s", job).isNotNull();
        return found;
    }

    boolean isFramed() {
        return framed > 0;
    }

    boolean isNested() {
        return depth > 0;
    }

    /** Does something during which the batcher's calls are only noted. */
    void quietly(Runnable action) {
        quiet++;
        try {
            action.run();
        } finally {
            quiet--;
        }
    }

    boolean spend() {
        return budget-- > 0;
    }

    @SuppressWarnings("AnnotateFormatMethod") // the annotation would be a dependency
    void note(String format, @Nullable Object... arguments) {
        if (trace != null) {
            trace.add(time.nanos() + " " + "  ".repeat(depth) + String.format(format, arguments));
        }
    }
}
