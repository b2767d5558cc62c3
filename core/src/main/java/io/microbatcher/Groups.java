package io.microbatcher;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Jobs with equal keys that are asked once: who joins whom, and what is left when one of them goes. Guarded by the
 * board's lock, except for the map by key.
 *
 * <pre>
 * (none) --first job--> WAITING --slot takes--> IN FLIGHT --answer--> ENDED
 *                       place = lane            place = batch         place = null
 *                          |                       |
 *                          +--last caller goes-----+----------------> ENDED
 * </pre>
 *
 * <p>With a {@link RetryPolicy} it may come back from its batch, with all who are in it, as a {@link Rerun}, and end there.
 *
 * <p>I1: whether a job joins a group is decided once, when it is gathered, in the same section in which a batch may take
 * the group: it joins the one that was formed last for its key and lane if that is open then, and forms a new one
 * otherwise. Taking starts with gathering, so that whoever was accepted before is in; whoever comes later finds the group
 * in flight, or about to be tried again, which is open only if that was asked for.
 *
 * <p>I2: a group ends once: with the answer to it, which ends every caller that is still in it, or with the last caller
 * that goes. An ended group is never joined: its callers' callbacks may ask for the same key again and are asked anew.
 *
 * <p>I3: every caller counts as a job: when it is accepted, while it is pending, when it ends. For the size and the weight
 * of a lane and a batch the group counts, once.
 */
final class Groups<J, R extends @Nullable Object> {
    private final Board<J, R> board;
    private final Function<? super J, ?> key;
    private final boolean joinsInFlight;
    private final KeyedPlaces<Meeting<J, R>> meetings;

    Groups(Board<J, R> board, Dispatcher<J, R> dispatcher, Function<? super J, ?> key, boolean joinsInFlight) {
        this.board = board;
        this.key = key;
        this.joinsInFlight = joinsInFlight;
        this.meetings = new KeyedPlaces<>(of -> new Meeting<>(dispatcher, of));
    }

    // ---------------------------------------------------------------- by key, without the lock

    /** Claims the meeting of a job that has its lane. The key function, and the key's own methods, are the user's. */
    void claim(PendingJob<J, R> job) {
        Object of = key.apply(job.job);
        if (of == null) {
            throw new NullPointerException("the key function of coalesceBy returned null for the job " + job.job);
        }
        own(job).meetsAt(meetings.claim(new Meeting.InLane(board.lanes.laneOf(job), of)));
    }

    /** A meeting has vanished. Calls the keys' own methods, which are the user's: not under the lock. */
    void forget(Meeting<J, R> meeting) {
        meetings.forget(meeting);
    }

    // ---------------------------------------------------------------- who joins whom

    /** A job that was accepted joins a group, or forms one (I1). */
    void gather(PendingJob<J, R> accepted) {
        CoalescedJob<J, R> job = own(accepted);
        Meeting<J, R> meeting = job.meeting();
        job.place = meeting;
        Group<J, R> group = meeting.group;
        if (group == null || !isOpen(group)) {
            group = new Group<>(job, board.lanes.laneOf(job));
            meeting.group = group;
            board.lanes.append(group, job);
            return;
        }
        group.add(job);
        board.books.countCoalesced();
        if (group.place instanceof Lane<J, R>) {
            board.lanes.joined(job, group);
            return;
        }
        board.admission.taken(1);
        if (group.place instanceof Batch<J, R> batch) {
            batch.joined();
        } else if (group.place instanceof Rerun<J, R> rerun && board.retries != null) {
            board.retries.backoff.joined(rerun);
        }
    }

    private boolean isOpen(Group<J, R> group) {
        return group.place instanceof Lane<J, R> || (joinsInFlight && group.place != null);
    }

    /** Where a pending job is, or its group. */
    @Nullable
    Place<J, R> placeOf(PendingJob<J, R> job) {
        Group<J, R> group = own(job).group;
        return group == null ? job.place : group.place;
    }

    /** A caller goes without the answer (I2): whether it had waited. */
    boolean left(PendingJob<J, R> gone) {
        CoalescedJob<J, R> job = own(gone);
        Group<J, R> group = job.group;
        if (group == null) {
            throw new AssertionError("a pending job that was gathered is in a group");
        }
        Place<J, R> at = group.place;
        Lane<J, R> lane = at instanceof Lane<J, R> waiting ? waiting : null;
        if (group.callers() > 1) {
            if (lane != null) {
                board.lanes.parted(job, group, lane);
            } else {
                group.remove(job);
                if (at instanceof Rerun<J, R> rerun && board.retries != null) {
                    board.retries.backoff.parted(rerun);
                }
            }
        } else {
            group.place = null;
            if (lane != null) {
                board.lanes.ended(group, lane);
            }
            group.remove(job);
            group.over();
            close(job.meeting(), group);
            if (at instanceof Rerun<J, R> rerun && board.retries != null) {
                board.retries.ended(rerun);
            }
        }
        return lane != null;
    }

    /** The answer to a group ends all of its callers (I2): how many those were. */
    int ended(Group<J, R> group, JobOutcome outcome) {
        for (CoalescedJob<J, R> job = group.first(); job != null; job = job.after) {
            job.place = null;
            close(job.meeting(), group);
            board.count(job, outcome);
        }
        return group.callers();
    }

    private static <J, R extends @Nullable Object> void close(Meeting<J, R> meeting, Group<J, R> group) {
        if (meeting.group == group) {
            meeting.group = null;
        }
    }

    @SuppressWarnings("unchecked") // where there are groups, every job is of this kind
    static <J, R extends @Nullable Object> CoalescedJob<J, R> own(PendingJob<J, R> job) {
        return (CoalescedJob<J, R>) job;
    }
}
