package io.microbatcher.spring;

import io.microbatcher.BatchProcessor;
import io.microbatcher.MicroBatcher;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.analyzer.AbstractInjectionFailureAnalyzer;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/**
 * Says of a batcher that is asked for, and that no processor yields, what there is and what to do. Spring Boot's own analyzer
 * of missing beans has no order, and comes after this.
 */
@Order(0)
final class NoSuchBatcherAnalyzer extends AbstractInjectionFailureAnalyzer<NoSuchBeanDefinitionException> {
    private static final String ENABLED = MicroBatcherProperties.PREFIX + ".enabled";

    private final BeanFactory factory;
    private final Environment environment;

    /** Made by Spring Boot, with what belongs to the context that does not start. */
    NoSuchBatcherAnalyzer(BeanFactory factory, Environment environment) {
        this.factory = factory;
        this.environment = environment;
    }

    @Override
    protected @Nullable FailureAnalysis analyze(
            Throwable rootFailure, NoSuchBeanDefinitionException cause, @Nullable String where) {
        ResolvableType asked = cause.getResolvableType();
        if (cause instanceof NoUniqueBeanDefinitionException
                || asked == null
                || asked.resolve() != MicroBatcher.class
                || !(factory instanceof ConfigurableListableBeanFactory beans)) {
            return null; // nothing of ours, or there are too many of it, which Spring Boot says well
        }
        String found = (where == null ? "A bean" : where) + " needs a " + name(asked) + ", but ";
        String processor = name(like(BatchProcessor.class, asked));
        List<String> fitting = fitting(beans, MicroBatcher.class, asked);
        List<String> processors = fitting(beans, BatchProcessor.class, like(BatchProcessor.class, asked));
        if (!fitting.isEmpty()) {
            return analysis(
                    beans,
                    found + "no bean of this type fits its qualifier, or may be injected.",
                    "Use the name of one of these beans as the qualifier: that of the batcher of a processor is the "
                            + "processor's name without 'Processor' or 'BatchProcessor', and with 'Batcher'.",
                    cause);
        }
        if ("false".equalsIgnoreCase(environment.getProperty(ENABLED))) {
            return analysis(
                    beans,
                    found + "there is none: " + ENABLED + " is 'false', and then processors yield no batchers.",
                    "Remove " + ENABLED + ", or set it to 'true'. If the application has to start without, inject an "
                            + "ObjectProvider<" + name(asked) + ">, or declare a bean of this type.",
                    cause);
        }
        if (names(beans, BatcherRegistrar.class).isEmpty()) {
            return analysis(
                    beans,
                    found + "there is none: MicroBatcherAutoConfiguration is not at work, and then processors yield no "
                            + "batchers.",
                    "Enable auto-configuration, and do not exclude this one; or declare a bean of this type.",
                    cause);
        }
        if (!processors.isEmpty()) {
            return analysis(
                    beans,
                    found + "there is none. The processor '" + processors.get(0)
                            + "' has these types and yields no batcher: it is no autowire candidate, has no bean "
                            + "definition, or a bean with the name '"
                            + BatcherRegistrar.batcherName(BatcherRegistrar.instanceName(processors.get(0)))
                            + "' is in its place.",
                    "Let it be an autowire candidate, rename one of the two, or declare a bean of this type.",
                    cause);
        }
        return analysis(
                beans,
                found + "no processor yields one.",
                "Declare a bean of type " + processor
                        + ": the types are those that its declaration says, and have to be "
                        + "these. Or ask for one of the batchers that there are.",
                cause);
    }

    private static FailureAnalysis analysis(
            ConfigurableListableBeanFactory beans, String found, String action, Throwable cause) {
        List<String> all = names(beans, MicroBatcher.class);
        String list = all.isEmpty()
                ? "There are no MicroBatcher beans."
                : all.stream()
                        .map(bean -> "\t- " + bean + ": " + name(BeanTypes.of(beans, bean, MicroBatcher.class)))
                        .collect(Collectors.joining("\n", "The MicroBatcher beans are:\n\n", ""));
        return new FailureAnalysis(found + "\n\n" + list, action, cause);
    }

    /** Without making any: the context is about to end. */
    private static List<String> names(ConfigurableListableBeanFactory beans, Class<?> type) {
        return List.of(beans.getBeanNamesForType(type, true, false));
    }

    /** By what definitions say: of beans that were not made yet Spring does not always know the generics. */
    private static List<String> fitting(ConfigurableListableBeanFactory beans, Class<?> type, ResolvableType asked) {
        return names(beans, type).stream()
                .filter(bean -> asked.isAssignableFrom(BeanTypes.of(beans, bean, type)))
                .toList();
    }

    /** Another type with the same generics. */
    private static ResolvableType like(Class<?> type, ResolvableType asked) {
        return asked.hasGenerics()
                ? ResolvableType.forClassWithGenerics(type, asked.getGenerics())
                : ResolvableType.forClass(type);
    }

    /** As in code, but for the packages of the generics. */
    private static String name(ResolvableType type) {
        String generics =
                Arrays.stream(type.getGenerics()).map(ResolvableType::toString).collect(Collectors.joining(", "));
        return type.toClass().getSimpleName() + (generics.isEmpty() ? "" : "<" + generics + ">");
    }
}
