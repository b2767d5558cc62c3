package io.microbatcher.spring;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/** Health, where Spring Boot 4 has it. {@link Health35AutoConfiguration} is the same for Spring Boot 3.5. */
@AutoConfiguration(after = MicroBatcherAutoConfiguration.class)
@ConditionalOnClass(HealthIndicator.class)
@ConditionalOnEnabledHealthIndicator("microbatchers")
@ConditionalOnBean(Batchers.class)
class HealthAutoConfiguration {
    @Bean
    HealthWatch microBatchersHealthWatch(Batchers batchers) {
        return new HealthWatch(batchers, System::nanoTime);
    }

    @Bean
    HealthIndicator microbatchersHealthIndicator(HealthWatch watch) {
        return () -> (watch.isDown() ? Health.down() : Health.up())
                .withDetails(watch.details())
                .build();
    }
}
