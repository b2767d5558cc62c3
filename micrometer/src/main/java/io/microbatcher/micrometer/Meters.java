package io.microbatcher.micrometer;

import io.microbatcher.BatchListener.BatchInfo;
import io.microbatcher.BatcherClosedException;
import io.microbatcher.BatcherFullException;
import io.microbatcher.BatcherStats;
import io.microbatcher.DispatchReason;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The meters of all batchers of one name in one registry: found by their tags once, when a batcher is built, and by position
 * in an array from then on.
 *
 * <p>A registry keeps them alive, by a gauge that holds them; nothing here keeps a registry alive.
 */
@SuppressWarnings("EnumOrdinal") // arrays by enum; the ordinal leaves nothing here
final class Meters {
    private static final Map<MeterRegistry, Map<Tags, WeakReference<Meters>>> KNOWN = new WeakHashMap<>();
    private static final int REASONS = DispatchReason.values().length;

    final JobMeters jobs;
    final Watched watched = new Watched();

    private final WeakReference<MeterRegistry> registry;
    private final Tags tags;
    private final boolean eachJob;
    private final DistributionSummary batchSize;
    private final Timer batchWait;
    private final Counter full;
    private final Counter closed;
    private final Counter invalid;
    private final Counter retried;
    private final Counter unmatched;

    /** By outcome and reason, made when the first such batch has ended: most batchers know a few reasons only. */
    private final AtomicReferenceArray<@Nullable Timer> batches =
            new AtomicReferenceArray<>(BatchOutcome.values().length * REASONS);

    private Meters(MeterRegistry registry, Tags tags, boolean eachJob) {
        this.registry = new WeakReference<>(registry);
        this.tags = tags;
        this.eachJob = eachJob;
        jobs = eachJob ? new JobTimers(registry, tags) : new JobTotals(registry, tags);
        batchSize = DistributionSummary.builder("microbatcher.batch.size")
                .baseUnit("jobs")
                .tags(tags)
                .description("how many jobs a batch holds")
                .register(registry);
        batchWait = Timer.builder("microbatcher.batch.wait")
                .tags(tags)
                .description("how long the oldest job of a batch had waited")
                .register(registry);
        full = rejected(registry, "full");
        closed = rejected(registry, "closed");
        invalid = rejected(registry, "invalid");
        retried = Counter.builder("microbatcher.jobs.retried")
                .tags(tags)
                .description("jobs that have failed and are tried again")
                .register(registry);
        unmatched = Counter.builder("microbatcher.results.unmatched")
                .tags(tags)
                .description("results that belong to no job, or came too late")
                .register(registry);
        String pending = "jobs that were accepted and have not ended";
        gauge(registry, "microbatcher.pending", tags.and("state", "waiting"), pending, BatcherStats::waiting);
        gauge(registry, "microbatcher.pending", tags.and("state", "in_flight"), pending, BatcherStats::inFlight);
        gauge(
                registry,
                "microbatcher.slots",
                tags,
                "slots in use: batches with the processor",
                BatcherStats::inFlightBatches);
        gauge(registry, "microbatcher.slots.limit", tags, "how many slots there are", BatcherStats::slots);
        gauge(registry, "microbatcher.blocked", tags, "callers that wait for room", BatcherStats::blocked);
    }

    private void gauge(MeterRegistry registry, String name, Tags tags, String says, ToIntFunction<BatcherStats> value) {
        Gauge.builder(name, this, meters -> meters.watched.sum(value))
                .tags(tags)
                .description(says)
                .strongReference(true)
                .register(registry);
    }

    private Counter rejected(MeterRegistry registry, String reason) {
        return Counter.builder("microbatcher.jobs.rejected")
                .tags(tags)
                .tag("reason", reason)
                .description("jobs that were not accepted")
                .register(registry);
    }

    static Meters of(MeterRegistry registry, Tags tags, boolean eachJob) {
        synchronized (KNOWN) {
            Map<Tags, WeakReference<Meters>> ofRegistry = KNOWN.computeIfAbsent(registry, first -> new HashMap<>());
            WeakReference<Meters> reference = ofRegistry.get(tags);
            Meters known = reference == null ? null : reference.get();
            if (known == null) {
                known = new Meters(registry, tags, eachJob);
                ofRegistry.put(tags, new WeakReference<>(known));
            } else if (known.eachJob != eachJob) {
                throw new IllegalStateException("another batcher has meters with the same tags, " + tags + ", which "
                        + (eachJob ? "do not time" : "time")
                        + " each job: a meter cannot do both; let all batchers of a registry do the same");
            }
            return known;
        }
    }

    void rejected(RuntimeException why) {
        Counter counter =
                why instanceof BatcherFullException ? full : why instanceof BatcherClosedException ? closed : invalid;
        counter.increment();
    }

    void dispatched(BatchInfo batch) {
        batchSize.record(batch.size());
        batchWait.record(batch.oldestWaitNanos(), TimeUnit.NANOSECONDS);
    }

    void batch(DispatchReason reason, BatchOutcome outcome, long nanos) {
        int place = outcome.ordinal() * REASONS + reason.ordinal();
        Timer timer = batches.get(place);
        if (timer == null) {
            timer = batchTimer(reason, outcome);
            batches.set(place, timer); // the registry has given the same to whoever came here at the same time
        }
        if (timer != null) {
            timer.record(nanos, TimeUnit.NANOSECONDS);
        }
    }

    private @Nullable Timer batchTimer(DispatchReason reason, BatchOutcome outcome) {
        MeterRegistry home = registry.get();
        return home == null
                ? null
                : Timer.builder("microbatcher.batch")
                        .tags(tags)
                        .tags(tag("reason", reason))
                        .tags(tag("outcome", outcome))
                        .description("calls of the processor")
                        .register(home);
    }

    void retried(int jobs) {
        retried.increment(jobs);
    }

    void unmatched() {
        unmatched.increment();
    }

    static Tags tag(String key, Enum<?> value) {
        return Tags.of(key, value.name().toLowerCase(Locale.ROOT));
    }
}
