package io.microbatcher.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.microbatcher.BatchProcessor;
import io.microbatcher.MicroBatcher;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

/** A processor that comes back for nobody, not even if it is interrupted, keeps no application from its end. */
class HungEndTest {
    private static final CountDownLatch AT_WORK = new CountDownLatch(1);
    private static final CountDownLatch RELEASED = new CountDownLatch(1);

    @AfterEach
    void release() {
        RELEASED.countDown();
    }

    private static ConfigurableApplicationContext started(Class<?> application) {
        return new SpringApplicationBuilder(application)
                .web(WebApplicationType.NONE)
                .run("--microbatcher.shutdown-timeout=10ms", "--spring.main.banner-mode=off");
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Own {
        @Bean
        MicroBatcher<Integer, Integer> own() {
            return MicroBatcher.builder((BatchProcessor<Integer, Integer>) jobs -> {
                        AT_WORK.countDown();
                        while (RELEASED.getCount() > 0) {
                            try {
                                RELEASED.await();
                            } catch (InterruptedException ignored) {
                                // it does not listen
                            }
                        }
                        return jobs;
                    })
                    .batchSize(1)
                    .build();
        }
    }

    @Test
    void aBatcherOfTheApplicationsOwnIsCutOffInTimeToo() throws Exception {
        ConfigurableApplicationContext application = started(Own.class);
        @SuppressWarnings("unchecked")
        MicroBatcher<Integer, Integer> own = application.getBean(MicroBatcher.class);
        own.submit(1);
        assertThat(AT_WORK.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(CompletableFuture.runAsync(() -> application.close())).succeedsWithin(Duration.ofSeconds(30));
    }

    static class Half {
        @MicroBatched(batchMethod = "findAll")
        public String find(Long id) {
            throw new UnsupportedOperationException();
        }

        @MicroBatched(batchMethod = "nowhere")
        public String seek(Long id) {
            throw new UnsupportedOperationException();
        }

        public List<String> findAll(List<Long> ids) {
            return ids.stream().map(String::valueOf).toList();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Late {
        @Bean
        @Lazy
        Half half() {
            return new Half();
        }
    }

    @Test
    void aLazyBeanThatIsWrongSaysTheSameEachTime() {
        try (ConfigurableApplicationContext application = started(Late.class)) {
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> application.getBean(Half.class)).hasMessageContaining("'nowhere'");
            }
            assertThat(application.getBean(Batchers.class).all()).isEmpty();
        }
    }

    @Test
    void aTimeLimitOfForeverIsNoObstacle() {
        try (ConfigurableApplicationContext application = new SpringApplicationBuilder(Late.class)
                .web(WebApplicationType.NONE)
                .run("--microbatcher.shutdown-timeout=PT9223372036854775807S", "--spring.main.banner-mode=off")) {
            BatcherLifecycle lifecycle = application.getBean(BatcherLifecycle.class);
            lifecycle.stop();
            assertThat(lifecycle.isRunning()).isFalse();
        }
    }

    @Test
    void aBatcherThatEndsLongAfterAnotherHasItsTimeToo() throws Exception {
        AtomicLong now = new AtomicLong();
        Batchers batchers = new Batchers();
        Ending ending = new Ending(batchers, now::get);
        MicroBatcher<Integer, Integer> first =
                MicroBatcher.<Integer, Integer>builder(jobs -> jobs).build();
        CountDownLatch released = new CountDownLatch(1);
        MicroBatcher<Integer, Integer> second = MicroBatcher.<Integer, Integer>builder(jobs -> {
                    released.await();
                    return jobs;
                })
                .batchSize(1)
                .build();
        batchers.add(first);
        batchers.add(second);
        ending.end(first);
        now.addAndGet(TimeUnit.HOURS.toNanos(1));
        CompletableFuture<Integer> job = second.submit(1);
        CompletableFuture<Void> end = CompletableFuture.runAsync(() -> ending.end(second));
        await().atMost(Duration.ofSeconds(30)).until(() -> batchers.all().isEmpty());
        released.countDown();
        assertThat(job).succeedsWithin(Duration.ofSeconds(30)).isEqualTo(1);
        assertThat(end).succeedsWithin(Duration.ofSeconds(30));
    }
}
