package io.microbatcher;

import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The lanes of a batcher, and which of them gives the next batch. A batcher that is not partitioned has one. Guarded by
 * the board's lock, except for the map by key.
 *
 * <p>I1: a lane with waiting jobs that may give a batch is in exactly one of two places: ready, served in turns, each one
 * batch at a time; or ageing, where the trigger watches the one with the oldest job. A lane that may not, because as
 * many of its batches are in flight as may be, or because they may not overlap and a job of it is backing off, is in
 * neither until that ends. A lane with jobs that are due to be run again is ready.
 */
final class Lanes<J, R extends @Nullable Object> {
    private final Trigger trigger;
    private final @Nullable Function<? super J, ?> key;
    private final int maxBatchesPerLane;
    private final boolean retries;
    private final Lane<J, R> only;
    private final KeyedPlaces<Lane<J, R>> byKey;

    private final AgeHeap<J, R> ageing = new AgeHeap<>();
    private @Nullable Lane<J, R> firstReady;
    private @Nullable Lane<J, R> lastReady;

    /** How many jobs wait in the fullest lane that was seen since nothing waited: an upper bound. */
    private int fullest;

    /** How many jobs wait in lanes, each caller's own: those that are admitted and on their way are not among them. */
    private int waiting;

    Lanes(Dispatcher<J, R> dispatcher, Trigger trigger) {
        Settings<J, R> settings = dispatcher.settings;
        this.trigger = trigger;
        this.key = settings.key();
        this.maxBatchesPerLane = settings.maxBatchesPerLane();
        this.retries = settings.retries();
        boolean weighs = settings.weigher() != null;
        boolean coalesces = settings.coalesces();
        this.only = new Lane<>(dispatcher, null, weighs, coalesces);
        this.byKey = new KeyedPlaces<>(of -> new Lane<>(dispatcher, of, weighs, coalesces));
    }

    // ---------------------------------------------------------------- by key, without the lock

    /** The lane of a job, with a claim on it. The key function, and the key's own methods, are the user's. */
    Lane<J, R> claim(J job) {
        if (key == null) {
            return only;
        }
        Object of = key.apply(job);
        if (of == null) {
            throw new NullPointerException("the key function of partitionBy returned null for the job " + job);
        }
        return byKey.claim(of);
    }

    Lane<J, R> laneOf(PendingJob<J, R> job) {
        return job.lane(only);
    }

    /** A lane has vanished. Calls the keys' own methods, which are the user's: not under the lock. */
    void forget(Lane<J, R> lane) {
        byKey.forget(lane);
    }

    // ---------------------------------------------------------------- which is next

    void append(PendingJob<J, R> job) {
        Lane<J, R> lane = job.lane(only);
        lane.append(job);
        waiting++;
        if (key != null) {
            fullest = Math.max(fullest, lane.size());
            changed(lane);
        }
    }

    /** A group has come to its lane, with its first caller. */
    void append(Group<J, R> group, CoalescedJob<J, R> caller) {
        group.lane(only).joined(caller);
        append(group);
    }

    /** A caller has joined a group that waits: its lane has no more to give than before. */
    void joined(CoalescedJob<J, R> caller, Group<J, R> group) {
        group.lane(only).joined(caller);
        waiting++;
    }

    /** One of several callers of a group that waits has gone. */
    void parted(CoalescedJob<J, R> caller, Group<J, R> group, Lane<J, R> lane) {
        lane.parted(caller, group);
        waiting--;
        lane.released = null;
        changed(lane);
    }

    /** Jobs have come to lanes that {@link #append} did not look at. */
    void appended() {
        if (key == null) {
            changed(only);
        }
    }

    /** Puts a lane where it belongs (I1), after anything about it has changed. */
    void changed(Lane<J, R> lane) {
        boolean reruns = retries && lane.dueReruns() > 0;
        if ((lane.size() == 0 && !reruns) || lane.inFlight >= maxBatchesPerLane || (retries && isHeldBack(lane))) {
            ageing.remove(lane);
            unready(lane);
            lane.released = lane.size() == 0 ? null : lane.released;
        } else if (reruns || lane.released != null || trigger.isRipe(lane)) {
            ageing.remove(lane);
            ready(lane);
        } else {
            unready(lane);
            ageing.update(lane);
            fullest = Math.max(fullest, lane.size());
        }
        if (isEmpty()) {
            fullest = 0;
        }
    }

    /** Whether the batches of a lane may not overlap, so that its jobs keep their order whatever fails. */
    boolean isStrict() {
        return maxBatchesPerLane == 1;
    }

    /** Whether the jobs of a lane wait for one before them, which is tried again when its time comes. */
    private boolean isHeldBack(Lane<J, R> lane) {
        return isStrict() && lane.isBackingOff();
    }

    /** Whether no lane has anything to give. */
    boolean isEmpty() {
        return firstReady == null && ageing.size() == 0;
    }

    /**
     * Releases the lanes that are due, and counts the batches that are ready, up to as many as are wanted: with weights
     * possibly too few, never none when there is one.
     *
     * @param wanted how many batches there are slots for
     */
    int ripeBatches(int wanted, long nowNanos) {
        dropStale();
        int ripe = 0;
        for (Lane<J, R> lane = firstReady; lane != null && ripe < wanted; lane = lane.readyAfter) {
            ripe += Math.min(retries ? batches(lane) : trigger.batches(lane), maxBatchesPerLane - lane.inFlight);
        }
        Lane<J, R> oldest = ageing.first();
        while (oldest != null && isReleased(oldest, ripe < wanted, nowNanos)) {
            changed(oldest);
            ripe++;
            oldest = ageing.first();
        }
        return ripe;
    }

    /** How many batches a lane that is ready has to give, those that are run again among them. */
    private int batches(Lane<J, R> lane) {
        boolean newJobs = lane.size() > 0 && (lane.released != null || trigger.isRipe(lane));
        return lane.dueReruns() + (newJobs ? trigger.batches(lane) : 0);
    }

    /** Blocked callers are gone: the lane whose turn it is has to be due for another reason. */
    private void dropStale() {
        Lane<J, R> first = firstReady;
        while (first != null && first.released == DispatchReason.PRESSURE && !trigger.isPressed()) {
            first.released = null;
            changed(first);
            first = firstReady == first ? null : firstReady;
        }
    }

    /** Where lanes compete for slots that are all taken, each gets its turn; alone, a lane waits for the policy's word. */
    private boolean isReleased(Lane<J, R> oldest, boolean slotIsFree, long nowNanos) {
        boolean lanesCompete = firstReady != null || ageing.size() > 1;
        oldest.released = trigger.dueBecause(oldest, nowNanos, slotIsFree, lanesCompete);
        return oldest.released != null;
    }

    /** When the next lane is due if nothing happens; {@link Nanos#FOREVER} if none is. */
    long dueNanos() {
        Lane<J, R> oldest = ageing.first();
        return oldest == null ? Nanos.FOREVER : trigger.dueNanos(oldest);
    }

    /** From how many waiting jobs on a lane may be due that is not yet, when workers come for some batches. */
    int lookAgainAt(int coming) {
        if (key == null) {
            return trigger.lookAgainAt(only, coming);
        }
        return trigger.looksAtEachJob() ? 1 : waiting + Math.max(1, trigger.missing(fullest));
    }

    /** The lane whose turn it is to give a batch, or null if none is ready. */
    @Nullable
    Lane<J, R> next() {
        return firstReady;
    }

    /** A lane has given a batch, with new jobs of so many callers: it goes to the end of the queue, or out of it. */
    void served(Lane<J, R> lane, int callers) {
        waiting -= callers;
        lane.claimAgain();
        lane.inFlight++;
        lane.released = null;
        unready(lane);
        changed(lane);
    }

    /** A batch of a lane has left its slot. */
    void landed(Lane<J, R> lane) {
        lane.inFlight--;
        changed(lane);
    }

    /** A job has ended in its lane before a batch took it; the trigger has to look at those that remain. */
    void ended(PendingJob<J, R> job, Lane<J, R> lane) {
        lane.forget(job);
        waiting--;
        lane.released = null;
        changed(lane);
    }

    // ---------------------------------------------------------------- all of them

    void markFlush() {
        each(lane -> {
            lane.markFlush();
            changed(lane);
        });
    }

    /** Shows every lane that may have jobs. */
    void each(Consumer<Lane<J, R>> look) {
        if (key == null) {
            look.accept(only);
        } else {
            byKey.each(look);
        }
    }

    private void ready(Lane<J, R> lane) {
        if (lane.ready) {
            return;
        }
        lane.ready = true;
        lane.readyBefore = lastReady;
        if (lastReady == null) {
            firstReady = lane;
        } else {
            lastReady.readyAfter = lane;
        }
        lastReady = lane;
    }

    private void unready(Lane<J, R> lane) {
        if (!lane.ready) {
            return;
        }
        Lane<J, R> before = lane.readyBefore;
        Lane<J, R> after = lane.readyAfter;
        if (before == null) {
            firstReady = after;
        } else {
            before.readyAfter = after;
        }
        if (after == null) {
            lastReady = before;
        } else {
            after.readyBefore = before;
        }
        lane.readyBefore = null;
        lane.readyAfter = null;
        lane.ready = false;
    }
}
