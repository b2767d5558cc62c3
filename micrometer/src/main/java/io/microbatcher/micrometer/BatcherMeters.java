package io.microbatcher.micrometer;

import io.microbatcher.BatchListener;
import io.microbatcher.JobOutcome;
import io.microbatcher.MicroBatcher;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Meters what one batcher does, in a registry of Micrometer. Give each batcher one of its own:
 *
 * <pre>{@code
 * MicroBatcher.builder(processor)
 *         .name("prices")
 *         .listener(new BatcherMeters(registry))
 *         .build();
 * }</pre>
 *
 * <p>All meters have the tag {@code name}, with the name of the batcher: give it one, since that by default is another in
 * each run.
 *
 * <table>
 * <caption>The meters</caption>
 * <tr><th>name</th><th>type and tags beside {@code name}</th><th>of</th></tr>
 * <tr><td>{@code microbatcher.job}</td><td>timer, {@code outcome}</td><td>jobs that ended, from accepted to ended</td></tr>
 * <tr><td>{@code microbatcher.job.wait}</td><td>timer</td><td>the same jobs, until they were dispatched</td></tr>
 * <tr><td>{@code microbatcher.batch}</td><td>timer, {@code reason}, {@code outcome}</td><td>calls of the processor</td></tr>
 * <tr><td>{@code microbatcher.batch.wait}</td><td>timer</td><td>the wait of the oldest job of each batch</td></tr>
 * <tr><td>{@code microbatcher.batch.size}</td><td>distribution summary</td><td>the jobs in each batch</td></tr>
 * <tr><td>{@code microbatcher.pending}</td><td>gauge, {@code state}</td><td>jobs that have not ended</td></tr>
 * <tr><td>{@code microbatcher.slots}</td><td>gauge</td><td>slots in use: batches with the processor</td></tr>
 * <tr><td>{@code microbatcher.slots.limit}</td><td>gauge</td><td>how many there may be</td></tr>
 * <tr><td>{@code microbatcher.blocked}</td><td>gauge</td><td>callers that wait for room</td></tr>
 * <tr><td>{@code microbatcher.jobs.rejected}</td><td>counter, {@code reason}</td><td>jobs that were not accepted</td></tr>
 * <tr><td>{@code microbatcher.jobs.retried}</td><td>counter</td><td>jobs that are tried again, each time</td></tr>
 * <tr><td>{@code microbatcher.results.unmatched}</td><td>counter</td><td>results that belong to no job</td></tr>
 * </table>
 *
 * <p><b>Cost.</b> A few updates for each batch, none for each job: so the two timers of jobs have a count and a total, and
 * neither a maximum nor percentiles. {@link #timingEachJob()} has both, at the cost of two timings for each job. The timers
 * and the summary of batches have them in any case.
 *
 * <p><b>The same name twice.</b> Batchers of one name, at the same time or one after the other, share their meters: what they
 * do is added up.
 *
 * <p><b>The end.</b> Meters stay when a batcher is closed, so that what happened last is still reported; gauges no longer count
 * it. One that is dropped without having been closed counts until it is collected: it is held weakly.
 *
 * <p><b>Thread safety.</b> As for every listener. Locks nothing, once the batcher is built.
 *
 * <p><b>Failure.</b> Given to a second batcher it throws an {@link IllegalStateException} when that is built, which the log
 * of the library reports; what that batcher does is then counted under the name of the first. So it does for a batcher that
 * has another with the same registry and tags already; that one alone counts then.
 */
public final class BatcherMeters implements BatchListener {
    private final MeterRegistry registry;
    private final Tags tags;
    private final boolean eachJob;

    // Written before the batcher is known to anybody else.
    private @Nullable Meters meters;
    private @Nullable MicroBatcher<?, ?> batcher;

    /**
     * Meters a batcher.
     *
     * @param registry where the meters are, or will be once the batcher is built
     */
    public BatcherMeters(MeterRegistry registry) {
        this(registry, Tags.empty());
    }

    /**
     * Meters a batcher, with tags that all its meters have.
     *
     * @param registry where the meters are, or will be once the batcher is built
     * @param tags beside {@code name}; the same keys for all batchers of a registry
     */
    public BatcherMeters(MeterRegistry registry, Iterable<Tag> tags) {
        this(
                Objects.requireNonNull(registry, "registry must not be null"),
                Tags.of(Objects.requireNonNull(tags, "tags must not be null")),
                false);
    }

    private BatcherMeters(MeterRegistry registry, Tags tags, boolean eachJob) {
        this.registry = registry;
        this.tags = tags;
        this.eachJob = eachJob;
    }

    /**
     * Times each job by itself, so that {@code microbatcher.job} and {@code microbatcher.job.wait} have a maximum and, where
     * the registry is configured to have them, percentiles and histograms. Worth it unless jobs come by the million in a
     * second. All batchers of a registry should do the same: a registry cannot have a name in two forms.
     *
     * @return meters that do so, for one batcher; these are unchanged
     */
    public BatcherMeters timingEachJob() {
        return new BatcherMeters(registry, tags, true);
    }

    @Override
    public boolean watchesEachJob() {
        return eachJob;
    }

    @Override
    public void built(MicroBatcher<?, ?> batcher) {
        MicroBatcher<?, ?> first = this.batcher;
        if (first != null) {
            throw new IllegalStateException("these meters are those of " + first.name() + " and were given to "
                    + batcher.name() + " too, which is now counted as " + first.name()
                    + "; make a BatcherMeters for each batcher");
        }
        Meters shared = Meters.of(registry, tags.and("name", batcher.name()), eachJob);
        if (!shared.watched.add(batcher)) {
            throw new IllegalStateException(
                    batcher.name() + " has a BatcherMeters with the same registry and tags already, "
                            + "and a second one would count everything twice; give it one of them");
        }
        this.batcher = batcher;
        meters = shared;
    }

    @Override
    public void rejected(Object job, RuntimeException why) {
        Meters to = meters;
        if (to != null) {
            to.rejected(why);
        }
    }

    @Override
    public void dispatched(BatchInfo batch) {
        Meters to = meters;
        if (to != null) {
            to.dispatched(batch);
        }
    }

    @Override
    public void completed(BatchInfo batch, long nanos, int failedJobs) {
        batch(batch, nanos, failedJobs == 0 ? BatchOutcome.SUCCEEDED : BatchOutcome.PARTIAL);
    }

    @Override
    public void failed(BatchInfo batch, long nanos, Throwable cause) {
        batch(batch, nanos, BatchOutcome.FAILED);
    }

    private void batch(BatchInfo batch, long nanos, BatchOutcome outcome) {
        Meters to = meters;
        if (to != null) {
            to.batch(batch.reason(), outcome, nanos);
        }
    }

    @Override
    public void retried(BatchInfo batch, int jobs, Throwable cause) {
        Meters to = meters;
        if (to != null) {
            to.retried(jobs);
        }
    }

    @Override
    public void ended(JobOutcome outcome, int jobs, long waitNanos, long totalNanos) {
        Meters to = meters;
        if (to != null) {
            to.jobs.ended(outcome, jobs, waitNanos, totalNanos);
        }
    }

    @Override
    public void ended(Object job, JobOutcome outcome, long waitNanos, long totalNanos) {
        Meters to = meters;
        if (to != null) {
            to.jobs.ended(outcome, waitNanos, totalNanos);
        }
    }

    @Override
    public void unmatched(BatchInfo batch, @Nullable Object result) {
        Meters to = meters;
        if (to != null) {
            to.unmatched();
        }
    }

    @Override
    public void closed() {
        if (meters != null && batcher != null) {
            meters.watched.remove(batcher);
        }
    }
}
