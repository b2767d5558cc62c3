package io.microbatcher.spring;

import io.microbatcher.BatchListener;
import io.microbatcher.BatchProcessor;
import io.microbatcher.ContextCarrier;
import io.microbatcher.MicroBatcher;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.core.ResolvableType;
import org.springframework.core.env.Environment;

/** Makes batchers, with everything that the application says about them. */
final class BatcherFactory {
    /** The method of this factory that the definitions of batcher beans name. */
    static final String METHOD = "batcherOf";

    private static final Log LOG = LogFactory.getLog(BatcherFactory.class);
    private static final String INSTANCES = MicroBatcherProperties.PREFIX + ".instances";

    private final ConfigurableListableBeanFactory beans;
    private final Environment environment;
    private final MicroBatcherProperties properties;
    private final Set<String> heardCustomizers = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean saysSeveralCarriers = new AtomicBoolean();

    BatcherFactory(ConfigurableListableBeanFactory beans, Environment environment, MicroBatcherProperties properties) {
        this.beans = beans;
        this.environment = environment;
        this.properties = properties;
    }

    /** Makes the batcher of a processor bean. */
    MicroBatcher<Object, @Nullable Object> batcherOf(
            String name, String processorBean, BatchProcessor<Object, @Nullable Object> processor) {
        ResolvableType type = BeanTypes.of(beans, processorBean, BatchProcessor.class);
        return build(name, processor, type.getGeneric(0), type.getGeneric(1), null);
    }

    MicroBatcher<Object, @Nullable Object> build(
            String name,
            BatchProcessor<Object, @Nullable Object> processor,
            ResolvableType job,
            ResolvableType result,
            @Nullable Layer annotation) {
        MicroBatcher.Builder<Object, @Nullable Object> builder =
                MicroBatcher.builder(processor).name(name);
        List<Layer> layers = layers(name, annotation);
        new Options(layers).applyTo(builder);
        beans.getBeanProvider(BatchListener.class).orderedStream().forEach(builder::listener);
        beans.getBeanProvider(ListenerForEach.class)
                .orderedStream()
                .forEach(listener -> builder.listener(listener.of(name)));
        ContextCarrier<?> context = carrier();
        if (context != null) {
            builder.context(context);
        }
        customizers(job, result).forEach(customizer -> customizer.customize(name, builder));
        try {
            return builder.build();
        } catch (IllegalArgumentException refused) {
            throw new ConfigurationFault(
                    "the options of batcher '" + name + "' do not fit: " + refused.getMessage(),
                    "Correct " + INSTANCES + "." + name + ".*, " + MicroBatcherProperties.PREFIX
                            + ".defaults.* or a MicroBatcherCustomizer");
        }
    }

    private @Nullable ContextCarrier<?> carrier() {
        try {
            return beans.getBeanProvider(ContextCarrier.class).getIfAvailable();
        } catch (NoUniqueBeanDefinitionException several) {
            if (!saysSeveralCarriers.getAndSet(true)) {
                LOG.warn(
                        "There are several ContextCarrier beans, " + several.getBeanNamesFound() + ", so that batchers "
                                + "carry no contexts, unless a MicroBatcherCustomizer says which; make one of the beans @Primary");
            }
            return null;
        }
    }

    /** The beans among the customizers that have been called for a batcher. */
    Set<String> heardCustomizers() {
        return heardCustomizers;
    }

    private List<Layer> layers(String name, @Nullable Layer annotation) {
        List<Layer> layers = new ArrayList<>();
        layers.add(Layer.properties(INSTANCES + "." + name, instance(name)));
        if (annotation != null) {
            layers.add(annotation);
        }
        layers.add(Layer.properties(MicroBatcherProperties.PREFIX + ".defaults", properties.defaults()));
        return layers;
    }

    /** Binds by the name instead of looking into the map: any spelling counts, in the order of the sources. */
    private BatcherProperties instance(String name) {
        Binder binder = Binder.get(environment);
        Bindable<BatcherProperties> options = Bindable.of(BatcherProperties.class);
        return binder.bind(propertyName(name), options)
                .orElseGet(() -> binder.bind(bracketed(name), options).orElse(BatcherProperties.NONE));
    }

    static ConfigurationPropertyName propertyName(String instance) {
        String plain = instance.toLowerCase(Locale.ROOT);
        return plain.matches("[a-z0-9][a-z0-9-]*")
                ? ConfigurationPropertyName.of(INSTANCES + "." + plain)
                : bracketed(instance);
    }

    private static ConfigurationPropertyName bracketed(String instance) {
        return ConfigurationPropertyName.of(INSTANCES + "[" + instance + "]");
    }

    @SuppressWarnings("unchecked") // the types are those of the declaration, or it has none
    private List<MicroBatcherCustomizer<Object, @Nullable Object>> customizers(
            ResolvableType job, ResolvableType result) {
        Set<Object> fitting = Collections.newSetFromMap(new IdentityHashMap<>());
        for (String bean : beans.getBeanNamesForType(MicroBatcherCustomizer.class)) {
            ResolvableType type = BeanTypes.of(beans, bean, MicroBatcherCustomizer.class);
            if (isFor(type.getGeneric(0), job) && isFor(type.getGeneric(1), result)) {
                fitting.add(beans.getBean(bean));
                heardCustomizers.add(bean);
            }
        }
        List<MicroBatcherCustomizer<Object, @Nullable Object>> customizers = new ArrayList<>();
        beans.getBeanProvider(MicroBatcherCustomizer.class)
                .orderedStream()
                .filter(fitting::contains)
                .forEach(customizers::add);
        return customizers;
    }

    private static boolean isFor(ResolvableType declared, ResolvableType actual) {
        return declared.resolve() == null || actual.resolve() == null || declared.isAssignableFrom(actual);
    }
}
