package io.microbatcher.jdbc;

import java.util.Locale;

/**
 * A column as the database knows it.
 *
 * @param name its name
 * @param quoted its name for SQL
 * @param type its type for a cast; empty where values need none
 * @param base PostgreSQL's short name of the type: {@code int8}, {@code text}; elsewhere that of integers only, or empty
 * @param isDistinct whether values that differ in Java differ in the database: not so where case or accents are ignored
 */
record TableColumn(String name, String quoted, String type, String base, boolean isDistinct) {

    /** The parameter that takes its value. Where literals are typed an enumeration or JSON would not take a string. */
    String parameter() {
        return type.isEmpty() ? "?" : "?::" + type;
    }

    /** As {@code firstName} is written in SQL: {@code first_name}. */
    static String snake(String camel) {
        return camel.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
    }
}
