package io.microbatcher.examples;

import io.microbatcher.MicroBatcher;
import io.microbatcher.opentelemetry.BatchSpans;
import io.microbatcher.opentelemetry.SpanCarrier;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Scope;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.util.List;

/** A batch is a span of its own, with a link to the span of each caller; and each caller's span tells the batch. */
final class SpansExample {
    private SpansExample() {}

    public static void main(String... args) {
        InMemorySpanExporter exporter = InMemorySpanExporter.create();
        try (OpenTelemetrySdk openTelemetry = OpenTelemetrySdk.builder()
                .setTracerProvider(SdkTracerProvider.builder()
                        .addSpanProcessor(SimpleSpanProcessor.create(exporter))
                        .build())
                .build()) {
            Tracer tracer = openTelemetry.getTracer("examples");
            try (MicroBatcher<Integer, Integer> squares = MicroBatcher.builder((List<Integer> numbers) ->
                            numbers.stream().map(n -> n * n).toList())
                    .name("squares")
                    .batchSize(2)
                    .context(new SpanCarrier())
                    .listener(new BatchSpans(openTelemetry))
                    .build()) {
                List<Span> requests = List.of(
                        tracer.spanBuilder("first").startSpan(),
                        tracer.spanBuilder("second").startSpan());
                requests.forEach(request -> submit(squares, request));
                squares.drain().join();
                requests.forEach(Span::end);
            }
            exporter.getFinishedSpanItems()
                    .forEach(span -> System.out.println(
                            span.getName() + ": " + span.getLinks().size() + " links, "
                                    + span.getEvents().size() + " events"));
        }
    }

    @SuppressWarnings("try") // a scope is there to be closed
    private static void submit(MicroBatcher<Integer, Integer> squares, Span request) {
        try (Scope current = request.makeCurrent()) {
            squares.submit(3);
        }
    }
}
