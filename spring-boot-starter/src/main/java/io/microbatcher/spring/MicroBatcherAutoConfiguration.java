package io.microbatcher.spring;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Role;
import org.springframework.core.env.Environment;

/**
 * Makes a {@link io.microbatcher.MicroBatcher} for each {@link io.microbatcher.BatchProcessor} bean, batches
 * {@link MicroBatched} methods, and starts and stops with the context. Public so that it can be excluded;
 * {@code microbatcher.enabled=false} does the same.
 */
@AutoConfiguration
@ConditionalOnProperty(prefix = MicroBatcherProperties.PREFIX, name = "enabled", matchIfMissing = true)
@EnableConfigurationProperties(MicroBatcherProperties.class)
public class MicroBatcherAutoConfiguration {
    private static final String FACTORY = "microBatcherFactory";

    /** Made by Spring Boot. */
    public MicroBatcherAutoConfiguration() {}

    @Bean
    static BatcherRegistrar microBatcherRegistrar() {
        return new BatcherRegistrar(FACTORY);
    }

    @Bean(FACTORY)
    BatcherFactory microBatcherFactory(
            ConfigurableListableBeanFactory beans, Environment environment, MicroBatcherProperties properties) {
        return new BatcherFactory(beans, environment, properties);
    }

    @Bean
    BatcherLifecycle microBatcherLifecycle(Batchers batchers, Ending ending, MicroBatcherProperties properties) {
        return new BatcherLifecycle(batchers, ending, properties);
    }

    @Bean
    Unheard microBatcherUnheard(
            ListableBeanFactory beans, BatcherFactory factory, Batchers batchers, MicroBatcherProperties properties) {
        return new Unheard(beans, factory, batchers, properties);
    }

    // ---------------------------------------------------------------- there before other beans are

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static Batchers microBatchers() {
        return new Batchers();
    }

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static Ending microBatcherEnding(Batchers batchers) {
        return new Ending(batchers, System::nanoTime);
    }

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static BatcherBeans microBatcherBeans(BeanFactory beans, Batchers batchers, Ending ending) {
        return new BatcherBeans(beans, batchers, ending);
    }

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static MicroBatchedBeans microBatchedBeans(
            BeanFactory beans, ObjectProvider<BatcherFactory> factory, Batchers batchers, Ending ending) {
        return new MicroBatchedBeans(beans, factory, batchers, ending);
    }
}
