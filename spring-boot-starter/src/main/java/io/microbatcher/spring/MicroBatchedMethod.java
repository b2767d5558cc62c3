package io.microbatcher.spring;

import io.microbatcher.MicroBatcher;
import io.microbatcher.spring.BatchMethod.Form;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.util.ClassUtils;

/** Reads a {@link MicroBatched} method and finds its batch method, or says what is wrong and what to do. */
final class MicroBatchedMethod {
    private static final String WANTED =
            "Give it one parameter, a List, Collection or Set of keys, and let it return a "
                    + "List by position, a Map by key, or a CompletionStage, Mono or Flux of these";

    private final String beanName;
    private final Class<?> type;
    private final Method method;
    private final MicroBatched annotation;

    MicroBatchedMethod(String beanName, Class<?> type, Method method, MicroBatched annotation) {
        this.beanName = beanName;
        this.type = type;
        this.method = method;
        this.annotation = annotation;
    }

    SingleCall toCall(BatcherFactory factory, BatchMethod.Invocation invocation, boolean needsSubclass) {
        checkReach(needsSubclass);
        checkTransaction();
        checkSelfInvocation();
        ResolvableType returned = ResolvableType.forMethodReturnType(method, type);
        Later later = Later.of(returned);
        if (method.getParameterCount() != 1 || later == Later.FLUX) {
            throw fault(
                    "has " + method.getParameterCount() + " parameters and returns a " + returned,
                    "Give it one parameter, the key, and let it return one answer: R, Optional<R>, "
                            + "CompletableFuture<R> or Mono<R>");
        }
        BatchMethod batch = batchMethod();
        ResolvableType value = later.valueOf(returned);
        boolean isOptional = value.toClass() == Optional.class;
        boolean wraps = isOptional && !fits(value, batch.answer());
        checkTypes(batch, wraps ? value.getGeneric(0) : value);
        MicroBatcher<Object, @Nullable Object> batcher = factory.build(
                name(),
                batch.processor(invocation, isOptional || later == Later.MONO),
                key(),
                batch.answer(),
                options());
        return new SingleCall(method, later, isOptional, batcher);
    }

    private String name() {
        return annotation.name().isEmpty() ? beanName + "-" + method.getName() : annotation.name();
    }

    private ResolvableType key() {
        ResolvableType key = ResolvableType.forMethodParameter(method, 0, type);
        return key.toClass().isPrimitive()
                ? ResolvableType.forClass(ClassUtils.resolvePrimitiveIfNecessary(key.toClass()))
                : key;
    }

    // ---------------------------------------------------------------- checks

    private void checkReach(boolean needsSubclass) {
        if (Modifier.isPrivate(method.getModifiers()) || Modifier.isStatic(method.getModifiers())) {
            throw fault("is private or static, so that no proxy can stand before it", "Make it visible in its package");
        }
        if (needsSubclass && Modifier.isFinal(method.getModifiers())) {
            throw fault("is final, so that no proxy can stand before it", "Remove 'final'");
        }
        if (needsSubclass && Modifier.isFinal(type.getModifiers())) {
            throw fault(
                    "is in a final class, so that no proxy can stand before it",
                    "Remove 'final' from " + type.getName());
        }
    }

    private void checkSelfInvocation() {
        String caller = SelfInvocation.in(method.getDeclaringClass(), method);
        if (caller != null) {
            throw fault(
                    "is called by " + caller + " of the same object, which goes past the proxy and is not batched",
                    "Call " + annotation.batchMethod() + " there, or move one of the two methods to another bean");
        }
    }

    private void checkTransaction() {
        for (String transactional : List.of(
                "org.springframework.transaction.annotation.Transactional", "jakarta.transaction.Transactional")) {
            MergedAnnotation<?> found = MergedAnnotations.from(method, SearchStrategy.TYPE_HIERARCHY)
                    .get(transactional);
            if (!found.isPresent()) {
                found = MergedAnnotations.from(type, SearchStrategy.TYPE_HIERARCHY)
                        .get(transactional);
            }
            if (found.isPresent()) {
                String kind = found.getValue(transactional.startsWith("jakarta") ? "value" : "propagation")
                        .map(Object::toString)
                        .orElse("");
                if (!Set.of("NOT_SUPPORTED", "NEVER", "SUPPORTS").contains(kind)) {
                    throw fault(
                            "runs in a transaction (" + kind + "): callers that hold a connection while they wait for "
                                    + "a batch can keep the batch from getting one",
                            "Put @Transactional on " + annotation.batchMethod()
                                    + " instead, or the propagation NOT_SUPPORTED on this method");
                }
            }
        }
    }

    private BatchMethod batchMethod() {
        Set<Method> named = MethodIntrospector.selectMethods(
                type, (Method candidate) -> candidate.getName().equals(annotation.batchMethod()));
        List<String> complaints = new ArrayList<>();
        List<BatchMethod> fitting = new ArrayList<>();
        for (Method candidate : named) {
            Object understood = BatchMethod.of(candidate, type);
            if (understood instanceof BatchMethod batch) {
                fitting.add(batch);
            } else {
                complaints.add(candidate.toGenericString() + " " + understood);
            }
        }
        if (fitting.size() == 1) {
            return fitting.get(0);
        }
        if (fitting.size() > 1) {
            throw fault(
                    "names the batch method '" + annotation.batchMethod() + "', of which there are " + fitting.size(),
                    "Name a method that is there once");
        }
        throw fault(
                complaints.isEmpty()
                        ? "names the batch method '" + annotation.batchMethod() + "', which " + type.getName()
                                + " does not have"
                        : "names a batch method that cannot be one: " + String.join("; ", complaints),
                complaints.isEmpty() ? "Correct batchMethod, or add the method" : WANTED);
    }

    private void checkTypes(BatchMethod batch, ResolvableType wanted) {
        ResolvableType keys = batch.keys().getGeneric(0);
        if (!fits(keys, key())) {
            throw fault(
                    "has a parameter of type " + key() + ", but "
                            + batch.method().toGenericString() + " takes keys of type " + keys,
                    "Let both have the same type of key");
        }
        boolean givesNothing = batch.form() == Form.NOTHING;
        if (givesNothing != (wanted.toClass() == void.class) || (!givesNothing && !fits(wanted, batch.answer()))) {
            throw fault(
                    "has an answer of type " + wanted + ", but "
                            + batch.method().toGenericString() + " gives answers of type " + batch.answer(),
                    "Let both have the same type of answer");
        }
    }

    private static boolean fits(ResolvableType wanted, ResolvableType given) {
        ResolvableType boxed = wanted.toClass().isPrimitive()
                ? ResolvableType.forClass(ClassUtils.resolvePrimitiveIfNecessary(wanted.toClass()))
                : wanted;
        return boxed.resolve() == null || given.resolve() == null || boxed.isAssignableFrom(given);
    }

    // ---------------------------------------------------------------- options

    private Layer options() {
        String where = "@MicroBatched of " + type.getName() + "." + method.getName();
        return Layer.annotation(
                where,
                new BatcherProperties(
                        annotation.batchSize() == 0 ? null : annotation.batchSize(),
                        annotation.batchCycle().isEmpty() ? null : duration(where, annotation.batchCycle()),
                        annotation.maxConcurrentBatches() == 0 ? null : annotation.maxConcurrentBatches(),
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null));
    }

    private static Duration duration(String where, String text) {
        try {
            return DurationStyle.detectAndParse(text);
        } catch (IllegalArgumentException | ArithmeticException wrong) {
            throw new ConfigurationFault(
                    where + ": batchCycle is '" + text + "', which is not a duration",
                    "Write a duration such as 5ms or PT0.005S");
        }
    }

    private ConfigurationFault fault(String found, String action) {
        return new ConfigurationFault(
                "the @MicroBatched method " + method.toGenericString() + " of the bean '" + beanName + "' " + found,
                action);
    }
}
