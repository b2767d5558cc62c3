package io.microbatcher;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a batcher knows, and the one lock that guards it. {@link Dispatcher}, {@link Completion} and
 * {@link Closing} change it; after every change the board settles what follows from it.
 *
 * <p>I1: every critical section starts with {@link #enter()}, which gathers: it collects the intake and ends what is
 * overdue; and ends with {@link #leave()}, which settles: it lets blocked callers in, starts workers for what is due, sets
 * the alarm, and gathers again if anything has come meanwhile. One that {@link #ring()} begins does the same, if it gets
 * the lock at once.
 *
 * <p>I2: each pushed job is seen by a later settling, or its producer sees a count below that of the {@link Doorbell}: a
 * settling publishes the count, then looks at the intake once more; a producer pushes, then looks at the count. Below it
 * nothing has to be done, for the alarm is set or a worker comes. Who rings and does not get the lock, or finds a worker
 * that lingers, relies on them to settle once more: the one after it has freed the lock, the other when it looks.
 *
 * <p>I3: nothing of the user's runs under the lock. What a section decides is carried out by its {@link Aftermath} when
 * the lock is free again (R5.1).
 *
 * <p>I4: the books change in the section in which a job ends, before its future completes (R1.8).
 *
 * <p>I5: reading the clock costs more than all the rest of a submit. So where nothing but the age of a batch depends on
 * it, only those jobs read it that are the first of a batch, or make somebody act; the others get the time of the job
 * before, or the one that they have overtaken. Where somebody watches how long jobs take, more of them read it: each, or
 * as many as it takes for the others to be no more than about {@link Doorbell#PRECISION_NANOS} off while they come evenly.
 * A batch whose first jobs were taken back may leave before its cycle; it never leaves later than the one or the other of
 * two callers that met was accepted, and its cycle (R2.3).
 *
 * <p>I6: what a section has decided is carried out once, by the thread that was in it, after the section and not in the
 * middle of carrying out another: whenever the lock is free, {@link #aftermath} is empty. So who settles once more for
 * those who rang puts its own back and overwrites nobody's.
 */
final class Board<J, R extends @Nullable Object> {
    final Settings<J, R> settings;
    final Admission admission;

    // Guarded by the lock, each with what is in it.
    final Lanes<J, R> lanes;

    /** Who shares an answer; null if each job has its own. */
    final @Nullable Groups<J, R> groups;

    final WaitingLine<J, R> line = new WaitingLine<>();
    final Flight<J, R> flight = new Flight<>();
    final Trigger trigger;
    final Slots slots;
    final Books books = new Books();

    /** What is tried again; null if nothing is. */
    final @Nullable Retries<J, R> retries;

    final Deadlines<J, R> deadlines;
    final BatchDeadlines<J, R> batchDeadlines;
    private final Lookout<J, R> lookout;

    /** What is to be done when the lock is free. */
    Aftermath<J, R> aftermath;

    /** How many times somebody is bringing results to callers, after the books and before the futures. */
    int delivering;

    /** Where jobs are that the lock's holder has not seen. */
    final Intake<J, R> intake;

    private final Dispatcher<J, R> dispatcher;
    private final ReentrantLock lock = new ReentrantLock();

    /** Rung by producers that bring what makes somebody act, and answered by the next settling. */
    final Doorbell doorbell = new Doorbell();

    private long now;
    private long pendingWeight;

    /** Whether anything but the age of a batch depends on when jobs were accepted (I5). */
    private final boolean needsEachTime;

    /** When the last job that has come was accepted. */
    private long lastAcceptedNanos = 1;

    /** When the intake was emptied: what has come since was accepted later (I5). */
    private long emptiedNanos;

    private boolean closing;
    private boolean aborting;
    private boolean over;

    Board(Settings<J, R> settings, Dispatcher<J, R> dispatcher) {
        this.settings = settings;
        this.dispatcher = dispatcher;
        this.admission = new Admission(settings.maxPending());
        this.intake = new Intake<>(dispatcher);
        this.trigger = new Trigger(settings);
        this.lanes = new Lanes<>(dispatcher, trigger);
        this.retries = settings.retry() == null ? null : new Retries<>(this, settings.retry());
        Function<? super J, ?> coalesceKey = settings.coalesceKey();
        this.groups = coalesceKey == null
                ? null
                : new Groups<>(this, dispatcher, coalesceKey, settings.coalescing() == Coalescing.JOIN_IN_FLIGHT);
        this.deadlines = new Deadlines<>(settings.jobTimeoutNanos());
        this.batchDeadlines = new BatchDeadlines<>(dispatcher, settings.batchTimeoutNanos());
        this.slots = new Slots(settings);
        this.lookout = new Lookout<>(this, dispatcher);
        this.aftermath = new Aftermath<>(dispatcher);
        this.needsEachTime = settings.needsEachTime();
        doorbell.share(settings.watch().on() ? 1 : Math.max(2, settings.batchSize()));
        observe();
    }

    /** The time of this section; not before any job that it has collected was accepted. */
    long now() {
        return now;
    }

    /** A job has come that somebody has to act on, or the jobs before it have. From any thread, without the lock. */
    void ring() {
        doorbell.ring();
        if (!slots.isLingering() && !lock.isLocked() && isLockedAgain()) {
            try {
                gather();
            } catch (Throwable outOfMemory) {
                lock.unlock();
                throw outOfMemory;
            }
            leave();
        }
    }

    /** Whether somebody has rung since the last settling. */
    boolean isCalled() {
        return doorbell.isRung();
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
                    aftermath = todo; // I6
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
        } while (doorbell.isRung() && isLockedAgain());
        if (todo != null) {
            todo.carryOut();
        }
    }

    /**
     * Whether this thread has to settle for those who called; otherwise the one who holds the lock will. The clock may be
     * the user's, and is read before (I3).
     */
    private boolean isLockedAgain() {
        long time = settings.timer().nanos();
        if (!lock.tryLock()) {
            return false;
        }
        now = Math.max(now, time);
        return true;
    }

    /**
     * Lets others have the lock until they are done, in a section that has done nothing yet but gather. The interrupts that
     * it has decided come first: who waits for one of them may be the one that is waited for here.
     */
    void stepAside(CountDownLatch done) {
        Aftermath<J, R> own = aftermath;
        aftermath = new Aftermath<>(dispatcher);
        lock.unlock();
        try {
            own.interrupt();
            Patience.awaitUninterruptibly(done);
        } finally {
            lock.lock();
            aftermath = own; // I6
        }
    }

    private void settle() {
        doorbell.answered();
        boolean called;
        do {
            if (aborting) {
                abandon();
            }
            admitBlocked();
            long hangsAt = lookout.noticeHanging();
            int ripe = lanes.ripeBatches(slots.limit() - slots.running(), now);
            aftermath.start(slots.start(ripe, now));
            aftermath.schedule(lookout.ringBy(hangsAt, ripe));
            called = isCalled(lookout.callAt());
            if (called) {
                gather();
            }
        } while (called); // I2
        if (!over && closing && admission.pending() == 0 && delivering == 0) {
            over = true;
            lookout.over();
            aftermath.over();
        }
    }

    /** Tells producers from how many waiting jobs on they have to call: whether one should have done so already. */
    private boolean isCalled(int from) {
        doorbell.from(from);
        return from != Integer.MAX_VALUE && !intake.isEmpty() && admission.waiting() >= from;
    }

    /** Brings in what has come since: jobs, deadlines, the ends of backoffs. After an abort none of them stays. */
    private void gather() {
        collect();
        expire();
        if (retries != null) {
            retries.backoff.ripen(now);
        }
        if (aborting) {
            abandon();
        }
    }

    private void collect() {
        PendingJob<J, R> job = intake.takeAll();
        long emptied = now;
        if (job != null) {
            int arrived = 0;
            long last = Math.max(lastAcceptedNanos, emptiedNanos);
            long first = job.acceptedNanos == 0 ? last : job.acceptedNanos;
            while (job != null) {
                PendingJob<J, R> after = job.next;
                if (job.acceptedNanos == 0 && !needsEachTime) {
                    job.acceptedNanos = last; // I5
                }
                last = job.acceptedNanos;
                enlist(job);
                arrived++;
                job = after;
            }
            lastAcceptedNanos = last;
            now = Math.max(now, last); // or its age would be negative, and a due job not due
            lanes.appended();
            trigger.observed.arrived(arrived, last);
            if (!needsEachTime && settings.watch().on()) {
                doorbell.shareFor(arrived, first < last ? last - first : emptied - emptiedNanos, settings.batchSize());
            }
        }
        emptiedNanos = emptied;
    }

    private void enlist(PendingJob<J, R> job) {
        if (groups == null) {
            lanes.append(job);
        } else {
            groups.gather(job);
        }
        if (settings.timesOut()) {
            deadlines.add(job, admission.pending());
        }
        if (needsEachTime) {
            trigger.observed.arrived(job.acceptedNanos);
        }
    }

    private void expire() {
        PendingJob<J, R> job = deadlines.overdue(now);
        while (job != null) {
            PendingJob<J, R> late = job;
            depart(
                    late,
                    JobOutcome.TIMED_OUT,
                    () -> late.fail(
                            Failures.timedOut(settings.name(), settings.jobTimeoutNanos(), settings.cycleNanos())));
            job = deadlines.overdue(now);
        }
        batchDeadlines.expire();
    }

    private void abandon() {
        List<PendingJob<J, R>> waiting = new ArrayList<>();
        lanes.each(lane -> lane.collect(waiting));
        waiting.sort(Comparator.comparingLong(job -> job.acceptedNanos));
        for (PendingJob<J, R> job : waiting) {
            depart(job, JobOutcome.ABANDONED, () -> job.fail(Failures.abandoned(settings.name())));
            dispatcher.closing.abandoned(job.job);
        }
        if (retries != null) {
            List<PendingJob<J, R>> tried = new ArrayList<>();
            retries.backoff.collect(tried);
            tried.forEach(
                    job -> depart(job, JobOutcome.ABANDONED, () -> job.fail(Failures.notTriedAgain(settings.name()))));
        }
    }

    /** Lets blocked callers in, as far as there is room. */
    private void admitBlocked() {
        WaitingLine.Caller<J, R> caller = line.first();
        while (caller != null && (closing || isAdmitted(caller.job))) {
            line.leave(caller, closing ? WaitingLine.Fate.CLOSED : WaitingLine.Fate.ACCEPTED);
            caller = line.first();
        }
        admission.blocked(caller != null);
        trigger.pressed(caller != null);
    }

    /** Admits a job past the intake if there is room. */
    boolean isAdmitted(PendingJob<J, R> job) {
        if (job.weight() > settings.maxPendingWeight() - pendingWeight || admission.grant() < 0) {
            return false;
        }
        job.acceptedNanos = now;
        lastAcceptedNanos = now;
        pendingWeight += settings.limitsPendingWeight() ? job.weight() : 0;
        enlist(job);
        lanes.appended();
        trigger.observed.arrived(1, now);
        return true;
    }

    // ---------------------------------------------------------------- what transitions share

    /** Ends a job in the books, wherever it is; whoever does so completes its future after the lock. */
    void end(PendingJob<J, R> job, JobOutcome outcome) {
        Place<J, R> at = job.place;
        job.place = null;
        if (groups != null && at instanceof Meeting<J, R>) {
            if (groups.left(job)) {
                admission.endedWaiting(1);
            } else {
                admission.endedInFlight(1);
            }
            count(job, outcome);
        } else if (at instanceof Lane<J, R> lane) {
            lanes.ended(job, lane);
            admission.endedWaiting(1);
            count(job, outcome);
        } else {
            if (at instanceof Rerun<J, R> rerun && retries != null) {
                retries.ended(rerun);
            }
            admission.endedInFlight(count(job, outcome));
        }
    }

    /** Counts a job that has ended: how many callers' jobs that were. */
    int count(PendingJob<J, R> job, JobOutcome outcome) {
        if (groups != null && job instanceof Group<J, R> group) {
            return groups.ended(group, outcome);
        }
        books.ended(outcome, 1);
        forget(job);
        return 1;
    }

    /** Gives back what a job had that is more than a job. */
    void forget(PendingJob<J, R> job) {
        pendingWeight -= settings.limitsPendingWeight() ? job.weight() : 0;
        disclaim(lanes.laneOf(job));
        if (groups != null) {
            disclaim(Groups.own(job).leaveMeeting());
        }
    }

    /** A job of this lane or meeting has ended, or one of its batches has. */
    void disclaim(@Nullable KeyedPlace<J, R> place) {
        if (place != null && place.isVanished()) {
            aftermath.forget(place);
        }
    }

    /** Ends a job that its batch does not end; the completion follows after the lock. */
    void depart(PendingJob<J, R> job, JobOutcome outcome, Runnable completion) {
        long waited = waitedNanos(job);
        end(job, outcome);
        if (aftermath.depart(job, outcome, waited, now - job.acceptedNanos, completion)) {
            delivering++;
            flight.departing(aftermath);
        }
    }

    /** How long a job that has not ended has waited, or waited until it was dispatched. */
    private long waitedNanos(PendingJob<J, R> job) {
        Place<J, R> at = groups == null ? job.place : groups.placeOf(job);
        long until = at instanceof Batch<J, R> batch ? batch.dispatchedNanos : now;
        return Math.max(0, until - job.acceptedNanos);
    }

    /** Tells the policy how many slots are taken. */
    void observe() {
        trigger.observed.slots(slots.running(), slots.limit());
    }

    void rang(Alarm.Ring ring) {
        lookout.rang(ring);
    }

    /** Accepts nothing any more. */
    void close() {
        closing = true;
        admission.close();
        trigger.closing();
    }

    boolean isAborting() {
        return aborting;
    }

    void abort() {
        aborting = true;
    }
}
