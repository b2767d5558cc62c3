package io.microbatcher;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A job that may share its answer with others: one caller's part in a {@link Group}. It is in no lane and in no batch
 * itself; its group is, for all of them.
 */
final class CoalescedJob<J, R extends @Nullable Object> extends RetriableJob<J, R> {
    /** Where it meets its like; written by its submitter before it is accepted, null when the claim was given back. */
    private @Nullable Meeting<J, R> meeting;

    // Guarded by the board's lock.

    @Nullable
    Group<J, R> group;

    /** Its neighbours in the group, which are in order of acceptance. */
    @Nullable
    CoalescedJob<J, R> before;

    @Nullable
    CoalescedJob<J, R> after;

    /** Its neighbours among all callers that wait in the lane. */
    @Nullable
    CoalescedJob<J, R> earlier;

    @Nullable
    CoalescedJob<J, R> later;

    CoalescedJob(
            J job,
            long weight,
            @Nullable ResultChannel<J, R> channel,
            @Nullable RuntimeException refusal,
            @Nullable CallerContext context) {
        super(job, weight, channel, refusal, context);
    }

    void meetsAt(Meeting<J, R> claimed) {
        meeting = claimed;
    }

    Meeting<J, R> meeting() {
        return Objects.requireNonNull(meeting, "claimed before the job is accepted");
    }

    /** The meeting of which it had a claim, which is to be given back; null if it had none. */
    @Nullable
    Meeting<J, R> leaveMeeting() {
        Meeting<J, R> left = meeting;
        meeting = null;
        return left;
    }
}
