package io.microbatcher.jdbc;

import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A column that a job has a value for.
 *
 * @param name as the user gives it, or of a record's component
 * @param isComponent whether it is that of a component, so that {@code firstName} may stand for {@code first_name}
 * @param isKey whether it is part of what rows are found by
 * @param value tells the value of a job
 */
record Column<J>(
        String name, boolean isComponent, boolean isKey, Function<? super J, ? extends @Nullable Object> value) {

    static <J> Column<J> of(String name, boolean isKey, Function<? super J, ? extends @Nullable Object> value) {
        return new Column<>(
                TableName.check("column", name), false, isKey, Objects.requireNonNull(value, "value must not be null"));
    }

    Column<J> asKey() {
        return new Column<>(name, isComponent, true, value);
    }

    /** Whether a user who writes this name means this column. */
    boolean isMeantBy(String given) {
        return name.equalsIgnoreCase(given)
                || (isComponent && TableColumn.snake(name).equalsIgnoreCase(given));
    }
}
