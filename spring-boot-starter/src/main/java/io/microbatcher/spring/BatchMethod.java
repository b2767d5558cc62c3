package io.microbatcher.spring;

import io.microbatcher.BatchProcessor;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;

/**
 * A method that does many at once, and the processor that calls it.
 *
 * @param method the method
 * @param keys the type of its parameter
 * @param later how it gives its answers
 * @param form what it gives
 * @param answer the type of one answer
 */
record BatchMethod(Method method, ResolvableType keys, Later later, Form form, ResolvableType answer) {
    enum Form {
        LIST,
        MAP,
        NOTHING
    }

    /** Calls a method of the bean, with its advice, and throws what it throws. */
    @FunctionalInterface
    interface Invocation {
        @Nullable
        Object invoke(Method method, Object keys) throws Exception;
    }

    /**
     * Understands a method.
     *
     * @return a complaint, if it cannot be a batch method
     */
    static Object of(Method method, Class<?> bean) {
        if (Modifier.isPrivate(method.getModifiers())
                || Modifier.isStatic(method.getModifiers())
                || Modifier.isFinal(method.getModifiers())) {
            return "is private, static or final, so that it cannot be called through the bean's proxy";
        }
        if (method.getParameterCount() != 1) {
            return "has " + method.getParameterCount() + " parameters";
        }
        ResolvableType keys = ResolvableType.forMethodParameter(method, 0, bean);
        Class<?> collection = keys.toClass();
        if (collection != List.class
                && collection != Collection.class
                && collection != Iterable.class
                && collection != Set.class) {
            return "takes a " + keys;
        }
        ResolvableType returned = ResolvableType.forMethodReturnType(method, bean);
        Later later = Later.of(returned);
        ResolvableType value = later.valueOf(returned);
        if (returned.toClass() == void.class) {
            return new BatchMethod(method, keys, later, Form.NOTHING, returned);
        }
        if (later == Later.FLUX) {
            return positional(method, keys, later, value);
        }
        if (List.class.isAssignableFrom(value.toClass())) {
            return positional(method, keys, later, value.as(List.class).getGeneric(0));
        }
        if (Map.class.isAssignableFrom(value.toClass())) {
            ResolvableType map = value.as(Map.class);
            ResolvableType key = keys.getGeneric(0);
            if (key.resolve() != null
                    && map.getGeneric(0).resolve() != null
                    && key.resolve() != map.getGeneric(0).resolve()) {
                return "takes keys of type " + key + " and returns a map with keys of type " + map.getGeneric(0);
            }
            return new BatchMethod(method, keys, later, Form.MAP, map.getGeneric(1));
        }
        return "returns a " + returned;
    }

    private static Object positional(Method method, ResolvableType keys, Later later, ResolvableType answer) {
        return keys.toClass() == Set.class
                ? "takes a Set and returns its answers by position, but a set has no positions: return a Map"
                : new BatchMethod(method, keys, later, Form.LIST, answer);
    }

    /**
     * Makes the processor.
     *
     * @param absentIsNull whether a key that a map does not have has the answer null, instead of none
     */
    BatchProcessor<Object, @Nullable Object> processor(Invocation invocation, boolean absentIsNull) {
        return switch (form) {
            case LIST ->
                later == Later.NOW
                        ? jobs -> list(answers(invocation, jobs))
                        : BatchProcessor.async(
                                jobs -> later.future(answers(invocation, jobs)).thenApply(BatchMethod::list));
            case MAP ->
                BatchProcessor.byKey(jobs -> {
                    Collection<Object> distinct = new LinkedHashSet<>(jobs);
                    Object batch = keys.toClass() == Set.class ? distinct : new ArrayList<>(distinct);
                    Map<Object, @Nullable Object> answers = map(value(later.future(answers(invocation, batch))));
                    return absentIsNull ? completed(answers, distinct) : answers;
                });
            case NOTHING -> sink(invocation);
        };
    }

    private Object answers(Invocation invocation, Object batch) throws Exception {
        Object answers = invocation.invoke(method, batch);
        return Objects.requireNonNull(answers, () -> method.toGenericString() + " gave null in place of its answers");
    }

    private static Map<Object, @Nullable Object> completed(
            Map<Object, @Nullable Object> answers, Collection<Object> keys) {
        Map<Object, @Nullable Object> all = new HashMap<>(answers);
        keys.forEach(key -> all.putIfAbsent(key, null));
        return all;
    }

    @SuppressWarnings("unchecked") // a result of any type
    private BatchProcessor<Object, @Nullable Object> sink(Invocation invocation) {
        BatchProcessor<Object, ?> sink = BatchProcessor.sink(
                jobs -> invocation.invoke(method, keys.toClass() == Set.class ? new LinkedHashSet<>(jobs) : jobs));
        return (BatchProcessor<Object, @Nullable Object>) sink;
    }

    @SuppressWarnings("unchecked")
    private static List<@Nullable Object> list(@Nullable Object value) {
        return (List<@Nullable Object>) Objects.requireNonNull(value, "the batch method gave null in place of a list");
    }

    @SuppressWarnings("unchecked")
    private static Map<Object, @Nullable Object> map(@Nullable Object value) {
        return (Map<Object, @Nullable Object>)
                Objects.requireNonNull(value, "the batch method gave null in place of a map");
    }

    /** Waits on the thread of the batch: only a processor that returns can say which keys have no answer. */
    private static @Nullable Object value(CompletableFuture<? extends @Nullable Object> future) throws Exception {
        try {
            return future.get();
        } catch (InterruptedException timedOut) {
            future.cancel(true);
            throw timedOut;
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof Exception cause) {
                throw cause;
            }
            if (failed.getCause() instanceof Error cause) {
                throw cause;
            }
            throw failed;
        }
    }
}
