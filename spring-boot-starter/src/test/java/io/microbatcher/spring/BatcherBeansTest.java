package io.microbatcher.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.microbatcher.BatchListener;
import io.microbatcher.BatchProcessor;
import io.microbatcher.ContextCarrier;
import io.microbatcher.JobContexts;
import io.microbatcher.MicroBatcher;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.SpringBootVersion;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.Order;

/** Which beans there are, and what they are given. */
class BatcherBeansTest {
    record Customer(long id) {}

    @Test
    void theTestsRunOnTheVersionOfSpringBootThatTheBuildSays() {
        assertThat(SpringBootVersion.getVersion()).isEqualTo(System.getProperty("expected.spring.boot"));
    }

    // ---------------------------------------------------------------- one for each processor, by type and by name

    static final class Consumer {
        final MicroBatcher<Long, Customer> customers;

        Consumer(MicroBatcher<Long, Customer> customers) {
            this.customers = customers;
        }
    }

    static final class Lengths implements BatchProcessor<String, Integer> {
        @Override
        public List<Integer> process(List<String> jobs) {
            return jobs.stream().map(String::length).toList();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class TwoTypes {
        @Bean
        BatchProcessor<Long, Customer> customers() {
            return ids -> ids.stream().map(Customer::new).toList();
        }

        @Bean
        Lengths lengthProcessor() {
            return new Lengths();
        }

        @Bean
        Consumer consumer(MicroBatcher<Long, Customer> customers) {
            return new Consumer(customers);
        }
    }

    @Test
    void aProcessorThatIsALambdaYieldsABatcherThatIsInjectedByItsTypes() {
        Contexts.with(TwoTypes.class).run(context -> {
            MicroBatcher<Long, Customer> batcher = context.getBean(Consumer.class).customers;
            assertThat(batcher.run(7L)).isEqualTo(new Customer(7));
            assertThat(batcher.name()).isEqualTo("customers");
            assertThat(context.getBean("customersBatcher")).isSameAs(batcher);
        });
    }

    @Test
    void aProcessorThatIsAClassYieldsABatcherOfTheTypesThatItImplements() {
        Contexts.with(TwoTypes.class).run(context -> {
            ResolvableType type = ResolvableType.forClassWithGenerics(MicroBatcher.class, String.class, Integer.class);
            assertThat(context.getBeanNamesForType(type)).containsExactly("lengthBatcher");
            MicroBatcher<?, ?> batcher = context.getBean("lengthBatcher", MicroBatcher.class);
            assertThat(batcher.name()).isEqualTo("length");
        });
    }

    @Configuration(proxyBeanMethods = false)
    static class SameTypes {
        @Bean
        BatchProcessor<Long, String> euro() {
            return ids -> ids.stream().map(id -> id + " EUR").toList();
        }

        @Bean
        @Primary
        BatchProcessor<Long, String> dollarBatchProcessor() {
            return ids -> ids.stream().map(id -> id + " USD").toList();
        }

        @Bean
        List<String> prices(MicroBatcher<Long, String> any, @Qualifier("euroBatcher") MicroBatcher<Long, String> named)
                throws InterruptedException {
            return List.of(any.run(1L), named.run(1L));
        }
    }

    @Test
    void ofSeveralBatchersOfTheSameTypesOneIsInjectedByNameAndThatOfThePrimaryProcessorOtherwise() {
        Contexts.with(SameTypes.class)
                .run(context -> assertThat(context.getBean("prices")).isEqualTo(List.of("1 USD", "1 EUR")));
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnBatcher {
        @Bean
        BatchProcessor<Long, String> names() {
            return ids -> ids.stream().map(String::valueOf).toList();
        }

        @Bean
        MicroBatcher<Long, String> namesBatcher(BatchProcessor<Long, String> names) {
            return MicroBatcher.builder(names).name("mine").build();
        }
    }

    @Test
    void aBatcherOfTheApplicationsOwnWithTheSameNameWins() {
        Contexts.with(OwnBatcher.class).run(context -> {
            assertThat(context.getBean(MicroBatcher.class).name()).isEqualTo("mine");
            assertThat(context.getBean(Batchers.class).all()).containsOnlyKeys("mine");
        });
    }

    @Configuration(proxyBeanMethods = false)
    static class NameTaken {
        @Bean
        BatchProcessor<Long, String> names() {
            return ids -> List.of();
        }

        @Bean
        String namesBatcher() {
            return "something else";
        }
    }

    @Test
    void aNameThatIsTakenByAnotherBeanStopsTheStart() {
        Contexts.with(NameTaken.class)
                .run(context -> assertThat(Contexts.fault(context.getStartupFailure()))
                        .hasMessageContaining("the bean 'namesBatcher' is of type class java.lang.String")
                        .hasMessageContaining("Rename"));
    }

    @Configuration(proxyBeanMethods = false)
    static class SameInstance {
        @Bean
        BatchProcessor<Long, String> names() {
            return ids -> List.of();
        }

        @Bean
        BatchProcessor<Long, String> namesProcessor() {
            return ids -> List.of();
        }
    }

    @Test
    void twoProcessorsWithTheSameInstanceNameStopTheStart() {
        Contexts.with(SameInstance.class)
                .run(context -> assertThat(Contexts.fault(context.getStartupFailure()))
                        .hasMessageContaining("both have the instance name 'names'"));
    }

    @Test
    void withoutTheStarterEnabledThereIsNothing() {
        Contexts.with(OwnBatcher.class)
                .withPropertyValues("microbatcher.enabled=false")
                .run(context -> {
                    assertThat(context).doesNotHaveBean(BatcherLifecycle.class);
                    assertThat(context).hasSingleBean(MicroBatcher.class); // the application's own
                });
    }

    // ---------------------------------------------------------------- what batchers are given

    @Configuration(proxyBeanMethods = false)
    static class Customized {
        final List<String> called = new CopyOnWriteArrayList<>();

        @Bean
        BatchProcessor<Long, String> names() {
            return ids -> ids.stream().map(id -> "x".repeat(ids.size())).toList();
        }

        @Bean
        BatchProcessor<String, Integer> lengths() {
            return texts -> texts.stream().map(String::length).toList();
        }

        @Bean
        @Order(2)
        MicroBatcherCustomizer<Long, String> forNames() {
            return (name, builder) -> {
                called.add("typed " + name);
                builder.maxBatchWeight(1, id -> 1);
            };
        }

        @Bean
        @Order(1)
        MicroBatcherCustomizer<?, ?> forAll() {
            return (name, builder) -> called.add("all " + name);
        }

        @Bean
        List<String> called() {
            return called;
        }
    }

    @Test
    void customizersAreCalledForTheBatchersOfTheirTypesInTheirOrder() {
        Contexts.with(Customized.class).run(context -> {
            @SuppressWarnings("unchecked")
            List<String> called = (List<String>) context.getBean("called");
            assertThat(called).containsExactlyInAnyOrder("all names", "typed names", "all lengths");
            assertThat(called.indexOf("all names")).isLessThan(called.indexOf("typed names"));
        });
    }

    @Test
    void aCustomizerHasTheLastWord() {
        Contexts.with(Customized.class)
                .withPropertyValues("microbatcher.instances.names.batch-size=2", "microbatcher.defaults.batch-cycle=1h")
                .run(context -> {
                    @SuppressWarnings("unchecked")
                    MicroBatcher<Long, String> batcher =
                            (MicroBatcher<Long, String>) context.getBean("namesBatcher", MicroBatcher.class);
                    var one = batcher.submit(1L);
                    var two = batcher.submit(2L);
                    batcher.flush();
                    assertThat(one.get(30, TimeUnit.SECONDS))
                            .as("its weight fills a batch")
                            .isEqualTo("x");
                    assertThat(two.get(30, TimeUnit.SECONDS)).isEqualTo("x");
                });
    }

    @Configuration(proxyBeanMethods = false)
    static class Watched {
        static final ThreadLocal<String> TENANT = new ThreadLocal<>();

        @Bean
        BatchProcessor<Long, String> names() {
            return ids -> ids.stream()
                    .map(id -> ids.size() + " " + JobContexts.current().get(0))
                    .toList();
        }

        @Bean
        ContextCarrier<String> tenant() {
            return new ContextCarrier<>() {
                @Override
                public String capture() {
                    return TENANT.get();
                }

                @Override
                public Scope restore(String captured) {
                    return () -> {};
                }
            };
        }

        @Bean
        Ear ear() {
            return new Ear();
        }

        @Bean
        Ear otherEar() {
            return new Ear();
        }
    }

    static final class Ear implements BatchListener {
        final List<String> heard = new ArrayList<>();

        @Override
        public void built(MicroBatcher<?, ?> batcher) {
            heard.add(batcher.name());
        }
    }

    @Test
    void listenersAndTheCarrierOfContextsThatAreBeansArePickedUp() {
        Contexts.with(Watched.class).run(context -> {
            for (Map.Entry<String, Ear> ear : context.getBeansOfType(Ear.class).entrySet()) {
                assertThat(ear.getValue().heard).as(ear.getKey()).containsExactly("names");
            }
            @SuppressWarnings("unchecked")
            MicroBatcher<Long, String> batcher = context.getBean(MicroBatcher.class);
            Watched.TENANT.set("blue");
            try {
                assertThat(batcher.run(1L, Duration.ofSeconds(30))).isEqualTo("1 blue");
            } finally {
                Watched.TENANT.remove();
            }
        });
    }
}
