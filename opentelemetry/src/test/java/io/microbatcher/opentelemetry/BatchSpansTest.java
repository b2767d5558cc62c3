package io.microbatcher.opentelemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.microbatcher.BatchProcessor;
import io.microbatcher.ContextCarrier;
import io.microbatcher.MicroBatcher;
import io.microbatcher.RetryPolicy;
import io.microbatcher.contextpropagation.SnapshotCarrier;
import io.microbatcher.test.ManualExecutor;
import io.microbatcher.test.VirtualTime;
import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ContextSnapshotFactory;
import io.micrometer.context.ThreadLocalAccessor;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the SDK exports of batches and of their callers. */
@Timeout(60) // a hang fails instead of stopping the build
class BatchSpansTest {
    private final InMemorySpanExporter exporter = InMemorySpanExporter.create();
    private final OpenTelemetrySdk sdk = OpenTelemetrySdk.builder()
            .setTracerProvider(SdkTracerProvider.builder()
                    .addSpanProcessor(SimpleSpanProcessor.create(exporter))
                    .build())
            .build();
    private final Tracer tracer = sdk.getTracer("test");
    private final VirtualTime time = new VirtualTime();
    private final ManualExecutor workers = new ManualExecutor();
    private final Map<String, Span> callers = new HashMap<>();
    private final List<Span> inProcessor = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        sdk.close();
    }

    private MicroBatcher.Builder<String, String> builder(BatchProcessor<String, String> processor) {
        return MicroBatcher.builder(processor)
                .name("prices")
                .batchSize(2)
                .batchCycle(Duration.ofDays(1))
                .timer(time)
                .executor(workers)
                .context(new SpanCarrier())
                .listener(new BatchSpans(sdk));
    }

    private List<String> answer(List<String> jobs) {
        inProcessor.add(Span.current());
        return jobs;
    }

    /** Submits in a span of a caller's own, which goes on until {@link #exported}. */
    private CompletableFuture<String> submit(MicroBatcher<String, String> batcher, String caller, String job) {
        Span span =
                callers.computeIfAbsent(caller, name -> tracer.spanBuilder(name).startSpan());
        try (Scope scope = span.makeCurrent()) {
            assertThat(scope).isNotNull();
            return batcher.submit(job);
        }
    }

    private SpanData exported(String caller) {
        callers.get(caller).end();
        return finished(caller).get(0);
    }

    private List<SpanData> finished(String name) {
        return exporter.getFinishedSpanItems().stream()
                .filter(span -> span.getName().equals(name))
                .toList();
    }

    private List<SpanData> batches() {
        return finished("prices batch");
    }

    private SpanData batch() {
        assertThat(batches()).hasSize(1);
        return batches().get(0);
    }

    private List<String> linked(SpanData batch) {
        List<String> ids = batch.getLinks().stream()
                .map(LinkData::getSpanContext)
                .map(context -> context.getSpanId())
                .toList();
        return callers.entrySet().stream()
                .filter(caller ->
                        ids.contains(caller.getValue().getSpanContext().getSpanId()))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    private static List<Long> batchesOf(SpanData caller) {
        return caller.getEvents().stream()
                .filter(event -> event.getName().equals("microbatcher.batch"))
                .map(event -> event.getAttributes().get(AttributeKey.longKey("microbatcher.batch.id")))
                .toList();
    }

    @Test
    void aBatchIsASpanWithoutAParentAndALinkToEachCaller() {
        MicroBatcher<String, String> batcher = builder(this::answer).build();
        submit(batcher, "alice", "a");
        submit(batcher, "bob", "b");
        workers.runAll();
        SpanData batch = batch();
        assertThat(batch.getParentSpanContext().isValid()).isFalse();
        assertThat(linked(batch)).containsExactly("alice", "bob");
        assertThat(batch.getLinks()).hasSize(2);
        assertThat(batch.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
        assertThat(batch.getAttributes().get(BatchSpans.NAME)).isEqualTo("prices");
        assertThat(batch.getAttributes().get(BatchSpans.ID)).isEqualTo(1);
        assertThat(batch.getAttributes().get(BatchSpans.SIZE)).isEqualTo(2);
        assertThat(batch.getAttributes().get(BatchSpans.REASON)).isEqualTo("size");
        assertThat(batch.getAttributes().size()).isEqualTo(4);
    }

    @Test
    void eachCallersSpanHasAnEventThatNamesTheBatch() {
        MicroBatcher<String, String> batcher = builder(this::answer).build();
        submit(batcher, "alice", "a");
        submit(batcher, "bob", "b");
        workers.runAll();
        for (String caller : List.of("alice", "bob")) {
            List<EventData> events = exported(caller).getEvents();
            assertThat(events).hasSize(1);
            assertThat(events.get(0).getName()).isEqualTo("microbatcher.batch");
            assertThat(events.get(0).getAttributes().get(BatchSpans.ID)).isEqualTo(1);
            assertThat(events.get(0).getAttributes().get(BatchSpans.NAME)).isEqualTo("prices");
            assertThat(events.get(0).getAttributes().get(BatchSpans.TRACE_ID)).isEqualTo(batch().getTraceId());
        }
    }

    @Test
    void theEventIsThereWhileTheProcessorWorks() {
        List<List<Long>> seen = new ArrayList<>();
        MicroBatcher<String, String> batcher = builder(jobs -> {
                    seen.add(batchesOf(exported("alice")));
                    return jobs;
                })
                .batchSize(1)
                .build();
        submit(batcher, "alice", "a");
        workers.runAll();
        assertThat(seen).containsExactly(List.of(1L));
    }

    @Test
    void whatTheProcessorDoesIsBelowTheBatch() {
        MicroBatcher<String, String> batcher = builder(jobs -> {
                    tracer.spanBuilder("query").startSpan().end();
                    return jobs;
                })
                .batchSize(1)
                .build();
        submit(batcher, "alice", "a");
        workers.runAll();
        assertThat(finished("query").get(0).getParentSpanId()).isEqualTo(batch().getSpanId());
        assertThat(Span.current().getSpanContext().isValid()).isFalse();
    }

    @Test
    void theSpanOfAnAsynchronousBatchEndsWithItsStage() {
        CompletableFuture<List<String>> stage = new CompletableFuture<>();
        MicroBatcher<String, String> batcher = builder(BatchProcessor.<String, String>async(jobs -> {
                    answer(jobs);
                    return stage;
                }))
                .build();
        submit(batcher, "alice", "a");
        submit(batcher, "bob", "b");
        workers.runAll();
        assertThat(inProcessor.get(0).getSpanContext().isValid()).isTrue();
        assertThat(Span.current().getSpanContext().isValid()).isFalse();
        assertThat(batches()).isEmpty();
        stage.complete(List.of("1", "2"));
        assertThat(batch().getSpanId())
                .isEqualTo(inProcessor.get(0).getSpanContext().getSpanId());
        assertThat(linked(batch())).containsExactly("alice", "bob");
    }

    @Test
    void aBatchThatFailsIsAnErrorWithItsException() {
        MicroBatcher<String, String> batcher = builder(jobs -> {
                    throw new IllegalStateException("backend is down");
                })
                .batchSize(1)
                .build();
        submit(batcher, "alice", "a");
        workers.runAll();
        assertThat(batch().getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
        assertThat(batch().getStatus().getDescription()).contains("backend is down");
        assertThat(batch().getEvents())
                .singleElement()
                .satisfies(event -> assertThat(event.getName()).isEqualTo("exception"));
    }

    @Test
    void jobsThatFailAloneAreCounted() {
        MicroBatcher<String, String> batcher = builder(BatchProcessor.<String, String>streaming((jobs, answers) -> {
                    answers.complete(0, "fine");
                    answers.fail(1, new IllegalStateException("bad"));
                }))
                .build();
        submit(batcher, "alice", "a");
        submit(batcher, "bob", "b");
        workers.runAll();
        assertThat(batch().getAttributes().get(BatchSpans.FAILED_JOBS)).isEqualTo(1);
        assertThat(batch().getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
    }

    @Test
    void aJobThatIsTriedAgainIsLinkedToEachOfItsBatches() {
        MicroBatcher<String, String> batcher = builder(jobs -> {
                    if (batches().isEmpty()) {
                        throw new IllegalStateException("not yet");
                    }
                    return jobs;
                })
                .batchSize(1)
                .retry(RetryPolicy.ofAttempts(2).jitter(0).backoff(Duration.ofMillis(1), Duration.ofMillis(1)))
                .build();
        submit(batcher, "alice", "a");
        workers.runAll();
        time.advance(Duration.ofMillis(1));
        workers.runAll();
        assertThat(batches())
                .hasSize(2)
                .allSatisfy(batch -> assertThat(linked(batch)).containsExactly("alice"));
        assertThat(batches().get(1).getAttributes().get(BatchSpans.REASON)).isEqualTo("retry");
        assertThat(batchesOf(exported("alice"))).containsExactly(1L, 2L);
    }

    @Test
    void callersWhoseJobsAreOneAreLinkedEach() {
        MicroBatcher<String, String> batcher =
                builder(this::answer).coalesceBy(job -> job).build();
        submit(batcher, "alice", "a");
        submit(batcher, "bob", "a");
        submit(batcher, "carol", "b");
        workers.runAll();
        assertThat(linked(batch())).containsExactly("alice", "bob", "carol");
        assertThat(batch().getAttributes().get(BatchSpans.SIZE)).isEqualTo(2);
        assertThat(batchesOf(exported("bob"))).containsExactly(1L);
    }

    @Test
    void linksAreCappedAndTheRestIsCountedAndStillTold() {
        MicroBatcher<String, String> batcher = MicroBatcher.builder(this::answer)
                .name("prices")
                .batchSize(5)
                .timer(time)
                .executor(workers)
                .context(new SpanCarrier())
                .listener(new BatchSpans(sdk).maxLinks(2))
                .build();
        for (String caller : List.of("a", "b", "c", "d", "e")) {
            submit(batcher, caller, "job");
        }
        workers.runAll();
        assertThat(linked(batch())).containsExactly("a", "b");
        assertThat(batch().getAttributes().get(BatchSpans.LINKS_DROPPED)).isEqualTo(3);
        assertThat(batchesOf(exported("e"))).containsExactly(1L);
    }

    @Test
    void unlessToldOtherwiseThereAreAsManyLinksAsTheSdkKeeps() {
        MicroBatcher<String, String> batcher =
                builder(this::answer).batchSize(130).build();
        for (int i = 0; i < 130; i++) {
            submit(batcher, "caller " + i, "job");
        }
        workers.runAll();
        assertThat(batch().getLinks()).hasSize(128);
        assertThat(batch().getTotalRecordedLinks()).isEqualTo(128);
        assertThat(batch().getAttributes().get(BatchSpans.LINKS_DROPPED)).isEqualTo(2);
    }

    @Test
    void aCallerWithSeveralJobsHasOneLinkAndOneEvent() {
        MicroBatcher<String, String> batcher = builder(this::answer).build();
        submit(batcher, "alice", "a");
        submit(batcher, "alice", "b");
        workers.runAll();
        assertThat(batch().getLinks()).hasSize(1);
        assertThat(batchesOf(exported("alice"))).containsExactly(1L);
    }

    @Test
    void aCallerWithoutASpanIsNotLinkedEvenIfTheThreadOfTheProcessorHasOne() {
        MicroBatcher<String, String> batcher = builder(this::answer).build();
        batcher.submit("nobody's");
        submit(batcher, "alice", "a");
        Span own = tracer.spanBuilder("executor").startSpan();
        try (Scope scope = own.makeCurrent()) {
            assertThat(scope).isNotNull();
            workers.runAll();
            assertThat(Span.current()).isEqualTo(own);
        }
        assertThat(linked(batch())).containsExactly("alice");
        assertThat(batch().getLinks()).hasSize(1);
        assertThat(batch().getParentSpanContext().isValid()).isFalse();
    }

    @Test
    void aCallerOnWhoseThreadTheBatchRunsIsLinkedToo() {
        MicroBatcher<String, String> batcher =
                builder(this::answer).batchSize(1).executor(Runnable::run).build();
        submit(batcher, "alice", "a");
        assertThat(linked(batch())).containsExactly("alice");
    }

    @Test
    void withoutACarrierABatchHasItsSpanAndNoLinks() {
        MicroBatcher<String, String> batcher = MicroBatcher.builder(this::answer)
                .name("prices")
                .batchSize(1)
                .executor(workers)
                .listener(new BatchSpans(sdk))
                .build();
        submit(batcher, "alice", "a");
        workers.runAll();
        assertThat(batch().getLinks()).isEmpty();
    }

    /** The current context of OpenTelemetry, as Micrometer's context propagation carries it. */
    private static final class ContextAccessor implements ThreadLocalAccessor<Context> {
        @Override
        public Object key() {
            return "opentelemetry";
        }

        @Override
        public Context getValue() {
            Context current = Context.current();
            return current == Context.root() ? null : current;
        }

        @Override
        @SuppressWarnings("MustBeClosedChecker")
        public void setValue(Context value) {
            value.makeCurrent();
        }

        @Override
        @SuppressWarnings("MustBeClosedChecker")
        public void setValue() {
            Context.root().makeCurrent();
        }

        @Override
        @SuppressWarnings("MustBeClosedChecker")
        public void restore(Context previous) {
            previous.makeCurrent();
        }
    }

    @Test
    void anyCarrierWillDoThatCarriesTheContextOfOpenTelemetry() {
        ContextRegistry registry = new ContextRegistry().registerThreadLocalAccessor(new ContextAccessor());
        MicroBatcher<String, String> batcher = builder(this::answer)
                .context(new SnapshotCarrier(ContextSnapshotFactory.builder()
                        .contextRegistry(registry)
                        .clearMissing(true)
                        .build()))
                .build();
        submit(batcher, "alice", "a");
        submit(batcher, "bob", "b");
        workers.runAll();
        assertThat(linked(batch())).containsExactly("alice", "bob");
        assertThat(inProcessor.get(0).getSpanContext().getSpanId()).isEqualTo(batch().getSpanId());
    }

    @Test
    void aBatchThatTimesOutIsAnErrorAtOnceAndHasOneSpan() {
        CompletableFuture<List<String>> stage = new CompletableFuture<>();
        MicroBatcher<String, String> batcher = builder(BatchProcessor.<String, String>async(jobs -> stage))
                .batchSize(1)
                .batchTimeout(Duration.ofMillis(5))
                .build();
        submit(batcher, "alice", "a");
        workers.runAll();
        time.advance(Duration.ofMillis(5));
        workers.runAll();
        assertThat(batch().getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
        stage.complete(List.of("too late"));
        assertThat(batches()).hasSize(1);
    }

    @Test
    void aBatchThatTheExecutorRefusedHasNoSpan() {
        workers.refuse(true);
        MicroBatcher<String, String> batcher =
                builder(this::answer).batchSize(1).build();
        CompletableFuture<String> job = submit(batcher, "alice", "a");
        batcher.drain().join();
        assertThat(job).isCompletedExceptionally();
        assertThat(batches()).isEmpty();
        assertThat(exported("alice").getEvents()).isEmpty();
    }

    @Test
    void aBatchThatIsOverBeforeItsProcessorIsCalledLeavesNothingOpen() {
        BatchSpans spans = new BatchSpans(sdk);
        spans.built(builder(this::answer).build());
        var batch = new io.microbatcher.BatchListener.BatchInfo(1, 1, 1, io.microbatcher.DispatchReason.AGE, 0);
        spans.dispatched(batch);
        spans.failed(batch, 0, new java.util.concurrent.TimeoutException());
        assertThat(spans.processing(batch)).isNull();
        assertThat(batch().getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
    }

    @Test
    void aBatchThatIsOverBeforeItIsKnownToHaveLeftLeavesNothingOpen() {
        BatchSpans spans = new BatchSpans(sdk);
        spans.built(builder(this::answer).build());
        var batch = new io.microbatcher.BatchListener.BatchInfo(1, 1, 1, io.microbatcher.DispatchReason.AGE, 0);
        spans.failed(batch, 0, new java.util.concurrent.TimeoutException());
        spans.dispatched(batch);
        assertThat(spans.processing(batch)).isNull();
        assertThat(batch().getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
    }

    @Test
    void batchesOfTwoBatchersThatShareTheirSpansEndEach() {
        CompletableFuture<List<String>> stage = new CompletableFuture<>();
        BatchSpans shared = new BatchSpans(sdk);
        List.of("a", "b")
                .forEach(job -> MicroBatcher.builder(BatchProcessor.<String, String>async(jobs -> stage))
                        .batchSize(1)
                        .timer(time)
                        .executor(workers)
                        .listener(shared)
                        .build()
                        .submit(job));
        workers.runAll();
        assertThat(exporter.getFinishedSpanItems()).isEmpty();
        stage.complete(List.of("done"));
        workers.runAll();
        assertThat(exporter.getFinishedSpanItems()).hasSize(2);
    }

    @Test
    void theContextOfACallerIsThereInWhatDependsOnItsFuture() {
        MicroBatcher<String, String> batcher =
                builder(this::answer).batchSize(1).build();
        List<String> seen = new ArrayList<>();
        submit(batcher, "alice", "a")
                .thenRun(() -> seen.add(Span.current().getSpanContext().getSpanId()));
        workers.runAll();
        assertThat(seen).containsExactly(callers.get("alice").getSpanContext().getSpanId());
    }

    @Test
    void theCarrierHasNothingToCarryForACallerWithoutContext() {
        ContextCarrier<Context> carrier = new SpanCarrier();
        assertThat(carrier.capture()).isNull();
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        assertThatNullPointerException().isThrownBy(() -> new BatchSpans(null)).withMessageContaining("openTelemetry");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BatchSpans(sdk).maxLinks(-1))
                .withMessage("maxLinks must not be negative, but was -1");
        BatchSpans spans = new BatchSpans(sdk);
        MicroBatcher<String, String> first = builder(this::answer).build();
        spans.built(first);
        assertThatIllegalStateException()
                .isThrownBy(() -> spans.built(first))
                .withMessage(
                        "these are the spans of prices and were given to prices too, whose batches have the name of the"
                                + " former now; make a BatchSpans for each batcher");
    }
}
