package io.microbatcher.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.microbatcher.BatchListener.BatchInfo;
import io.microbatcher.BatchProcessor;
import io.microbatcher.DispatchReason;
import io.microbatcher.JobFailedException;
import io.microbatcher.MicroBatcher;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The endpoint and the health, over HTTP. */
class ActuatorTest {
    private static ConfigurableApplicationContext application;
    private static Http http;

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {
        @Bean
        BatchProcessor<Integer, Integer> doubles() {
            return jobs -> jobs.stream().map(job -> job * 2).toList();
        }

        @Bean
        BatchProcessor<String, Integer> broken() {
            return jobs -> {
                throw new IllegalStateException("out of order");
            };
        }
    }

    @BeforeAll
    static void start() {
        application = SpringApplication.run(
                Application.class,
                "--server.port=0",
                "--microbatcher.instances.doubles.batch-cycle=1h",
                "--management.endpoints.web.exposure.include=*",
                "--management.endpoint.health.show-details=always");
        http = new Http(application);
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    @SuppressWarnings("unchecked")
    private static <J> MicroBatcher<J, Integer> batcher(String name) {
        return (MicroBatcher<J, Integer>) application.getBean(name, MicroBatcher.class);
    }

    @Test
    void theListHasEveryBatcherWithItsStatistics() throws Exception {
        var response = http.got("/actuator/microbatchers");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body())
                .startsWith("{\"microbatchers\":{\"broken\":{\"accepted\":")
                .contains("\"doubles\":{\"accepted\":")
                .contains("\"meanBatchSize\":")
                .contains("\"batchDurationMillis\":");
    }

    @Test
    void oneIsShownByItsNameAndAnUnknownOneIsNotFound() throws Exception {
        assertThat(http.got("/actuator/microbatchers/doubles").body()).startsWith("{\"accepted\":");
        assertThat(http.got("/actuator/microbatchers/nobody").statusCode()).isEqualTo(404);
    }

    @Test
    void aPostFlushes() throws Exception {
        CompletableFuture<Integer> waiting =
                ActuatorTest.<Integer>batcher("doublesBatcher").submit(21);
        assertThat(http.post("/actuator/microbatchers/doubles").statusCode()).isEqualTo(204);
        assertThat(waiting.get(30, TimeUnit.SECONDS)).isEqualTo(42);
        assertThat(http.got("/actuator/microbatchers/doubles").body()).contains("\"FLUSH\":");
        assertThat(http.post("/actuator/microbatchers/nobody").statusCode()).isEqualTo(404);
    }

    @Test
    void metersAreBoundByThemselves() throws Exception {
        MeterRegistry registry = application.getBean(MeterRegistry.class);
        DistributionSummary sizes =
                registry.get("microbatcher.batch.size").tag("name", "doubles").summary();
        long before = sizes.count();
        CompletableFuture<Integer> job =
                ActuatorTest.<Integer>batcher("doublesBatcher").submit(1);
        ActuatorTest.<Integer>batcher("doublesBatcher").flush();
        job.get(30, TimeUnit.SECONDS);
        assertThat(sizes.count()).isGreaterThan(before);
        assertThat(http.got("/actuator/metrics/microbatcher.batch.size").body())
                .contains("\"values\":[\"broken\",\"doubles\"]");
    }

    @Test
    void theHealthIsDownWhenBatchesFailInARow() throws Exception {
        HttpResponse<String> before = http.got("/actuator/health/microbatchers");
        assertThat(before.statusCode()).isEqualTo(200);
        assertThat(before.body())
                .contains("\"doubles\":{\"status\":\"UP\",\"pending\":")
                .doesNotContain("DOWN");
        for (int i = 0; i < HealthWatch.IN_A_ROW; i++) {
            Assertions.assertThatThrownBy(
                            () -> ActuatorTest.<String>batcher("brokenBatcher").run("job"))
                    .isInstanceOf(JobFailedException.class);
        }
        HttpResponse<String> response = http.got("/actuator/health/microbatchers");
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.body())
                .contains("\"broken\":{\"status\":\"DOWN\"")
                .contains("\"failedInARow\":3,\"lastFailure\":\"java.lang.IllegalStateException\"");
    }

    @Test
    void aMinuteAfterTheLastFailureNobodyIsDown() {
        AtomicLong nanos = new AtomicLong();
        Batchers batchers = new Batchers();
        batchers.add(
                MicroBatcher.builder((List<Integer> jobs) -> jobs).name("b").build());
        HealthWatch watch = new HealthWatch(batchers, nanos::get);
        var listener = watch.of("b");
        BatchInfo batch = new BatchInfo(1, 1, 1, DispatchReason.SIZE, 0);
        listener.failed(batch, 1, new IllegalStateException());
        listener.failed(batch, 1, new IllegalStateException());
        assertThat(watch.isDown()).isFalse();
        listener.failed(batch, 1, new IllegalStateException());
        assertThat(watch.isDown()).isTrue();
        nanos.addAndGet(HealthWatch.RECENT.toNanos());
        assertThat(watch.isDown()).isFalse();
        listener.failed(batch, 1, new IllegalStateException());
        assertThat(watch.isDown()).isTrue();
        listener.completed(batch, 1, 0);
        assertThat(watch.isDown()).isFalse();
    }
}
