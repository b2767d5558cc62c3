package io.microbatcher.jdbc;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Date;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.chrono.ChronoLocalDate;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The PostgreSQL arrays that carry the values of many rows. Numbers, truth and bytes travel as they are, all else as text
 * that is cast by the server: then there is nothing to ask it about a type, whatever the type is.
 */
enum Carrier {
    INT4("int4", Integer.class),
    INT8("int8", Long.class),
    FLOAT4("float4", Float.class),
    FLOAT8("float8", Double.class),
    BOOL("bool", Boolean.class),
    BYTEA("bytea", byte[].class),
    TEXT("text", String.class);

    private static final int LAST_PLAIN_YEAR = 9999;

    final String element;
    final Class<?> type;

    Carrier(String element, Class<?> type) {
        this.element = element;
        this.type = type;
    }

    static Carrier of(TableColumn column) {
        return switch (column.base()) {
            case "int2", "int4" -> INT4;
            case "int8" -> INT8;
            case "float4" -> FLOAT4;
            case "float8" -> FLOAT8;
            case "bool" -> BOOL;
            case "bytea" -> BYTEA;
            default -> TEXT;
        };
    }

    /**
     * Converts a value so that the server has from it what it would have from a parameter of its own.
     *
     * @return null if that is not sure: then the rows go one by one
     */
    @Nullable
    Object convert(Object value, String base) {
        return switch (this) {
            case INT4 -> {
                Long number = integral(value);
                yield number != null && number == number.intValue() ? (Integer) number.intValue() : null;
            }
            case INT8 -> integral(value);
            case FLOAT4, FLOAT8, BOOL, BYTEA -> type.isInstance(value) ? value : null;
            case TEXT -> text(value, base);
        };
    }

    private static @Nullable Long integral(Object value) {
        return value instanceof Long || value instanceof Integer || value instanceof Short || value instanceof Byte
                ? (Long) ((Number) value).longValue()
                : null;
    }

    private static @Nullable String text(Object value, String base) {
        if (value instanceof String text) {
            return text;
        } else if (value instanceof Enum<?> constant) {
            return constant.name();
        }
        return switch (base) {
            case "uuid" -> value instanceof UUID ? value.toString() : null;
            case "numeric" ->
                value instanceof BigDecimal || value instanceof BigInteger || integral(value) != null
                        ? value.toString()
                        : null;
            case "date" -> value instanceof Date date ? date.toString() : plainly(value, LocalDate.class);
            case "time" -> plainly(value, LocalTime.class);
            case "timestamp" ->
                plainly(value instanceof Timestamp stamp ? stamp.toLocalDateTime() : value, LocalDateTime.class);
            case "timestamptz" -> plainly(zoned(value), OffsetDateTime.class);
            default -> null;
        };
    }

    private static Object zoned(Object value) {
        Object moment = value instanceof Timestamp stamp ? stamp.toInstant() : value;
        return moment instanceof Instant instant ? instant.atOffset(ZoneOffset.UTC) : moment;
    }

    /** Years of more or less than four digits are written differently by everybody. */
    private static @Nullable String plainly(Object value, Class<? extends TemporalAccessor> type) {
        if (!type.isInstance(value)) {
            return null;
        }
        TemporalAccessor moment = (TemporalAccessor) value;
        int year = moment.isSupported(ChronoField.YEAR) ? moment.get(ChronoField.YEAR) : 1;
        return year > 0 && year <= LAST_PLAIN_YEAR ? moment.toString() : null;
    }

    /**
     * What is equal for two values if, and only if, the server takes them for the same key.
     *
     * @return null if that is not sure
     */
    static @Nullable Object identity(@Nullable Object value, TableColumn column) {
        if (value == null) {
            return null;
        }
        return switch (column.base()) {
            case "int2", "int4", "int8" -> integral(value);
            case "text", "varchar" ->
                column.isDistinct() && (value instanceof String || value instanceof Enum) ? text(value, "") : null;
            case "uuid" -> value instanceof UUID ? value : null;
            case "date" -> value instanceof ChronoLocalDate ? value : null;
            case "numeric" -> value instanceof BigDecimal number ? number.stripTrailingZeros() : null;
            default -> null;
        };
    }
}
