package io.microbatcher.spring;

import io.microbatcher.MicroBatcher;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.DestructionAwareBeanPostProcessor;
import org.springframework.beans.factory.support.MergedBeanDefinitionPostProcessor;
import org.springframework.beans.factory.support.RootBeanDefinition;

/**
 * Notes each batcher that is a bean, and ends it before it is destroyed: before its processor is, and what that needs, since
 * a bean is destroyed before those that it was given.
 */
final class BatcherBeans implements DestructionAwareBeanPostProcessor, MergedBeanDefinitionPostProcessor {
    private final BeanFactory beans;
    private final Batchers batchers;
    private final Ending ending;

    BatcherBeans(BeanFactory beans, Batchers batchers, Ending ending) {
        this.beans = beans;
        this.batchers = batchers;
        this.ending = ending;
    }

    /** Without a destroy method, which Spring takes {@code close} for: it waits for as long as a processor takes. */
    @Override
    public void postProcessMergedBeanDefinition(RootBeanDefinition definition, Class<?> type, String beanName) {
        if (MicroBatcher.class.isAssignableFrom(type)) {
            definition.registerExternallyManagedDestroyMethod("close");
        }
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String beanName) {
        if (bean instanceof MicroBatcher<?, ?> batcher && beans.containsBean(beanName) && beans.isSingleton(beanName)) {
            batchers.add(batcher);
        }
        return bean;
    }

    @Override
    public boolean requiresDestruction(Object bean) {
        return bean instanceof MicroBatcher<?, ?>;
    }

    @Override
    public void postProcessBeforeDestruction(Object bean, String beanName) {
        if (bean instanceof MicroBatcher<?, ?> batcher) {
            ending.end(batcher);
        }
    }
}
