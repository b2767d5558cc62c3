package io.microbatcher.spring;

import org.springframework.boot.actuate.autoconfigure.health.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;

/** Health, where Spring Boot 3.5 has it. {@link HealthAutoConfiguration} is the same for Spring Boot 4. */
@AutoConfiguration(after = MicroBatcherAutoConfiguration.class)
@ConditionalOnClass(HealthIndicator.class)
@ConditionalOnEnabledHealthIndicator("microbatchers")
@ConditionalOnBean(Batchers.class)
class Health35AutoConfiguration {
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
