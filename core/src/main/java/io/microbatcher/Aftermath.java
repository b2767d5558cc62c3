package io.microbatcher;

import io.microbatcher.BatchDeadlines.TimedOut;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What a critical section has decided and must not do itself: start workers, set the timer, tell callers. Filled under
 * the board's lock, then handed to the one thread that carries it out without.
 *
 * <p>I1: until its workers are started and the timer is set, the thread that carries it out enters no section of the
 * board: what that decided would be carried out inside of this, and its callbacks would come before workers that others,
 * or those callbacks, may wait for.
 */
final class Aftermath<J, R extends @Nullable Object> {
    private final Dispatcher<J, R> dispatcher;
    private int workers;

    /** For when a worker is to be sent ahead; 0 if none is. */
    private long aheadForNanos;

    private @Nullable List<Alarm.Ring> rings;
    private boolean lingers;
    private boolean over;
    private @Nullable List<Departure<J, R>> departures;
    private @Nullable List<CompletableFuture<@Nullable Void>> landings;
    private @Nullable List<KeyedPlace<J, R>> vanished;
    private @Nullable List<TimedOut<J, R>> timedOut;
    private @Nullable Interruption<J, R> interruption;

    /** A job that ended without a batch's answer. */
    private record Departure<J, R extends @Nullable Object>(
            PendingJob<J, R> job, JobOutcome outcome, long waitedNanos, long totalNanos, Runnable completion) {}

    Aftermath(Dispatcher<J, R> dispatcher) {
        this.dispatcher = dispatcher;
    }

    void start(int more) {
        workers += more;
    }

    void sendAhead(long dueNanos) {
        aheadForNanos = dueNanos;
    }

    void schedule(Alarm.@Nullable Ring ring) {
        if (ring != null) {
            rings = rings == null ? new ArrayList<>(1) : rings;
            rings.add(ring);
        }
    }

    /** Notes a job whose caller has to be told: whether it is the first. */
    boolean depart(PendingJob<J, R> job, JobOutcome outcome, long waitedNanos, long totalNanos, Runnable completion) {
        boolean first = departures == null;
        if (departures == null) {
            departures = new ArrayList<>();
        }
        departures.add(new Departure<>(job, outcome, waitedNanos, totalNanos, completion));
        return first;
    }

    void landed(Batch<J, R> batch) {
        CompletableFuture<@Nullable Void> landing = batch.awaitedLanding();
        if (landing != null) {
            landings = landings == null ? new ArrayList<>() : landings;
            landings.add(landing);
        }
    }

    void timedOut(TimedOut<J, R> batch) {
        timedOut = timedOut == null ? new ArrayList<>() : timedOut;
        timedOut.add(batch);
        stop(batch.batch());
    }

    /** Notes a batch that is to stop. Its thread waits for that: so nobody is told anything before. */
    void stop(Batch<J, R> batch) {
        interruption = interruption == null ? new Interruption<>() : interruption;
        interruption.add(batch);
    }

    void forget(KeyedPlace<J, R> place) {
        vanished = vanished == null ? new ArrayList<>() : vanished;
        vanished.add(place);
    }

    void warnOfLingering() {
        lingers = true;
    }

    void over() {
        over = true;
    }

    boolean isEmpty() {
        return workers == 0 && aheadForNanos == 0 && rings == null && vanished == null && !lingers && !tells();
    }

    private boolean tells() {
        return over || departures != null || landings != null || interruption != null;
    }

    /** Adds the futures of the jobs that are about to be told. Called under the lock. */
    void collect(List<CompletableFuture<?>> pending) {
        if (departures != null) {
            departures.forEach(departure -> pending.add(departure.job()));
        }
    }

    void carryOut() {
        boolean onTimer = SharedTimer.isCurrentThread(); // callbacks are the user's, and so may be an interrupt
        if (!onTimer) {
            interrupt(); // I1
        }
        if (rings != null) {
            rings.forEach(dispatcher.starter::schedule);
        }
        dispatcher.starter.start(workers);
        if (aheadForNanos != 0) {
            dispatcher.starter.sendAhead(aheadForNanos);
        }
        if (vanished != null) { // calls the keys' own methods
            if (onTimer) {
                dispatcher.starter.elsewhere(this::forgetVanished);
            } else {
                forgetVanished();
            }
        }
        if (lingers) {
            LingerCheck.warn(dispatcher.settings);
        }
        if (tells()) {
            if (onTimer) {
                dispatcher.starter.elsewhere(this::interruptAndTell);
            } else {
                tell();
            }
        }
    }

    private void forgetVanished() {
        if (vanished != null) {
            vanished.forEach(dispatcher::forget);
        }
    }

    private void interruptAndTell() {
        interrupt();
        tell();
    }

    /** Interrupts whoever is to be and has not been yet. */
    void interrupt() {
        if (interruption != null) {
            interruption.interrupt();
        }
    }

    private void tell() {
        Frame frame = Frame.delivering(dispatcher);
        try {
            if (interruption != null) {
                interruption.cancelStages();
            }
            if (timedOut != null) {
                timedOut.forEach(Delivery::timedOut);
            }
            if (departures != null) {
                departures.forEach(this::tell);
                dispatcher.completion.departed(this);
            }
            if (landings != null) {
                landings.forEach(landing -> landing.complete(null));
            }
            if (over) {
                dispatcher.closing.over();
            }
        } finally {
            frame.leave();
            if (interruption != null) {
                interruption.interruptSelf();
            }
        }
    }

    private void tell(Departure<J, R> departure) {
        PendingJob<J, R> job = departure.job();
        dispatcher
                .settings
                .watch()
                .endedAlone(job.job, departure.outcome(), departure.waitedNanos(), departure.totalNanos());
        Delivery.complete(job, departure.completion());
    }
}
