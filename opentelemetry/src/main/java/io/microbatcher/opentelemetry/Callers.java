package io.microbatcher.opentelemetry;

import io.microbatcher.ContextCarrier;
import io.microbatcher.JobContexts;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/** The spans of those who wait for a batch, each once, in the order of their jobs. */
final class Callers {
    private final Map<SpanContext, Span> spans = new LinkedHashMap<>();

    /**
     * Finds them, on the thread of the processor. Whatever carries the contexts makes the span of a caller the current one; all
     * that this thread has of its own is put aside meanwhile, or it would be taken for that of a caller who had none.
     */
    @SuppressWarnings("try") // a scope is there to be closed
    static Callers here() {
        Callers callers = new Callers();
        JobContexts contexts = JobContexts.current().ofCallers();
        try (Scope nothing = Context.root().makeCurrent()) {
            for (int i = 0; i < contexts.size(); i++) {
                try (ContextCarrier.Scope caller = contexts.restore(i)) {
                    callers.add(Span.current());
                }
            }
        }
        return callers;
    }

    private void add(Span span) {
        SpanContext context = span.getSpanContext();
        if (context.isValid()) {
            spans.putIfAbsent(context, span);
        }
    }

    int count() {
        return spans.size();
    }

    Collection<SpanContext> contexts() {
        return spans.keySet();
    }

    Collection<Span> spans() {
        return spans.values();
    }
}
