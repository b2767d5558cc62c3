package io.microbatcher.opentelemetry;

import io.microbatcher.ContextCarrier;
import io.opentelemetry.context.Context;
import org.jspecify.annotations.Nullable;

/**
 * Carries the context of OpenTelemetry, the current span and baggage, of each caller along with its job. For batchers that
 * carry nothing else; the {@code SnapshotCarrier} of {@code microbatcher-context-propagation} carries it beside other
 * things, where an accessor for it is registered.
 *
 * <p><b>Thread safety.</b> Immutable; one may serve any number of batchers.
 */
public final class SpanCarrier implements ContextCarrier<Context> {
    /** Carries the current context. */
    public SpanCarrier() {}

    @Override
    public @Nullable Context capture() {
        Context current = Context.current();
        return current == Context.root() ? null : current;
    }

    @Override
    @SuppressWarnings("MustBeClosedChecker") // it is, by whoever called
    public Scope restore(Context captured) {
        return captured.makeCurrent()::close;
    }
}
