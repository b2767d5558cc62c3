package io.microbatcher;

import org.jspecify.annotations.Nullable;

/**
 * When somebody has to look at the {@link Board} again, if nothing else happens before: the alarm, a worker that is sent
 * ahead, or the producer of one of the next jobs. Guarded by the board's lock.
 */
final class Lookout<J, R extends @Nullable Object> {
    /** A batch that takes this many times as long as batches do hangs. */
    private static final int HANGING = 8;

    /** How long before a batch is due a worker is sent for it: longer than it takes to wake two threads. */
    private static final long AHEAD_NANOS = 300_000;

    /** How late that worker may be before the alarm does its work. */
    private static final long LATE_NANOS = 1_000_000;

    private final Board<J, R> board;
    private final Alarm alarm;
    private final boolean sendsAhead;

    /** When is due what the last worker was sent ahead for. */
    private long sentForNanos;

    Lookout(Board<J, R> board, Dispatcher<J, R> dispatcher) {
        this.board = board;
        this.alarm = new Alarm(dispatcher);
        this.sendsAhead = board.settings.sendsAhead();
    }

    /** Makes sure that the alarm rings in time: what is to be scheduled for it after the lock, if it is not yet. */
    Alarm.@Nullable Ring ringBy(long hangsAt, int ripeBatches) {
        return alarm.ringBy(Math.min(hangsAt, wakeAt(ripeBatches)));
    }

    void rang(Alarm.Ring ring) {
        alarm.rang(ring);
    }

    /** Nothing is looked for any more. */
    void over() {
        alarm.off();
    }

    /** Notices batches that hang, where they would hold a limit down that was learnt: when to look again. */
    long noticeHanging() {
        double patience = HANGING * board.trigger.observed.durationNanos();
        if (!board.slots.adapts() || patience == 0) {
            return Nanos.FOREVER;
        }
        board.slots.hanging(board.flight.countUntil(board.now() - (long) patience));
        Batch<J, R> next = board.flight.firstAfter(board.now() - (long) patience);
        return next == null || (board.admission.waiting() == 0 && !isRerunDue())
                ? Nanos.FOREVER
                : Nanos.after(next.dispatchedNanos, (long) patience);
    }

    /** When to look again if nothing happens before. */
    private long wakeAt(int ripeBatches) {
        long at = board.slots.trustEndsNanos();
        if (ripeBatches < board.slots.limit() - board.slots.running()) { // what is ripe is covered: a worker comes
            at = Math.min(at, lookAt(board.lanes.dueNanos()));
        }
        at = Math.min(at, board.retries == null ? Nanos.FOREVER : board.retries.backoff.nextNanos());
        return Math.min(at, Math.min(board.deadlines.nextNanos(), board.batchDeadlines.nextNanos()));
    }

    /**
     * When to look after what is due then. To wake the timer's thread and after it a worker's takes a multiple of one
     * wake-up: so a worker is sent ahead, and waits on its thread for the moment; the alarm comes only if it is late.
     */
    private long lookAt(long dueNanos) {
        if (!sendsAhead || dueNanos == Nanos.FOREVER) {
            return dueNanos;
        }
        if (dueNanos - AHEAD_NANOS > board.now()) {
            return dueNanos - AHEAD_NANOS;
        }
        if (sentForNanos < dueNanos) {
            sentForNanos = dueNanos;
            board.aftermath.sendAhead(dueNanos);
        }
        return Nanos.after(dueNanos, LATE_NANOS);
    }

    private boolean isRerunDue() {
        return board.retries != null && board.retries.backoff.isAnyDue();
    }

    /** From how many waiting jobs on the next producer has to call. */
    int callAt() {
        boolean empty = board.lanes.isEmpty();
        if (empty && alarm.setForNanos() > board.deadlines.nextAfter(board.now())) {
            return 1;
        }
        if (board.slots.uncovered(board.now()) <= 0) {
            return board.slots.adapts() && empty
                    ? 1
                    : Integer.MAX_VALUE; // the first to wait sets the alarm for what hangs
        }
        int coming = board.slots.coming(board.now());
        boolean unwatched = empty && coming == 0 && alarm.setForNanos() > board.trigger.ageDueNanos(board.now());
        return unwatched || isRerunDue()
                ? 1
                : board.lanes.lookAgainAt(coming); // who comes may come for what is tried again
    }
}
