package io.microbatcher.spring;

import io.microbatcher.micrometer.BatcherMeters;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** Meters, where {@code microbatcher-micrometer} and a registry are there. */
@AutoConfiguration(
        after = MicroBatcherAutoConfiguration.class,
        afterName = {
            "org.springframework.boot.actuate.autoconfigure.metrics.CompositeMeterRegistryAutoConfiguration", // 3.5
            "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration" // 4
        })
@ConditionalOnClass({MeterRegistry.class, BatcherMeters.class})
@ConditionalOnBean({MeterRegistry.class, Batchers.class})
class MetersAutoConfiguration {
    /** The name of the bean that meters. */
    static final String METERS = "microBatcherMeters";

    /** Unless the application has its own, which is a listener as any other: the same meters twice would count twice. */
    @Bean(METERS)
    @ConditionalOnMissingBean(BatcherMeters.class)
    ListenerForEach microBatcherMeters(MeterRegistry registry, MicroBatcherProperties properties) {
        boolean eachJob = properties.metrics().timeEachJob();
        return batcher -> {
            BatcherMeters meters = new BatcherMeters(registry);
            return eachJob ? meters.timingEachJob() : meters;
        };
    }
}
