package io.microbatcher.model;

import io.microbatcher.DispatchReason;
import io.microbatcher.JobOutcome;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A batch as the model sees it. */
final class ModelBatch {
    final long id;
    final List<ModelGroup> groups;

    /** What the processor is asked with. */
    final List<ModelJob> jobs;

    final long weight;
    final long oldestNanos;
    final DispatchReason reason;
    final long dispatchedNanos;

    boolean finished;
    int failedJobs;
    int endEvents;

    /** What failed it as a whole. */
    @Nullable
    Throwable failure;

    /** The positions that were answered while it ran. */
    final BitSet answered = new BitSet();

    ModelBatch(long id, List<ModelGroup> groups, DispatchReason reason, long dispatchedNanos) {
        this.id = id;
        this.groups = groups;
        this.jobs = groups.stream().map(ModelGroup::asked).toList();
        this.oldestNanos =
                jobs.stream().mapToLong(job -> job.acceptedNanos).min().getAsLong();
        this.weight = jobs.stream().mapToLong(job -> job.weight).sum();
        this.reason = reason;
        this.dispatchedNanos = dispatchedNanos;
    }

    /** What a processor says about one job. */
    record Said(
            JobOutcome outcome,
            @Nullable Object value,
            @Nullable Throwable cause) {
        static final Said NOTHING = new Said(JobOutcome.MISSING, null, null);

        static Said value(@Nullable Object value) {
            return new Said(JobOutcome.SUCCEEDED, value, null);
        }

        static Said failure(Throwable cause) {
            return new Said(JobOutcome.FAILED, null, cause);
        }
    }

    /** What a processor says about all jobs: by position, or one failure for all. */
    record Verdict(
            List<Said> byPosition, int unmatched, @Nullable Throwable failure) {
        static Verdict failed(Throwable cause) {
            return new Verdict(List.of(), 0, cause);
        }

        Said at(int position) {
            return failure == null ? byPosition.get(position) : Said.failure(failure);
        }
    }

    @Override
    public String toString() {
        return "batch " + id + " " + reason + " "
                + jobs.stream().map(job -> job.job.param()).toList();
    }
}
