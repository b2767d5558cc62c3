package io.microbatcher.benchmarks.peer;

import io.microbatcher.DispatchPolicy;
import io.microbatcher.MicroBatcher;
import io.microbatcher.micrometer.BatcherMeters;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;

/** Who watches the micro-batcher, in the registry that is read by Prometheus. */
public enum Watching {
    NOBODY("nobody"),
    METERS("`BatcherMeters`"),
    METERS_EACH_JOB("`BatcherMeters`, `timingEachJob()`");

    private final String label;

    Watching(String label) {
        this.label = label;
    }

    public String label() {
        return label;
    }

    /** Batches of 128 by one of three policies. */
    public MicroBatcher.Builder<Long, Long> builder(String policy, Backend backend) {
        MicroBatcher.Builder<Long, Long> builder =
                MicroBatcher.builder(backend::process).name("watched").batchSize(128);
        switch (policy) {
            case "size or age" -> builder.batchCycle(Duration.ofMillis(1));
            case "natural" -> builder.dispatchPolicy(DispatchPolicy.natural());
            case "adaptive" -> builder.adaptive();
            default -> throw new IllegalArgumentException(policy);
        }
        BatcherMeters meters = new BatcherMeters(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
        return switch (this) {
            case NOBODY -> builder;
            case METERS -> builder.listener(meters);
            case METERS_EACH_JOB -> builder.listener(meters.timingEachJob());
        };
    }
}
