package io.microbatcher.spring;

import io.microbatcher.BatchProcessor;
import io.microbatcher.MicroBatcher;
import java.util.HashMap;
import java.util.Map;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.config.RuntimeBeanReference;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.core.Ordered;
import org.springframework.core.ResolvableType;

/**
 * Adds the definition of a {@code MicroBatcher<J, R>} for each definition of a {@code BatchProcessor<J, R>}, when all others
 * are there and no bean has been made.
 *
 * <p>A processor {@code customerProcessor}, {@code customerBatchProcessor} or {@code customer} has the instance name
 * {@code customer} and the batcher {@code customerBatcher}.
 */
final class BatcherRegistrar implements BeanDefinitionRegistryPostProcessor, Ordered {
    private final String factoryBean;

    BatcherRegistrar(String factoryBean) {
        this.factoryBean = factoryBean;
    }

    @Override
    public int getOrder() {
        return LOWEST_PRECEDENCE;
    }

    @Override
    public void postProcessBeanDefinitionRegistry(BeanDefinitionRegistry registry) {
        ConfigurableListableBeanFactory beans = (ConfigurableListableBeanFactory) registry;
        Map<String, String> processors = new HashMap<>();
        for (String processor : beans.getBeanNamesForType(BatchProcessor.class, true, false)) {
            if (!registry.containsBeanDefinition(processor)
                    || !registry.getBeanDefinition(processor).isAutowireCandidate()) {
                continue;
            }
            String name = instanceName(processor);
            String other = processors.putIfAbsent(name, processor);
            if (other != null) {
                throw new ConfigurationFault(
                        "the processors '" + other + "' and '" + processor + "' both have the instance name '" + name
                                + "'",
                        "Rename one of the two beans");
            }
            register(registry, beans, processor, name);
        }
    }

    private void register(
            BeanDefinitionRegistry registry, ConfigurableListableBeanFactory beans, String processor, String name) {
        String batcher = batcherName(name);
        if (registry.containsBeanDefinition(batcher)) {
            if (!beans.isTypeMatch(batcher, MicroBatcher.class)) {
                throw new ConfigurationFault(
                        "the bean '" + batcher + "' is of type " + beans.getType(batcher)
                                + ", but the batcher of the processor '" + processor + "' would have this name",
                        "Rename the bean, or the processor");
            }
            return; // the application's own wins
        }
        BeanDefinition original = registry.getBeanDefinition(processor);
        RootBeanDefinition definition = new RootBeanDefinition();
        definition.setTargetType(batcherType(BeanTypes.of(beans, processor, BatchProcessor.class)));
        definition.setFactoryBeanName(factoryBean);
        definition.setFactoryMethodName(BatcherFactory.METHOD);
        definition.getConstructorArgumentValues().addIndexedArgumentValue(0, name);
        definition.getConstructorArgumentValues().addIndexedArgumentValue(1, processor);
        definition.getConstructorArgumentValues().addIndexedArgumentValue(2, new RuntimeBeanReference(processor));
        definition.setPrimary(original.isPrimary());
        definition.setLazyInit(original.isLazyInit());
        definition.setDestroyMethodName(""); // BatcherBeans ends it, within the time limit
        definition.setDescription("the batcher of " + processor);
        registry.registerBeanDefinition(batcher, definition);
    }

    private static ResolvableType batcherType(ResolvableType processor) {
        ResolvableType job = processor.getGeneric(0);
        ResolvableType result = processor.getGeneric(1);
        return job.resolve() == null || result.resolve() == null
                ? ResolvableType.forClass(MicroBatcher.class)
                : ResolvableType.forClassWithGenerics(MicroBatcher.class, job, result);
    }

    static String batcherName(String instance) {
        return instance + "Batcher";
    }

    static String instanceName(String processor) {
        for (String suffix : new String[] {"BatchProcessor", "Processor"}) {
            if (processor.endsWith(suffix) && processor.length() > suffix.length()) {
                return processor.substring(0, processor.length() - suffix.length());
            }
        }
        return processor;
    }
}
