package io.microbatcher.cli.pipe;

import org.jspecify.annotations.Nullable;

/** What a line says once it is parsed: values by name for SQL, one JSON value for HTTP. */
interface Row {
    /**
     * Gives the value of a named parameter: a {@code String}, {@code Boolean}, {@code Long}, {@code Double},
     * {@code BigDecimal} or {@code null}.
     *
     * @throws UnfitException if the row has no such value
     */
    @Nullable
    Object value(String name) throws UnfitException;

    /** Appends the row as one JSON value. */
    void appendJson(StringBuilder json);
}
