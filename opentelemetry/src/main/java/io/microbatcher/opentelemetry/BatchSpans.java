package io.microbatcher.opentelemetry;

import io.microbatcher.BatchListener;
import io.microbatcher.ContextCarrier;
import io.microbatcher.JobContexts;
import io.microbatcher.MicroBatcher;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Scope;
import java.lang.System.Logger.Level;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Makes a span of each batch of one batcher, with a link to the span of each caller, and tells each caller's span of the
 * batch. Give each batcher one of its own, and something that carries the callers' contexts:
 *
 * <pre>{@code
 * MicroBatcher.builder(processor)
 *         .name("prices")
 *         .context(new SpanCarrier())
 *         .listener(new BatchSpans(openTelemetry))
 *         .build();
 * }</pre>
 *
 * <p><b>The span of a batch</b> is named after the batcher, {@code prices batch}. It has no parent, since it works for many:
 * it has links to them. It is current while the processor is called, so that what that calls is found below it; it ends when
 * the batch has left its slot, which for an asynchronous processor is when its stage has completed. A batch that failed as a
 * whole has the status {@code ERROR} and the exception. Its attributes:
 *
 * <ul>
 *   <li>{@code microbatcher.name}: the batcher
 *   <li>{@code microbatcher.batch.id}: counts the batches of that batcher, from 1
 *   <li>{@code microbatcher.batch.size}: how many jobs it holds
 *   <li>{@code microbatcher.batch.reason}: why it left, as {@code size} or {@code age}
 *   <li>{@code microbatcher.batch.failed_jobs}: how many jobs failed or got no result, if any and the call returned
 *   <li>{@code microbatcher.links.dropped}: how many callers have no link since there are {@link #maxLinks} already, if any
 * </ul>
 *
 * <p><b>The span of a caller</b> is the one that was current when it submitted. It gets an event {@code microbatcher.batch} at
 * the time at which the processor is called, with {@code microbatcher.name}, {@code microbatcher.batch.id} and
 * {@code microbatcher.batch.trace_id}, where the span of the batch is found; for each batch that its job is in, if it is tried
 * again. A span that has ended by then gets none, as the rules of OpenTelemetry are. Who submits several jobs of a batch in one
 * span has one link and one event. A caller that shares the answer of an equal job has its own; one that joins a batch that
 * is with the processor already has neither.
 *
 * <p>A batch that never comes to the processor, because the executor refused it, has no span.
 *
 * <p><b>Without the callers' contexts</b>, where nothing is given to the batcher as its
 * {@link MicroBatcher.Builder#context context}, there are no links and no events. The logger {@code io.microbatcher} warns of
 * that at the first batch, unless links are not wanted: {@link #maxLinks maxLinks(0)}.
 *
 * <p><b>Thread safety.</b> As for every listener. Locks nothing of its own.
 *
 * <p><b>Failure.</b> Given to a second batcher it throws an {@link IllegalStateException} when that is built, which the log
 * of the library reports: batches of two batchers cannot be told apart.
 */
public final class BatchSpans implements BatchListener {
    static final AttributeKey<String> NAME = AttributeKey.stringKey("microbatcher.name");
    static final AttributeKey<Long> ID = AttributeKey.longKey("microbatcher.batch.id");
    static final AttributeKey<Long> SIZE = AttributeKey.longKey("microbatcher.batch.size");
    static final AttributeKey<String> REASON = AttributeKey.stringKey("microbatcher.batch.reason");
    static final AttributeKey<Long> FAILED_JOBS = AttributeKey.longKey("microbatcher.batch.failed_jobs");
    static final AttributeKey<Long> LINKS_DROPPED = AttributeKey.longKey("microbatcher.links.dropped");
    static final AttributeKey<String> TRACE_ID = AttributeKey.stringKey("microbatcher.batch.trace_id");
    static final String EVENT = "microbatcher.batch";

    private static final int MOST_LINKS = 128;

    private final Tracer tracer;
    private final int maxLinks;

    /**
     * The spans of batches that have left and are not done; invalid before the processor is called. By identity: if two
     * batchers are given the same spans, against the rules, their batches have the same ids, and may be equal.
     */
    private final Map<BatchInfo, Span> running = Collections.synchronizedMap(new IdentityHashMap<>());

    /** Whether a batch has come that shows whether the batcher carries contexts: it does for all batches, or for none. */
    private final AtomicBoolean hasLooked = new AtomicBoolean();

    /** Written before the batcher is known to anybody else. */
    private @Nullable String name;

    /**
     * Makes spans with at most 128 links, which is as many as the SDK keeps unless told otherwise.
     *
     * @param openTelemetry has the tracer {@code io.microbatcher}
     */
    public BatchSpans(OpenTelemetry openTelemetry) {
        this(
                Objects.requireNonNull(openTelemetry, "openTelemetry must not be null")
                        .getTracer("io.microbatcher"),
                MOST_LINKS);
    }

    private BatchSpans(Tracer tracer, int maxLinks) {
        this.tracer = tracer;
        this.maxLinks = maxLinks;
    }

    /**
     * Sets how many links the span of a batch has at most: to the callers whose jobs came first. The others are counted.
     *
     * @param maxLinks zero or more; default 128. More than the span limits of the SDK are lost there. With zero, nothing
     *     warns of a batcher that carries no contexts
     * @return spans with so many links, for one batcher; these are unchanged
     * @throws IllegalArgumentException if negative: "maxLinks must not be negative, but was -1"
     */
    public BatchSpans maxLinks(int maxLinks) {
        if (maxLinks < 0) {
            throw new IllegalArgumentException("maxLinks must not be negative, but was " + maxLinks);
        }
        return new BatchSpans(tracer, maxLinks);
    }

    @Override
    public boolean watchesEachJob() {
        return false;
    }

    @Override
    public void built(MicroBatcher<?, ?> batcher) {
        if (name != null) {
            throw new IllegalStateException("these are the spans of " + name + " and were given to " + batcher.name()
                    + " too, whose batches have the name of the former now; make a BatchSpans for each batcher");
        }
        name = batcher.name();
    }

    @Override
    public void dispatched(BatchInfo batch) {
        begunOrOver(batch);
    }

    /**
     * Notes a batch that leaves, or one that is over. One that times out as it leaves may be over first, and is forgotten
     * when the other event comes.
     *
     * @return the span of a batch that is over
     */
    private @Nullable Span begunOrOver(BatchInfo batch) {
        synchronized (running) { // its own lock, too
            Span span = running.remove(batch);
            if (span == null) {
                running.put(batch, Span.getInvalid());
            }
            return span;
        }
    }

    @Override
    @SuppressWarnings("MustBeClosedChecker") // it is, by whoever called
    public ContextCarrier.@Nullable Scope processing(BatchInfo batch) {
        warnIfNobodyCarries();
        Callers callers = Callers.here();
        Span span = started(batch, callers);
        if (!running.replace(batch, Span.getInvalid(), span)) {
            span.setStatus(StatusCode.ERROR, "over before the processor was called")
                    .end(); // it has timed out just now
            return null;
        }
        tell(callers, batch, span.getSpanContext());
        Scope current = span.makeCurrent();
        return current::close;
    }

    /** A batch has as many contexts as jobs, empty ones included, or none where there is nothing that carries them. */
    private void warnIfNobodyCarries() {
        if (hasLooked.get()
                || hasLooked.getAndSet(true)
                || maxLinks == 0
                || JobContexts.current().size() > 0) {
            return;
        }
        try {
            System.getLogger("io.microbatcher")
                    .log(
                            Level.WARNING,
                            "The spans of the batches of " + name
                                    + " have no links, and its callers' spans are not told "
                                    + "of them: the batcher carries no contexts. Give its builder "
                                    + ".context(new SpanCarrier()), or what carries the context of OpenTelemetry already; "
                                    + "if links are not wanted, say maxLinks(0)");
        } catch (RuntimeException | Error broken) {
            // a logger that fails costs nobody a span
        }
    }

    private Span started(BatchInfo batch, Callers callers) {
        SpanBuilder span = tracer.spanBuilder(name + " batch")
                .setNoParent()
                .setAttribute(NAME, name)
                .setAttribute(ID, batch.id())
                .setAttribute(SIZE, (long) batch.size())
                .setAttribute(REASON, batch.reason().name().toLowerCase(Locale.ROOT));
        callers.contexts().stream().limit(maxLinks).forEach(span::addLink);
        if (callers.count() > maxLinks) {
            span.setAttribute(LINKS_DROPPED, (long) callers.count() - maxLinks);
        }
        return span.startSpan();
    }

    private void tell(Callers callers, BatchInfo batch, SpanContext span) {
        AttributesBuilder what = Attributes.builder().put(ID, batch.id());
        if (name != null) {
            what.put(NAME, name);
        }
        if (span.isValid()) {
            what.put(TRACE_ID, span.getTraceId());
        }
        Attributes event = what.build();
        callers.spans().forEach(caller -> caller.addEvent(EVENT, event));
    }

    @Override
    public void completed(BatchInfo batch, long nanos, int failedJobs) {
        Span span = begunOrOver(batch);
        if (span != null) {
            if (failedJobs > 0) {
                span.setAttribute(FAILED_JOBS, (long) failedJobs);
            }
            span.end();
        }
    }

    @Override
    public void failed(BatchInfo batch, long nanos, Throwable cause) {
        Span span = begunOrOver(batch);
        if (span != null) {
            span.recordException(cause);
            span.setStatus(StatusCode.ERROR, cause.toString());
            span.end();
        }
    }
}
