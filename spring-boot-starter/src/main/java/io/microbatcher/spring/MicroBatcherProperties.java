package io.microbatcher.spring;

import java.time.Duration;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What properties say. A name that is not known stops the start: a misspelt option would do nothing, in silence.
 *
 * @param enabled Whether there are batchers at all. Without, no MicroBatcher bean is made, and a MicroBatched method runs
 *     its own body.
 * @param shutdownTimeout How long jobs that were accepted may take to end when the application stops; what is left then is
 *     cut off.
 * @param metrics What is metered.
 * @param defaults Options of every batcher that does not say otherwise.
 * @param instances Options of single batchers, by their name.
 */
@ConfigurationProperties(prefix = MicroBatcherProperties.PREFIX, ignoreUnknownFields = false)
record MicroBatcherProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("20s") Duration shutdownTimeout,
        @DefaultValue Metrics metrics,
        @DefaultValue @NestedConfigurationProperty BatcherProperties defaults,
        @DefaultValue Map<String, BatcherProperties> instances) {
    static final String PREFIX = "microbatcher";

    MicroBatcherProperties {
        instances = Map.copyOf(instances);
    }

    /**
     * What is metered.
     *
     * @param timeEachJob Whether each job is timed by itself, so that its timers have a maximum, percentiles and histograms.
     *     It costs two timings for each job.
     */
    record Metrics(@DefaultValue("false") boolean timeEachJob) {}
}
