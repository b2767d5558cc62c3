package io.microbatcher.spring;

import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;

/** The endpoint, where the actuator is there. */
@AutoConfiguration(after = MicroBatcherAutoConfiguration.class)
@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
@ConditionalOnAvailableEndpoint(endpoint = MicroBatchersEndpoint.class)
@ConditionalOnBean(Batchers.class)
class EndpointAutoConfiguration {
    @Bean
    MicroBatchersEndpoint microBatchersEndpoint(Batchers batchers) {
        return new MicroBatchersEndpoint(batchers);
    }
}
