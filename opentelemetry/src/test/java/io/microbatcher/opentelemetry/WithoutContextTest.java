package io.microbatcher.opentelemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.microbatcher.ContextCarrier;
import io.microbatcher.MicroBatcher;
import io.microbatcher.test.ManualExecutor;
import io.microbatcher.test.VirtualTime;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the log says of batchers whose spans cannot be linked, and of which it says nothing. */
@Timeout(60) // a hang fails instead of stopping the build
class WithoutContextTest {
    private static final Logger LOG = Logger.getLogger("io.microbatcher");

    private final InMemorySpanExporter exporter = InMemorySpanExporter.create();
    private final OpenTelemetrySdk sdk = OpenTelemetrySdk.builder()
            .setTracerProvider(SdkTracerProvider.builder()
                    .addSpanProcessor(SimpleSpanProcessor.create(exporter))
                    .build())
            .build();
    private final ManualExecutor workers = new ManualExecutor();
    private final List<String> logged = new CopyOnWriteArrayList<>();
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord said) {
            logged.add(said.getLevel() + " " + said.getMessage());
            if (isBroken) {
                throw new IllegalStateException("disk full");
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };
    private boolean isBroken;

    @BeforeEach
    void listen() {
        LOG.setUseParentHandlers(false);
        LOG.addHandler(handler);
    }

    @AfterEach
    void leave() {
        LOG.removeHandler(handler);
        LOG.setUseParentHandlers(true);
        sdk.close();
    }

    private MicroBatcher.Builder<String, String> builder(String name, BatchSpans spans) {
        return MicroBatcher.builder((List<String> jobs) -> jobs)
                .name(name)
                .batchSize(1)
                .timer(new VirtualTime())
                .executor(workers)
                .listener(spans);
    }

    private SpanData submitInASpan(MicroBatcher<String, String> batcher) {
        Span span = sdk.getTracer("test").spanBuilder("caller").startSpan();
        CompletableFuture<String> job;
        try (io.opentelemetry.context.Scope scope = span.makeCurrent()) {
            assertThat(scope).isNotNull();
            job = batcher.submit("job");
        }
        workers.runAll();
        assertThat(job).isCompletedWithValue("job");
        span.end();
        return exporter.getFinishedSpanItems().stream()
                .filter(ended -> ended.getName().endsWith(" batch"))
                .reduce((earlier, later) -> later)
                .orElseThrow();
    }

    @Test
    void aBatcherThatCarriesNoContextsIsAWarningAtItsFirstBatchAndNeverAgain() {
        MicroBatcher<String, String> batcher =
                builder("prices", new BatchSpans(sdk)).build();
        assertThat(logged).isEmpty();
        assertThat(submitInASpan(batcher).getLinks()).isEmpty();
        assertThat(logged)
                .containsExactly(
                        "WARNING The spans of the batches of prices have no links, and its callers' spans are not"
                                + " told of them: the batcher carries no contexts. Give its builder .context(new SpanCarrier()),"
                                + " or what carries the context of OpenTelemetry already; if links are not wanted, say"
                                + " maxLinks(0)");
        submitInASpan(batcher);
        assertThat(logged).hasSize(1);
    }

    @Test
    void eachSuchBatcherIsAWarning() {
        submitInASpan(builder("prices", new BatchSpans(sdk)).build());
        submitInASpan(builder("orders", new BatchSpans(sdk)).build());
        assertThat(logged).hasSize(2);
        assertThat(logged.get(1)).contains("of orders have");
    }

    @Test
    void aCallerWithoutASpanIsNone() {
        MicroBatcher<String, String> batcher = builder("prices", new BatchSpans(sdk))
                .context(new SpanCarrier())
                .build();
        assertThat(Context.current()).isSameAs(Context.root());
        batcher.submit("job");
        workers.runAll();
        assertThat(submitInASpan(batcher).getLinks()).hasSize(1);
        assertThat(logged).isEmpty();
    }

    @Test
    void whatCarriesSomethingElseIsNone() {
        ContextCarrier<String> nothing = new ContextCarrier<>() {
            @Override
            public String capture() {
                return null;
            }

            @Override
            public ContextCarrier.Scope restore(String captured) {
                return () -> {};
            }
        };
        submitInASpan(builder("prices", new BatchSpans(sdk)).context(nothing).build());
        assertThat(logged).isEmpty();
    }

    @Test
    void whoWantsNoLinksIsNotWarned() {
        submitInASpan(builder("prices", new BatchSpans(sdk).maxLinks(0)).build());
        assertThat(logged).isEmpty();
    }

    @Test
    void aLogThatFailsCostsNoSpan() {
        isBroken = true;
        SpanData batch = submitInASpan(builder("prices", new BatchSpans(sdk)).build());
        assertThat(batch.getName()).isEqualTo("prices batch");
        assertThat(logged).hasSize(1);
    }
}
