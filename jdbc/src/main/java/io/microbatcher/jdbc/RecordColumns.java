package io.microbatcher.jdbc;

import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Constructor;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Takes records apart and makes them: each component is a column. */
final class RecordColumns {
    private RecordColumns() {}

    static <J> List<Column<J>> of(Class<J> type) {
        List<Column<J>> columns = new ArrayList<>();
        for (RecordComponent component : components(type)) {
            Method accessor = component.getAccessor();
            open(type, accessor);
            columns.add(new Column<>(component.getName(), true, false, job -> read(accessor, job)));
        }
        return columns;
    }

    static RecordComponent[] components(Class<?> type) {
        Objects.requireNonNull(type, "type must not be null");
        RecordComponent[] components = type.getRecordComponents();
        if (components == null || components.length == 0) {
            throw new IllegalArgumentException("type must be a record with components, but was " + type.getName());
        }
        return components;
    }

    static <R> Constructor<R> constructor(Class<R> type) {
        Class<?>[] parameters =
                Arrays.stream(components(type)).map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            Constructor<R> constructor = type.getDeclaredConstructor(parameters);
            open(type, constructor);
            return constructor;
        } catch (NoSuchMethodException impossible) {
            throw new IllegalStateException("a record has a canonical constructor", impossible);
        }
    }

    /** A record need not be public: its package may be open to this module, or be in no module at all. */
    private static void open(Class<?> type, AccessibleObject member) {
        try {
            member.setAccessible(true);
        } catch (InaccessibleObjectException closed) {
            throw new IllegalArgumentException(
                    "the record " + type.getName() + " cannot be reached: open its package to the module"
                            + " io.microbatcher.jdbc, or give a function for each column",
                    closed);
        }
    }

    private static @Nullable Object read(Method accessor, Object record) {
        try {
            return accessor.invoke(record);
        } catch (InvocationTargetException thrown) {
            throw unchecked(thrown);
        } catch (IllegalAccessException impossible) {
            throw new IllegalStateException("it was made accessible", impossible);
        }
    }

    static <R> R make(Constructor<R> constructor, @Nullable Object[] values) {
        try {
            return constructor.newInstance(values);
        } catch (InvocationTargetException thrown) {
            throw unchecked(thrown);
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException("it was made accessible", impossible);
        }
    }

    private static RuntimeException unchecked(InvocationTargetException thrown) {
        Throwable cause = thrown.getCause();
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(cause);
    }
}
