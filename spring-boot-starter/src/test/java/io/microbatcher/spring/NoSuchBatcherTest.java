package io.microbatcher.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.microbatcher.BatchProcessor;
import io.microbatcher.MicroBatcher;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.OrderUtils;

/** What an application prints that asks for a batcher which nothing yields. */
class NoSuchBatcherTest {
    private static final String LIST = """
            The MicroBatcher beans are:

            \t- namesBatcher: MicroBatcher<java.lang.Long, java.lang.String>
            \t- sizesBatcher: MicroBatcher<java.util.List<java.lang.Long>, java.lang.Integer>
            """.stripTrailing();

    @Configuration(proxyBeanMethods = false)
    static class Processors {
        @Bean
        BatchProcessor<Long, String> namesProcessor() {
            return ids -> ids.stream().map(String::valueOf).toList();
        }

        @Bean
        BatchProcessor<List<Long>, Integer> sizes() {
            return lists -> lists.stream().map(List::size).toList();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration(MicroBatcherAutoConfiguration.class)
    static class Starter {}

    /** On standard output, as Spring Boot does. */
    private static String printed(Class<?>[] beans, String... properties) {
        SpringApplication application = new SpringApplication(beans);
        application.setWebApplicationType(WebApplicationType.NONE);
        application.setBannerMode(Banner.Mode.OFF);
        PrintStream before = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            assertThatThrownBy(() -> application.run(properties)).isInstanceOf(RuntimeException.class);
        } finally {
            System.setOut(before);
        }
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("APPLICATION FAILED TO START");
        return printed.toString(StandardCharsets.UTF_8);
    }

    private static String printed(Class<?> asking, String... properties) {
        return printed(new Class<?>[] {Starter.class, Processors.class, asking}, properties);
    }

    @Configuration(proxyBeanMethods = false)
    static class OtherTypes {
        @Bean
        Object web(MicroBatcher<Integer, String> names) {
            return names;
        }
    }

    @Test
    void typesThatNoProcessorHas() {
        assertThat(printed(OtherTypes.class))
                .contains("Parameter 0 of method web in " + OtherTypes.class.getName()
                        + " needs a MicroBatcher<java.lang.Integer, java.lang.String>, but no processor yields one.\n\n"
                        + LIST)
                .contains("Declare a bean of type BatchProcessor<java.lang.Integer, java.lang.String>: ")
                .contains("Or ask for one of the batchers that there are.")
                .doesNotContain("\tat io.microbatcher")
                .doesNotContain("Consider defining a bean");
    }

    @Configuration(proxyBeanMethods = false)
    static class AskedThroughAnother {
        @Bean
        Object page(@Qualifier("web") Object web) {
            return web;
        }

        @Bean
        Object web(MicroBatcher<Integer, String> names) {
            return names;
        }
    }

    @Test
    void whatIsBlamedIsTheBeanThatAsksAndNotTheOneThatNeedsIt() {
        assertThat(printed(AskedThroughAnother.class))
                .contains("Parameter 0 of method web in " + AskedThroughAnother.class.getName() + " needs a ");
    }

    @Configuration(proxyBeanMethods = false)
    static class OtherName {
        @Bean
        Object web(@Qualifier("names") MicroBatcher<Long, String> names) {
            return names;
        }
    }

    @Test
    void aQualifierThatIsNoNameOfABatcher() {
        assertThat(printed(OtherName.class))
                .contains("needs a MicroBatcher<java.lang.Long, java.lang.String>, but no bean of this type fits its "
                        + "qualifier, or may be injected.\n\n" + LIST)
                .contains("Use the name of one of these beans as the qualifier");
    }

    @Configuration(proxyBeanMethods = false)
    static class RightTypes {
        @Bean
        Object web(MicroBatcher<Long, String> names) {
            return names;
        }
    }

    @Test
    void aStarterThatIsDisabled() {
        assertThat(printed(RightTypes.class, "--microbatcher.enabled=false"))
                .contains("but there is none: microbatcher.enabled is 'false'")
                .contains("There are no MicroBatcher beans.")
                .contains("Remove microbatcher.enabled, or set it to 'true'.")
                .contains("inject an ObjectProvider<MicroBatcher<java.lang.Long, java.lang.String>>");
    }

    @Test
    void anApplicationWithoutTheAutoConfiguration() {
        assertThat(printed(new Class<?>[] {Processors.class, RightTypes.class}))
                .contains("but there is none: MicroBatcherAutoConfiguration is not at work")
                .contains("Enable auto-configuration");
    }

    @Configuration(proxyBeanMethods = false)
    static class HiddenProcessor {
        @Bean(autowireCandidate = false)
        BatchProcessor<Integer, Integer> doublesProcessor() {
            return jobs -> jobs;
        }

        @Bean
        Object web(MicroBatcher<Integer, Integer> doubles) {
            return doubles;
        }
    }

    @Test
    void aProcessorThatYieldsNone() {
        assertThat(printed(HiddenProcessor.class))
                .contains(
                        "The processor 'doublesProcessor' has these types and yields no batcher: it is no autowire "
                                + "candidate, has no bean definition, or a bean with the name 'doublesBatcher' is in its place.")
                .contains(LIST);
    }

    @Configuration(proxyBeanMethods = false)
    static class AnythingElse {
        @Bean
        Object web(BatchProcessor<Integer, Integer> doubles) {
            return doubles;
        }
    }

    @Test
    void whatIsNoBatcherIsLeftToSpringBoot() {
        assertThat(printed(AnythingElse.class))
                .contains("required a bean of type 'io.microbatcher.BatchProcessor' that could not be found")
                .doesNotContain("MicroBatcher beans");
    }

    @Configuration(proxyBeanMethods = false)
    static class TwoOfTheseTypes {
        @Bean
        BatchProcessor<Long, String> otherNames() {
            return ids -> ids.stream().map(String::valueOf).toList();
        }

        @Bean
        Object web(MicroBatcher<Long, String> any) {
            return any;
        }
    }

    @Test
    void tooManyAreLeftToSpringBoot() {
        String printed = printed(TwoOfTheseTypes.class);
        assertThat(printed)
                .contains("required a single bean, but 2 were found")
                .contains("namesBatcher")
                .contains("otherNamesBatcher");
    }

    @Test
    void itIsAskedBeforeAnalyzersWithoutAnOrderWhateverTheClassPath() {
        assertThat(OrderUtils.getOrder(NoSuchBatcherAnalyzer.class, Ordered.LOWEST_PRECEDENCE))
                .isLessThan(Ordered.LOWEST_PRECEDENCE);
    }
}
