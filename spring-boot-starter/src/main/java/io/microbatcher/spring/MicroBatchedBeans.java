package io.microbatcher.spring;

import java.lang.reflect.Method;
import java.lang.reflect.UndeclaredThrowableException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.aopalliance.intercept.MethodInterceptor;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.Advised;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.aop.support.AopUtils;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.aop.support.StaticMethodMatcherPointcut;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.DestructionAwareBeanPostProcessor;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;

/**
 * Stands before each bean that has {@link MicroBatched} methods. If there is a proxy already the advice becomes its
 * innermost, so that what it checks or caches goes first; the batch method is called through the proxy, so that it has its
 * advice too.
 */
final class MicroBatchedBeans implements DestructionAwareBeanPostProcessor, Ordered {
    private final BeanFactory beans;
    private final ObjectProvider<BatcherFactory> factory;
    private final Batchers batchers;
    private final Ending ending;
    private final Map<String, List<SingleCall>> byBean = new ConcurrentHashMap<>();
    private final Set<Class<?>> types = ConcurrentHashMap.newKeySet();

    MicroBatchedBeans(BeanFactory beans, ObjectProvider<BatcherFactory> factory, Batchers batchers, Ending ending) {
        this.beans = beans;
        this.factory = factory;
        this.batchers = batchers;
        this.ending = ending;
    }

    @Override
    public int getOrder() {
        return LOWEST_PRECEDENCE;
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String beanName) {
        Class<?> type = AopUtils.getTargetClass(bean);
        if (!AnnotationUtils.isCandidateClass(type, MicroBatched.class)) {
            return bean;
        }
        Map<Method, MicroBatched> annotated = MethodIntrospector.selectMethods(
                type, (Method method) -> AnnotatedElementUtils.findMergedAnnotation(method, MicroBatched.class));
        return annotated.isEmpty() ? bean : batched(bean, beanName, type, annotated);
    }

    private Object batched(Object bean, String beanName, Class<?> type, Map<Method, MicroBatched> annotated) {
        if (beans.containsBean(beanName) && !beans.isSingleton(beanName)) {
            throw new ConfigurationFault(
                    "the bean '" + beanName
                            + "' has @MicroBatched methods and is no singleton: each instance would make "
                            + "batches of its own",
                    "Make it a singleton, or move the methods to a bean that is one");
        }
        boolean addsToProxy = bean instanceof Advised advised && !advised.isFrozen();
        boolean needsSubclass = !(addsToProxy && AopUtils.isJdkDynamicProxy(bean));
        Reference proxy = new Reference(bean);
        Map<Method, SingleCall> calls = new HashMap<>();
        try {
            annotated.forEach((method, annotation) -> {
                SingleCall call = new MicroBatchedMethod(beanName, type, method, annotation)
                        .toCall(factory.getObject(), (batch, keys) -> invoke(proxy.bean, batch, keys), needsSubclass);
                batchers.add(call.batcher());
                calls.put(method, call);
            });
        } catch (RuntimeException wrong) { // a lazy bean may be asked for again, and is to say the same
            calls.values().forEach(call -> ending.end(call.batcher()));
            throw wrong;
        }
        byBean.put(beanName, List.copyOf(calls.values()));
        types.add(type);
        DefaultPointcutAdvisor advisor = new DefaultPointcutAdvisor(new Matching(calls), advice(calls, type));
        if (addsToProxy) {
            ((Advised) bean).addAdvisor(advisor);
        } else {
            ProxyFactory made = new ProxyFactory();
            made.setTarget(bean);
            made.setProxyTargetClass(true);
            made.addAdvisor(advisor);
            proxy.bean = made.getProxy(type.getClassLoader());
        }
        return proxy.bean;
    }

    private static MethodInterceptor advice(Map<Method, SingleCall> calls, Class<?> type) {
        return invocation -> {
            SingleCall call = calls.get(AopUtils.getMostSpecificMethod(invocation.getMethod(), type));
            return call == null
                    ? invocation.proceed()
                    : call.answer(Objects.requireNonNull(
                            invocation.getArguments()[0], "the key of a @MicroBatched method must not be null"));
        };
    }

    /** Through the proxy, if it has the method: one made of interfaces may not. */
    private static @Nullable Object invoke(Object proxy, Method batch, Object keys) throws Exception {
        try {
            return AopUtils.invokeJoinpointUsingReflection(
                    proxy, AopUtils.selectInvocableMethod(batch, proxy.getClass()), new Object[] {keys});
        } catch (Exception | Error thrown) {
            throw thrown;
        } catch (Throwable neither) {
            throw new UndeclaredThrowableException(neither);
        }
    }

    @Override
    public boolean requiresDestruction(Object bean) {
        return types.contains(AopUtils.getTargetClass(bean));
    }

    /** Before the bean itself is destroyed, and what it needs: its batch methods may be at work. */
    @Override
    public void postProcessBeforeDestruction(Object bean, String beanName) {
        List<SingleCall> calls = byBean.remove(beanName);
        if (calls != null) {
            calls.forEach(call -> ending.end(call.batcher()));
        }
    }

    /** What batch methods are called on: the proxy, as soon as there is one. */
    private static final class Reference {
        volatile Object bean;

        Reference(Object bean) {
            this.bean = bean;
        }
    }

    private static final class Matching extends StaticMethodMatcherPointcut {
        private final Map<Method, SingleCall> calls;

        Matching(Map<Method, SingleCall> calls) {
            this.calls = calls;
        }

        @Override
        public boolean matches(Method method, Class<?> target) {
            return calls.containsKey(AopUtils.getMostSpecificMethod(method, target));
        }
    }
}
