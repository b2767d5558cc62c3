package io.microbatcher.cli.tune;

import io.microbatcher.DispatchPolicy;
import io.microbatcher.MicroBatcher;
import java.time.Duration;

/** When a batch leaves that is not full: the policies of the library. */
enum Rule {
    ADAPTIVE("adaptive"),
    NATURAL("natural"),
    SIZE_OR_AGE("size or age"),
    LATENCY_TARGET("latency target");

    private final String words;

    Rule(String words) {
        this.words = words;
    }

    <J, R> MicroBatcher.Builder<J, R> applyTo(MicroBatcher.Builder<J, R> builder, Duration limit) {
        return switch (this) {
            case ADAPTIVE -> builder.adaptive();
            case NATURAL -> builder.dispatchPolicy(DispatchPolicy.natural());
            case SIZE_OR_AGE -> builder.batchCycle(limit);
            case LATENCY_TARGET -> builder.latencyTarget(limit);
        };
    }

    /** The line that a user would write. */
    String code(Duration limit) {
        return switch (this) {
            case ADAPTIVE -> ".adaptive()";
            case NATURAL -> ".dispatchPolicy(DispatchPolicy.natural())";
            case SIZE_OR_AGE -> ".batchCycle(" + Figures.javaDuration(limit) + ")";
            case LATENCY_TARGET -> ".latencyTarget(" + Figures.javaDuration(limit) + ")";
        };
    }

    /** The name, with the limit where there is one. */
    String words(Duration limit) {
        return switch (this) {
            case ADAPTIVE, NATURAL -> words;
            case SIZE_OR_AGE -> words + ", cycle " + Figures.duration(limit);
            case LATENCY_TARGET -> words + " " + Figures.duration(limit);
        };
    }

    @Override
    public String toString() {
        return words;
    }
}
