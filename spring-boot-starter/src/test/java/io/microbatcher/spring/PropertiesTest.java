package io.microbatcher.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.microbatcher.BatchProcessor;
import io.microbatcher.BatcherFullException;
import io.microbatcher.DispatchReason;
import io.microbatcher.MicroBatcher;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/** What properties say is what batchers do; what they cannot say stops the start. */
class PropertiesTest {
    @Configuration(proxyBeanMethods = false)
    static class TwoSizes {
        @Bean
        BatchProcessor<Integer, Integer> orderSizeProcessor() {
            return jobs -> jobs.stream().map(job -> jobs.size()).toList();
        }

        @Bean
        BatchProcessor<Integer, Integer> other() {
            return jobs -> jobs.stream().map(job -> jobs.size()).toList();
        }
    }

    @Test
    void anInstanceSaysWhatTheDefaultsSayOtherwise() {
        Contexts.with(TwoSizes.class)
                .withPropertyValues(
                        "microbatcher.defaults.batch-cycle=1h",
                        "microbatcher.defaults.batch-size=2",
                        "microbatcher.instances.orderSize.batch-size=3")
                .run(context -> {
                    assertThat(sizes(context, "other", 2)).containsOnly(2);
                    assertThat(sizes(context, "orderSize", 3)).containsOnly(3);
                });
    }

    @ParameterizedTest
    @CsvSource({
        "microbatcher.instances.order-size.batch-size",
        "microbatcher.instances.orderSize.batchSize",
        "microbatcher.instances.ordersize.batch_size",
        "microbatcher.instances[orderSize].batch-size"
    })
    void aNameMayBeSpeltAsPropertiesUsuallyMay(String property) {
        Contexts.with(TwoSizes.class)
                .withPropertyValues("microbatcher.defaults.batch-cycle=1h", property + "=3")
                .run(context -> assertThat(sizes(context, "orderSize", 3)).containsOnly(3));
    }

    @Test
    void theEnvironmentWinsOverAFile() {
        Contexts.with(TwoSizes.class)
                .withPropertyValues(
                        "microbatcher.defaults.batch-cycle=1h", "microbatcher.instances.orderSize.batch-size=3")
                .withInitializer(context -> context.getEnvironment()
                        .getPropertySources()
                        .addFirst(new SystemEnvironmentPropertySource(
                                "test-systemEnvironment", Map.of("MICROBATCHER_INSTANCES_ORDERSIZE_BATCHSIZE", "4"))))
                .run(context -> assertThat(sizes(context, "orderSize", 4)).containsOnly(4));
    }

    /** Submits so many jobs and tells the size of the batch of each. */
    private static List<Integer> sizes(AssertableApplicationContext context, String name, int jobs) throws Exception {
        MicroBatcher<Integer, Integer> batcher = batcher(context, name);
        List<CompletableFuture<Integer>> answers = new ArrayList<>();
        for (int i = 0; i < jobs; i++) {
            answers.add(batcher.submit(i));
        }
        List<Integer> sizes = new ArrayList<>();
        for (CompletableFuture<Integer> answer : answers) {
            sizes.add(answer.get(30, TimeUnit.SECONDS));
        }
        assertThat(batcher.stats().batches(DispatchReason.SIZE)).isEqualTo(1);
        return sizes;
    }

    @SuppressWarnings("unchecked")
    private static MicroBatcher<Integer, Integer> batcher(AssertableApplicationContext context, String name) {
        return (MicroBatcher<Integer, Integer>) context.getBean(name + "Batcher", MicroBatcher.class);
    }

    @Test
    void slotsRoomOverflowAndAnInstancesFixedNumberOverAnAdaptiveDefault() {
        Contexts.with(TwoSizes.class)
                .withPropertyValues(
                        "microbatcher.defaults.adaptive-concurrency=2",
                        "microbatcher.defaults.batch-cycle=1h",
                        "microbatcher.defaults.max-pending=1",
                        "microbatcher.defaults.overflow=reject",
                        "microbatcher.instances.other.max-concurrent-batches=7")
                .run(context -> {
                    assertThat(batcher(context, "orderSize").stats().slots()).isEqualTo(2);
                    assertThat(batcher(context, "other").stats().slots()).isEqualTo(7);
                    batcher(context, "other").submit(1);
                    assertThat(batcher(context, "other").submit(2))
                            .failsWithin(30, TimeUnit.SECONDS)
                            .withThrowableOfType(java.util.concurrent.ExecutionException.class)
                            .withCauseInstanceOf(BatcherFullException.class);
                });
    }

    @Configuration(proxyBeanMethods = false)
    static class Failing {
        final AtomicInteger calls = new AtomicInteger();

        @Bean
        BatchProcessor<Integer, Integer> flaky() {
            return jobs -> {
                if (calls.incrementAndGet() < 3) {
                    throw new IllegalStateException("call " + calls);
                }
                return jobs;
            };
        }
    }

    @Test
    void whatHasFailedIsTriedAgainAsOftenAsThePropertySays() {
        Contexts.with(Failing.class)
                .withPropertyValues(
                        "microbatcher.instances.flaky.retry.first-backoff=1ms",
                        "microbatcher.defaults.retry.longest-backoff=2ms",
                        "microbatcher.defaults.retry.jitter=0.1",
                        "microbatcher.instances.flaky.retry.attempts=3")
                .run(context -> {
                    assertThat(batcher(context, "flaky").run(5)).isEqualTo(5);
                    assertThat(batcher(context, "flaky").stats().retries()).isEqualTo(2);
                });
    }

    // ---------------------------------------------------------------- wrong values

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "batch-size|0|1 or more, but was 0",
                "batch-cycle|-1s|must not be negative",
                "max-concurrent-batches|-1|1 or more, but was -1",
                "adaptive-concurrency|0|1 or more, but was 0",
                "max-concurrent-batches-per-key|0|1 or more, but was 0",
                "max-pending|0|1 or more, but was 0",
                "job-timeout|0s|more than zero",
                "batch-timeout|-1s|more than zero",
                "latency-target|0s|more than zero",
                "retry.attempts|0|1 or more, but was 0"
            })
    void aValueOutOfRangeStopsTheStartWithThePathOfItsProperty(String option, String value, String rule) {
        for (String prefix : List.of("microbatcher.defaults.", "microbatcher.instances.other.")) {
            Contexts.with(TwoSizes.class)
                    .withPropertyValues(prefix + option + "=" + value)
                    .run(context -> assertThat(Contexts.fault(context.getStartupFailure()))
                            .hasMessageContaining(prefix + option + " is '")
                            .hasMessageContaining(rule)
                            .hasMessageEndingWith("Correct " + prefix + option + "."));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "microbatcher.defaults.batch-size, many",
        "microbatcher.instances.other.batch-cycle, soon",
        "microbatcher.instances.nobody.overflow, explode",
        "microbatcher.shutdown-timeout, never"
    })
    void aValueOfTheWrongTypeStopsTheStartWithThePathOfItsProperty(String property, String value) {
        Contexts.with(TwoSizes.class)
                .withPropertyValues(property + "=" + value)
                .run(context -> assertThat(Contexts.messages(context.getStartupFailure()))
                        .contains(property)
                        .contains(value));
    }

    @Test
    void anOptionThatDoesNotExistStopsTheStart() {
        Contexts.with(TwoSizes.class)
                .withPropertyValues("microbatcher.instances.other.batch-sise=3")
                .run(context -> assertThat(Contexts.messages(context.getStartupFailure()))
                        .contains("microbatcher.instances.other.batch-sise"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "max-concurrent-batches=2|adaptive-concurrency=2|exclude each other",
                "dispatch-policy=natural|latency-target=5ms|exclude each other",
                "retry.jitter=0.1|batch-size=2|retry.attempts is not set",
                "retry.attempts=2|retry.jitter=2|jitter must be from 0 to 1",
                "retry.first-backoff=2s|retry.attempts=2|",
                "retry.first-backoff=-1s|retry.attempts=2|must not be negative",
                "max-concurrent-batches-per-key=1|batch-size=2|partitionBy"
            })
    void optionsThatDoNotFitStopTheStart(String one, String other, String complaint) {
        Contexts.with(TwoSizes.class)
                .withPropertyValues("microbatcher.instances.other." + one, "microbatcher.instances.other." + other)
                .run(context -> {
                    if (complaint == null) {
                        assertThat(context).hasNotFailed();
                    } else {
                        assertThat(Contexts.fault(context.getStartupFailure()))
                                .hasMessageContaining(complaint)
                                .hasMessageContaining("microbatcher.instances.other.");
                    }
                });
    }

    @Test
    void howToTryAgainMayBeSaidForAllWhereSomeDo() {
        Contexts.with(TwoSizes.class)
                .withPropertyValues(
                        "microbatcher.defaults.retry.jitter=0.1", "microbatcher.instances.other.retry.attempts=2")
                .run(context -> assertThat(context).hasNotFailed());
    }

    /** On standard output, as Spring Boot does. */
    @Test
    void anApplicationThatDoesNotStartSaysWhyAndWhatToDo() {
        SpringApplication application = new SpringApplication(Whole.class);
        application.setWebApplicationType(WebApplicationType.NONE);
        PrintStream before = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            assertThatThrownBy(() -> application.run("--microbatcher.instances.other.batch-size=0"))
                    .hasRootCauseInstanceOf(ConfigurationFault.class);
        } finally {
            System.setOut(before);
        }
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .contains("APPLICATION FAILED TO START")
                .contains("microbatcher.instances.other.batch-size is '0', which cannot be: ")
                .contains("Correct microbatcher.instances.other.batch-size.")
                .doesNotContain("\tat io.microbatcher");
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(TwoSizes.class)
    static class Whole {}

    @Test
    void aNegativeTimeForTheEndStopsTheStart() {
        Contexts.with(TwoSizes.class)
                .withPropertyValues("microbatcher.shutdown-timeout=-1s")
                .run(context -> assertThat(Contexts.fault(context.getStartupFailure()))
                        .hasMessageContaining("microbatcher.shutdown-timeout is 'PT-1S'"));
    }
}
