package io.microbatcher;

import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a batcher knows, and the one lock that guards it. {@link Dispatcher} and {@link Closing} change it;
 * after every change the board settles what follows from it.
 *
 * <p>I1: every critical section starts with {@link #enter()} and ends with {@link #leave()}, which settles: it collects
 * the intake, ends what is overdue, lets blocked callers in, starts workers for what is due, and sets the alarm.
 *
 * <p>I2: each pushed job is seen by a later settling, or its producer sees a count below {@link #pumpAt}: a settling
 * publishes {@code pumpAt}, then looks at the intake once more; a producer pushes, then looks at {@code pumpAt}. Below
 * it nothing has to be done, for the alarm is set or a worker comes.
 *
 * <p>I3: nothing of the user's runs under the lock. What a section decides is carried out by its {@link Aftermath} when
 * the lock is free again (R5.1).
 *
 * <p>I4: the books change in the section in which a job ends, before its future completes (R1.8).
 */
final class Board<J, R extends @Nullable Object> {
    final Settings<J, R> settings;
    final Admission admission;

    // Guarded by the lock, each with what is in it.
    final Lane<J, R> lane;
    final WaitingLine<J, R> line = new WaitingLine<>();
    final Flight<J, R> flight = new Flight<>();
    final Trigger trigger;
    final Slots slots;
    final Books books = new Books();
    private final Alarm alarm;

    /** What is to be done when the lock is free. */
    Aftermath<J, R> aftermath;

    /** How many times somebody is bringing results to callers, after the books and before the futures. */
    int delivering;

    private final Dispatcher<J, R> dispatcher;
    private final Intake<J, R> intake = new Intake<>();
    private final ReentrantLock lock = new ReentrantLock();

    /** From how many waiting jobs on a producer has to call. Written under the lock. */
    private volatile int pumpAt = 1;

    /** Somebody could not get the lock and relies on its holder to settle once more. */
    private volatile boolean called;

    private long now;
    private long pendingWeight;
    private boolean aborting;
    private boolean over;

    Board(Settings<J, R> settings, Dispatcher<J, R> dispatcher) {
        this.settings = settings;
        this.dispatcher = dispatcher;
        this.admission = new Admission(settings.maxPending());
        this.lane = new Lane<>(dispatcher);
        this.trigger = new Trigger(settings);
        this.slots = new Slots(settings.maxConcurrentBatches());
        this.alarm = new Alarm(dispatcher);
        this.aftermath = new Aftermath<>(dispatcher);
    }

    /** The time of this section; not before any job that it has collected was accepted. */
    long now() {
        return now;
    }

    /** Takes a job that was admitted, from any thread, without the lock unless somebody has to act. */
    void push(PendingJob<J, R> job) {
        intake.push(job);
        if (admission.waiting() >= pumpAt) { // I2
            called = true;
            long time = settings.timer().nanos();
            if (lock.tryLock()) {
                now = Math.max(now, time);
                leave();
            }
        }
    }

    void enter() {
        long time = settings.timer().nanos();
        lock.lock();
        try {
            now = Math.max(now, time);
            gather();
        } catch (Throwable outOfMemory) {
            lock.unlock();
            throw outOfMemory;
        }
    }

    void leave() {
        Aftermath<J, R> todo = null;
        do {
            try {
                if (todo != null) {
                    aftermath = todo;
                    todo = null;
                }
                settle();
                if (!aftermath.isEmpty()) {
                    todo = aftermath;
                    aftermath = new Aftermath<>(dispatcher);
                }
            } finally {
                lock.unlock();
            }
        } while (called && isLockedAgain());
        if (todo != null) {
            todo.carryOut();
        }
    }

    /** Whether this thread has to settle for those who called; otherwise the one who holds the lock will. */
    private boolean isLockedAgain() {
        long time = settings.timer().nanos();
        if (!lock.tryLock()) {
            return false;
        }
        now = Math.max(now, time);
        return true;
    }

    /** Lets others have the lock for a moment, in a section that has changed nothing yet. */
    @SuppressWarnings("ThreadPriorityCheck") // the other thread is a few instructions from done
    void stepAside() {
        lock.unlock();
        Thread.yield();
        lock.lock();
    }

    private void settle() {
        do {
            called = false;
            gather();
            int ripe = trigger.ripeBatches(lane, now);
            aftermath.start(slots.start(ripe, now));
            aftermath.schedule(alarm.ringBy(wakeAt(ripe)));
            pumpAt = callAt();
        } while (!intake.isEmpty() && admission.waiting() >= pumpAt); // I2
        if (!over && admission.isClosed() && admission.pending() == 0 && delivering == 0) {
            over = true;
            alarm.off();
            aftermath.over();
        }
    }

    /** Brings in what has come since: jobs, deadlines, room for blocked callers. */
    private void gather() {
        PendingJob<J, R> job = intake.takeAll();
        while (job != null) {
            PendingJob<J, R> after = job.next;
            now = Math.max(now, job.acceptedNanos); // or its age would be negative, and a due job not due
            lane.append(job);
            job = after;
        }
        if (settings.timesOut()) {
            expire();
        }
        if (aborting) {
            abandon();
        }
        admitBlocked();
    }

    private void expire() {
        long timeout = settings.jobTimeoutNanos();
        PendingJob<J, R> job = lane.oldest();
        while (job != null && Nanos.after(job.acceptedNanos, timeout) <= now) {
            depart(job, JobOutcome.TIMED_OUT);
            job = lane.oldest();
        }
        job = flight.overdue(now, timeout);
        while (job != null) {
            depart(job, JobOutcome.TIMED_OUT);
            job = flight.overdue(now, timeout);
        }
    }

    private void abandon() {
        PendingJob<J, R> job = lane.oldest();
        while (job != null) {
            depart(job, JobOutcome.ABANDONED);
            dispatcher.closing.abandoned(job.job);
            job = lane.oldest();
        }
    }

    private void admitBlocked() {
        WaitingLine.Caller<J, R> caller = line.first();
        while (caller != null && (admission.isClosed() || isAdmitted(caller.job))) {
            line.leave(caller, admission.isClosed() ? WaitingLine.Fate.CLOSED : WaitingLine.Fate.ACCEPTED);
            caller = line.first();
        }
        admission.blocked(caller != null);
        trigger.pressed(caller != null);
    }

    /** Admits a job past the intake if there is room. */
    boolean isAdmitted(PendingJob<J, R> job) {
        if (job.weight() > settings.maxPendingWeight() - pendingWeight || admission.grant() != 0) {
            return false;
        }
        job.acceptedNanos = now;
        pendingWeight += settings.limitsPendingWeight() ? job.weight() : 0;
        lane.append(job);
        return true;
    }

    /** When to look again if nothing happens before. */
    private long wakeAt(int ripeBatches) {
        long at = slots.trustEndsNanos();
        if (ripeBatches == 0 && lane.size() > 0 && slots.free() > 0) { // what is ripe is covered: a worker comes
            at = Math.min(at, trigger.dueNanos(lane));
        }
        if (settings.timesOut()) {
            long timeout = settings.jobTimeoutNanos();
            long oldest = Math.min(lane.oldestNanos(), flight.oldestNanos());
            at = oldest == Nanos.FOREVER ? at : Math.min(at, Nanos.after(oldest, timeout));
        }
        return at;
    }

    /** From how many waiting jobs on the next producer has to call. */
    private int callAt() {
        boolean empty = lane.size() == 0;
        if (empty && settings.timesOut() && alarm.setForNanos() > Nanos.after(now, settings.jobTimeoutNanos())) {
            return 1;
        }
        if (slots.free() <= 0) {
            return Integer.MAX_VALUE;
        }
        int coming = slots.coming(now);
        boolean unwatched = empty && coming == 0 && alarm.setForNanos() > trigger.dueNanosOfNext(now);
        if (unwatched || trigger.looksAtEachJob()) {
            return 1;
        }
        return (int) Math.min(Integer.MAX_VALUE, (coming + 1L) * settings.batchSize());
    }

    // ---------------------------------------------------------------- what transitions share

    /** Ends a job in the books, wherever it is; whoever does so completes its future after the lock. */
    void end(PendingJob<J, R> job, JobOutcome outcome) {
        boolean waits = job.place == lane;
        job.place = null;
        if (waits) {
            lane.forget(job);
            admission.endedWaiting(1);
        } else {
            admission.endedInFlight(1);
        }
        count(job, outcome);
    }

    void count(PendingJob<J, R> job, JobOutcome outcome) {
        books.ended(outcome);
        pendingWeight -= settings.limitsPendingWeight() ? job.weight() : 0;
    }

    /** Ends a job that neither its caller nor its batch ends. */
    private void depart(PendingJob<J, R> job, JobOutcome outcome) {
        long waited = waitedNanos(job);
        end(job, outcome);
        if (aftermath.depart(job, outcome, waited, now - job.acceptedNanos)) {
            delivering++;
            flight.departing(aftermath);
        }
    }

    /** How long a job that has not ended has waited, or waited until it was dispatched. */
    long waitedNanos(PendingJob<J, R> job) {
        long until = job.place instanceof Batch<J, R> batch ? batch.dispatchedNanos : now;
        return Math.max(0, until - job.acceptedNanos);
    }

    void rang(Alarm.Ring ring) {
        alarm.rang(ring);
    }

    void abort() {
        aborting = true;
    }
}
