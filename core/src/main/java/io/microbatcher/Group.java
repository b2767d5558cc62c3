package io.microbatcher;

import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Jobs with equal keys that are asked once: what stands in the lane and in the batch for all of them. Nobody's future; it
 * completes when all of its callers know their result, or all have gone.
 *
 * <p>The callers come and go, under the board's lock, until {@link #place} is null: then the list is fixed, and belongs to
 * the thread that ended the group.
 *
 * <p>The processor is asked with the job of the caller that came first of those that are left when a batch takes the
 * group, in that caller's context: a job that was taken back while it waited never reaches it (R1.6), also if it waited to
 * be tried again. The turn of the group is that of its first caller, also when that has gone.
 *
 * <p>What is tried again is the group, for all who are in it: they share its {@link Attempts}.
 */
final class Group<J, R extends @Nullable Object> extends PendingJob<J, R> {
    private final Lane<J, R> lane;
    private @Nullable CoalescedJob<J, R> first;
    private @Nullable CoalescedJob<J, R> last;
    private int size;
    private long weight;
    private J asked;

    /** What the caller of that job carries. */
    private @Nullable Object context;

    /** What all callers carried when a batch took it; null where nobody carries anything. */
    private @Nullable Object @Nullable [] contexts;

    /** Null before it has failed. */
    private @Nullable Attempts attempts;

    Group(CoalescedJob<J, R> first, Lane<J, R> lane) {
        super(first.job);
        this.asked = first.job;
        this.lane = lane;
        this.weight = first.weight();
        this.acceptedNanos = first.acceptedNanos;
        add(first);
    }

    void add(CoalescedJob<J, R> job) {
        job.next = null; // it was in the intake
        job.group = this;
        job.before = last;
        if (last == null) {
            first = job;
        } else {
            last.after = job;
        }
        last = job;
        size++;
    }

    /** A caller has gone. The group then weighs what the first that is left does: not while a lane counts its weight. */
    void remove(CoalescedJob<J, R> job) {
        CoalescedJob<J, R> before = job.before;
        CoalescedJob<J, R> after = job.after;
        if (before == null) {
            first = after;
        } else {
            before.after = after;
        }
        if (after == null) {
            last = before;
        } else {
            after.before = before;
        }
        part(job);
        size--;
        weight = first == null ? 0 : first.weight();
        if (attempts != null) {
            job.hasFailed(attempts.untilNow()); // it ends without the lock, while others may be tried once more
        }
    }

    @Nullable
    CoalescedJob<J, R> first() {
        return first;
    }

    @Override
    int callers() {
        return size;
    }

    @Override
    long weight() {
        return weight;
    }

    @Override
    long lastAcceptedNanos() {
        return last == null ? acceptedNanos : last.acceptedNanos;
    }

    @Override
    @Nullable
    Attempts attempts() {
        return attempts;
    }

    @Override
    void hasFailed(Attempts first) {
        attempts = first;
    }

    @Override
    @Nullable
    Object context() {
        return context;
    }

    @Override
    Lane<J, R> lane(Lane<J, R> only) {
        return lane;
    }

    /** A batch takes it: from now on it is decided whose job is asked. */
    @Override
    void taken(Batch<J, R> batch) {
        CoalescedJob<J, R> oldest = Objects.requireNonNull(first, "a group that nobody is in has ended");
        asked = oldest.job;
        context = oldest.context();
        contexts = batch.dispatcher.settings.contexts() == null ? null : contextsOfAll();
        acceptedNanos = oldest.acceptedNanos;
        super.taken(batch);
    }

    private @Nullable Object[] contextsOfAll() {
        @Nullable Object[] all = new Object[size];
        int place = 0;
        for (CoalescedJob<J, R> job = first; job != null; job = job.after) {
            all[place++] = job.context();
        }
        return all;
    }

    @Override
    void addContexts(List<@Nullable Object> callers) {
        if (contexts != null) {
            Collections.addAll(callers, contexts);
        }
    }

    @Override
    J asked() {
        return asked;
    }

    @Override
    void addTo(List<? super PendingJob<J, R>> pending) {
        for (CoalescedJob<J, R> job = place == null ? null : first; job != null; job = job.after) {
            pending.add(job);
        }
    }

    @Override
    void eachToCome(Consumer<PendingJob<J, R>> count) {
        for (CoalescedJob<J, R> job = first; job != null; job = job.after) {
            count.accept(job);
        }
    }

    /** Shows every caller that had not gone before the answer, and forgets it. */
    @Override
    void each(Consumer<PendingJob<J, R>> tell) {
        CoalescedJob<J, R> job = first;
        first = null;
        last = null;
        while (job != null) {
            CoalescedJob<J, R> after = job.after;
            part(job); // a caller that keeps its future keeps no neighbours alive
            job.attempts = attempts;
            tell.accept(job);
            job = after;
        }
        over();
    }

    /** Every caller knows, or has gone. */
    @SuppressWarnings("NullAway") // nobody's result
    void over() {
        super.succeed(null);
    }

    private static void part(CoalescedJob<?, ?> job) {
        job.group = null;
        job.before = null;
        job.after = null;
    }
}
