package io.microbatcher.spring;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.microbatcher.BatchProcessor;
import io.microbatcher.ContextCarrier;
import io.microbatcher.MicroBatcher;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Primary;

/** What an application says that no batcher hears is a warning in the log; it starts. */
class UnheardTest {
    @Configuration(proxyBeanMethods = false)
    static class TwoProcessors {
        @Bean
        BatchProcessor<Long, String> names() {
            return ids -> ids.stream().map(String::valueOf).toList();
        }

        @Bean
        BatchProcessor<Integer, Integer> orderSizeProcessor() {
            return jobs -> jobs;
        }
    }

    private static List<String> warnings(ApplicationContextRunner application) {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        Logger logger = (Logger) LoggerFactory.getLogger("io.microbatcher.spring");
        logger.addAppender(log);
        try {
            application.run(context -> assertThat(context).hasNotFailed());
        } finally {
            logger.detachAppender(log);
        }
        return log.list.stream()
                .filter(logged -> logged.getLevel() == Level.WARN)
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    @Test
    void anInstanceThatNoBatcherHas() {
        assertThat(warnings(Contexts.with(TwoProcessors.class)
                        .withPropertyValues(
                                "microbatcher.instances.othr.batch-size=3",
                                "microbatcher.instances.ORDER-size.batch-size=3")))
                .containsExactly(
                        "There is no batcher for microbatcher.instances.othr, so far; there are: names, orderSize");
    }

    @Configuration(proxyBeanMethods = false)
    static class Customizers {
        @Bean
        MicroBatcherCustomizer<Long, Integer> forNobody() {
            return (name, builder) -> builder.batchSize(7);
        }

        @Bean
        MicroBatcherCustomizer<Long, String> forNames() {
            return (name, builder) -> builder.batchSize(7);
        }

        @Bean
        MicroBatcherCustomizer<?, ?> forAll() {
            return (name, builder) -> builder.batchSize(7);
        }
    }

    @Test
    void aCustomizerOfTypesThatNoBatcherHas() {
        assertThat(warnings(Contexts.with(TwoProcessors.class, Customizers.class)))
                .containsExactly(
                        "The MicroBatcherCustomizer 'forNobody' has been called for no batcher, so far: it is called"
                                + " for those that the starter makes, of the types that its declaration names; there are:"
                                + " names, orderSize");
    }

    @Configuration(proxyBeanMethods = false)
    static class LazyBatcher {
        @Bean
        @Lazy
        BatchProcessor<Long, String> names() {
            return ids -> ids.stream().map(String::valueOf).toList();
        }
    }

    @Test
    void nobodyKnowsOfCustomizersWhereNoBatcherIsThereYet() {
        assertThat(warnings(Contexts.with(LazyBatcher.class, Customizers.class)))
                .isEmpty();
    }

    @Configuration(proxyBeanMethods = false)
    static class TwoCarriers {
        @Bean
        ContextCarrier<String> tenant() {
            return new Nothing();
        }

        @Bean
        ContextCarrier<String> trace() {
            return new Nothing();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class TwoCarriersAndOneIsPrimary {
        @Bean
        @Primary
        ContextCarrier<String> tenant() {
            return new Nothing();
        }

        @Bean
        ContextCarrier<String> trace() {
            return new Nothing();
        }
    }

    static final class Nothing implements ContextCarrier<String> {
        @Override
        public String capture() {
            return null;
        }

        @Override
        public Scope restore(String captured) {
            return () -> {};
        }
    }

    @Test
    void severalCarriersOfWhichNoneIsPrimaryAreOneWarningForAllBatchers() {
        assertThat(warnings(Contexts.with(TwoProcessors.class, TwoCarriers.class)))
                .containsExactly("There are several ContextCarrier beans, [tenant, trace], so that batchers carry no"
                        + " contexts, unless a MicroBatcherCustomizer says which; make one of the beans @Primary");
        assertThat(warnings(Contexts.with(TwoProcessors.class, TwoCarriersAndOneIsPrimary.class)))
                .isEmpty();
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnBatcher {
        @Bean
        MicroBatcher<Long, String> own() {
            return MicroBatcher.builder((List<Long> jobs) ->
                            jobs.stream().map(String::valueOf).toList())
                    .name("own")
                    .build();
        }
    }

    @Test
    void severalCarriersForBatchersOfTheApplicationsOwnAreNone() {
        assertThat(warnings(Contexts.with(OwnBatcher.class, TwoCarriers.class))).isEmpty();
    }

    @Configuration(proxyBeanMethods = false)
    static class Registry {
        @Bean
        MeterRegistry registry() {
            return new SimpleMeterRegistry();
        }
    }

    @Test
    void jobsThatAreToBeTimedWhereNothingMeters() {
        String property = "microbatcher.metrics.time-each-job=true";
        AutoConfigurations meters = AutoConfigurations.of(MetersAutoConfiguration.class);
        assertThat(warnings(Contexts.with(TwoProcessors.class)
                        .withConfiguration(meters)
                        .withPropertyValues(property)))
                .containsExactly(
                        "microbatcher.metrics.time-each-job is true, but it is not the starter that meters: that"
                                + " takes microbatcher-micrometer on the class path, a MeterRegistry bean, and no BatcherMeters bean"
                                + " of the application's own");
        assertThat(warnings(Contexts.with(TwoProcessors.class, Registry.class)
                        .withConfiguration(meters)
                        .withPropertyValues(property)))
                .isEmpty();
    }
}
