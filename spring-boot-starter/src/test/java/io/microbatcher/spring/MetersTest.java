package io.microbatcher.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.microbatcher.BatchProcessor;
import io.microbatcher.MicroBatcher;
import io.microbatcher.micrometer.BatcherMeters;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Scope;

/** How batchers are metered where the application has a registry. */
class MetersTest {
    @Configuration(proxyBeanMethods = false)
    static class Registry {
        @Bean
        MeterRegistry registry() {
            return new SimpleMeterRegistry();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class TwoBatchers {
        @Bean
        BatchProcessor<Integer, Integer> doubles() {
            return jobs -> jobs.stream().map(job -> job * 2).toList();
        }

        @Bean
        BatchProcessor<String, Integer> lengths() {
            return jobs -> jobs.stream().map(String::length).toList();
        }
    }

    private static ApplicationContextRunner metered(Class<?>... more) {
        return Contexts.with(Registry.class, TwoBatchers.class)
                .withUserConfiguration(more)
                .withConfiguration(AutoConfigurations.of(MetersAutoConfiguration.class));
    }

    private static Meter job(AssertableApplicationContext context, String batcher) {
        return context.getBean(MeterRegistry.class)
                .get("microbatcher.job")
                .tags("name", batcher, "outcome", "succeeded")
                .meter();
    }

    @SuppressWarnings("unchecked")
    private static void runOne(AssertableApplicationContext context) throws InterruptedException {
        assertThat(((MicroBatcher<Integer, Integer>) context.getBean("doublesBatcher")).run(2))
                .isEqualTo(4);
    }

    @Test
    void jobsAreCountedInBulkUnlessAPropertySaysOtherwise() {
        metered().run(context -> {
            assertThat(job(context, "doubles")).isInstanceOf(FunctionTimer.class);
            assertThat(job(context, "lengths")).isInstanceOf(FunctionTimer.class);
        });
    }

    @Test
    void withThePropertyEachJobIsTimed() {
        metered().withPropertyValues("microbatcher.metrics.time-each-job=true").run(context -> {
            runOne(context);
            assertThat(job(context, "doubles"))
                    .isInstanceOfSatisfying(
                            Timer.class, timer -> assertThat(timer.count()).isEqualTo(1));
            assertThat(job(context, "lengths")).isInstanceOf(Timer.class);
        });
    }

    @Test
    void aValueThatIsNeitherTrueNorFalseStopsTheStart() {
        metered()
                .withPropertyValues("microbatcher.metrics.time-each-job=often")
                .run(context -> assertThat(Contexts.messages(context.getStartupFailure()))
                        .contains("microbatcher.metrics"));
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnMeters {
        @Bean
        @Scope(ConfigurableBeanFactory.SCOPE_PROTOTYPE)
        BatcherMeters meters(MeterRegistry registry) {
            return new BatcherMeters(registry, Tags.of("region", "north"));
        }
    }

    @Test
    void metersOfTheApplicationsOwnWinAndEachBatcherHasItsOwn() {
        metered(OwnMeters.class)
                .withPropertyValues("microbatcher.metrics.time-each-job=true")
                .run(context -> {
                    assertThat(context.getBean(MeterRegistry.class).getMeters())
                            .isNotEmpty()
                            .allSatisfy(meter ->
                                    assertThat(meter.getId().getTag("region")).isEqualTo("north"))
                            .extracting(meter -> meter.getId().getTag("name"))
                            .contains("doubles", "lengths");
                    assertThat(job(context, "doubles")).isInstanceOf(FunctionTimer.class);
                });
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnMetersWithoutTags {
        @Bean
        @Scope(ConfigurableBeanFactory.SCOPE_PROTOTYPE)
        BatcherMeters meters(MeterRegistry registry) {
            return new BatcherMeters(registry);
        }
    }

    @Test
    void metersOfTheApplicationsOwnAreNotCountedTwice() {
        metered(OwnMetersWithoutTags.class).run(context -> {
            assertThat(context).doesNotHaveBean(MetersAutoConfiguration.METERS);
            runOne(context);
            assertThat(((FunctionTimer) job(context, "doubles")).count()).isEqualTo(1);
        });
    }
}
