package io.microbatcher;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A snapshot of what a batcher has done and holds. Its counts belong together: {@link #accepted()} is always the sum of
 * the jobs that {@linkplain #jobs(JobOutcome) ended} and those that are {@linkplain #pending() pending}.
 *
 * <p><b>Thread safety.</b> Immutable.
 */
public final class BatcherStats {
    private static final Pattern NEXT_WORD = Pattern.compile("_(.)");

    private final Map<JobOutcome, Long> jobs;
    private final Map<DispatchReason, Long> batches;
    private final long rejected;
    private final long unmatched;
    private final long coalesced;
    private final long dispatchedJobs;
    private final long retries;
    private final int toRetry;
    private final int batchSize;
    private final int waiting;
    private final int inFlight;
    private final int inFlightBatches;
    private final int blocked;
    private final int slots;
    private final long batchNanos;

    BatcherStats(
            Books books,
            int batchSize,
            int waiting,
            int toRetry,
            int inFlight,
            int inFlightBatches,
            int blocked,
            int slots,
            long batchNanos) {
        this.jobs = new EnumMap<>(JobOutcome.class);
        for (JobOutcome outcome : JobOutcome.values()) {
            jobs.put(outcome, books.jobs(outcome));
        }
        this.batches = new EnumMap<>(DispatchReason.class);
        for (DispatchReason reason : DispatchReason.values()) {
            batches.put(reason, books.batches(reason));
        }
        this.rejected = books.rejected();
        this.unmatched = books.unmatched();
        this.coalesced = books.coalesced();
        this.dispatchedJobs = books.dispatchedJobs();
        this.retries = books.retries();
        this.toRetry = toRetry;
        this.batchSize = batchSize;
        this.waiting = waiting;
        this.inFlight = inFlight;
        this.inFlightBatches = inFlightBatches;
        this.blocked = blocked;
        this.slots = slots;
        this.batchNanos = batchNanos;
    }

    /**
     * Counts the accepted jobs.
     *
     * @return all that have ended and all that are pending
     */
    public long accepted() {
        return ended() + pending();
    }

    /**
     * Counts the accepted jobs that have ended, in whatever way.
     *
     * @return the sum over all outcomes
     */
    public long ended() {
        return jobs.values().stream().mapToLong(Long::longValue).sum();
    }

    /**
     * Counts the accepted jobs that ended in one way.
     *
     * @param outcome the way
     * @return how many
     */
    public long jobs(JobOutcome outcome) {
        return jobs.getOrDefault(outcome, 0L);
    }

    /**
     * Counts the jobs that were not accepted.
     *
     * @return how many
     */
    public long rejected() {
        return rejected;
    }

    /**
     * Counts the results that belonged to no job of their batch and were dropped. More than zero is a bug in the
     * processor, or came after a {@link MicroBatcher.Builder#batchTimeout batchTimeout}.
     *
     * @return how many
     */
    public long unmatched() {
        return unmatched;
    }

    /**
     * Counts the accepted jobs that joined one with an equal key instead of being asked themselves, with
     * {@link MicroBatcher.Builder#coalesceBy(java.util.function.Function) coalesceBy}. Each of them is accepted and ends,
     * and is in those counts too.
     *
     * @return how many
     */
    public long coalesced() {
        return coalesced;
    }

    /**
     * Counts the batches that were dispatched.
     *
     * @return the sum over all reasons
     */
    public long batches() {
        return batches.values().stream().mapToLong(Long::longValue).sum();
    }

    /**
     * Counts the batches that left for one reason.
     *
     * @param reason the reason
     * @return how many
     */
    public long batches(DispatchReason reason) {
        return batches.getOrDefault(reason, 0L);
    }

    /**
     * Tells how many jobs a batch held, on average; those that were {@linkplain #coalesced() coalesced} are one.
     *
     * @return the mean, or 0 before the first batch
     */
    public double meanBatchSize() {
        long count = batches();
        return count == 0 ? 0 : (double) dispatchedJobs / count;
    }

    /**
     * Tells how full batches were, on average.
     *
     * @return {@link #meanBatchSize()} as a part of {@code batchSize}: 0 to 1
     */
    public double meanBatchFill() {
        return meanBatchSize() / batchSize;
    }

    /**
     * Counts how many times a job was handed to the processor again: for another attempt, or in a part of a batch that had
     * failed.
     *
     * @return the sum over all jobs
     */
    public long retries() {
        return retries;
    }

    /**
     * Counts the accepted jobs that have not ended.
     *
     * @return {@link #waiting()} and {@link #inFlight()} together
     */
    public int pending() {
        return waiting + inFlight;
    }

    /**
     * Counts the jobs that no batch has taken yet, and those that are to be tried again.
     *
     * @return how many
     */
    public int waiting() {
        return waiting;
    }

    /**
     * Counts the jobs that have failed and wait to be tried again, for the end of their backoff or for a slot.
     *
     * @return how many of the {@link #waiting()}
     */
    public int toRetry() {
        return toRetry;
    }

    /**
     * Counts the jobs whose batch is with the processor.
     *
     * @return how many
     */
    public int inFlight() {
        return inFlight;
    }

    /**
     * Counts the batches that are with the processor.
     *
     * @return the slots in use
     */
    public int inFlightBatches() {
        return inFlightBatches;
    }

    /**
     * Counts the callers that wait for room.
     *
     * @return how many
     */
    public int blocked() {
        return blocked;
    }

    /**
     * Tells how many batches may be in flight at the same time: {@code maxConcurrentBatches}, or what
     * {@link MicroBatcher.Builder#adaptiveConcurrency adaptiveConcurrency} has learnt.
     *
     * @return the limit now
     */
    public int slots() {
        return slots;
    }

    /**
     * Tells how long the processor takes for a batch, as the batcher has learnt it: an average in which recent batches
     * weigh more, without those that failed as a whole.
     *
     * @return the duration, zero before the first batch has ended
     */
    public Duration batchDuration() {
        return Duration.ofNanos(batchNanos);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("BatcherStats[accepted=").append(accepted());
        jobs.forEach((outcome, count) -> appendUnlessNone(text, camelCase(outcome), count));
        appendUnlessNone(text, "coalesced", coalesced);
        appendUnlessNone(text, "rejected", rejected);
        appendUnlessNone(text, "unmatched", unmatched);
        text.append(", batches=").append(batches());
        if (batches() > 0) {
            text.append(batches.entrySet().stream()
                    .filter(by -> by.getValue() > 0)
                    .map(by -> camelCase(by.getKey()) + "=" + by.getValue())
                    .collect(Collectors.joining(", ", " (", ")")));
            text.append(String.format(Locale.ROOT, ", meanBatchSize=%.1f", meanBatchSize()));
        }
        appendUnlessNone(text, "retries", retries);
        appendUnlessNone(text, "waiting", waiting);
        appendUnlessNone(text, "toRetry", toRetry);
        appendUnlessNone(text, "inFlight", inFlight);
        appendUnlessNone(text, "inFlightBatches", inFlightBatches);
        appendUnlessNone(text, "blocked", blocked);
        text.append(", slots=").append(slots);
        if (batchNanos > 0) {
            text.append(", batchDuration=").append(duration());
        }
        return text.append(']').toString();
    }

    private static void appendUnlessNone(StringBuilder text, String name, long count) {
        if (count > 0) {
            text.append(", ").append(name).append('=').append(count);
        }
    }

    private static String camelCase(Enum<?> name) {
        return NEXT_WORD
                .matcher(name.name().toLowerCase(Locale.ROOT))
                .replaceAll(letter -> letter.group(1).toUpperCase(Locale.ROOT));
    }

    private String duration() {
        if (batchNanos < 1_000_000) {
            return String.format(Locale.ROOT, "%.1f µs", batchNanos / 1e3);
        }
        return batchNanos < 1_000_000_000
                ? String.format(Locale.ROOT, "%.1f ms", batchNanos / 1e6)
                : String.format(Locale.ROOT, "%.1f s", batchNanos / 1e9);
    }
}
