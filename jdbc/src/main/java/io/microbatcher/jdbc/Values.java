package io.microbatcher.jdbc;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Values of Java on their way into statements and out of rows. */
final class Values {
    private static final Map<Class<?>, Class<?>> WRAPPERS = Map.of(
            int.class, Integer.class,
            long.class, Long.class,
            short.class, Short.class,
            byte.class, Byte.class,
            boolean.class, Boolean.class,
            double.class, Double.class,
            float.class, Float.class,
            char.class, Character.class);

    private Values() {}

    /** Binds a value by its type. */
    static void bind(PreparedStatement statement, int index, @Nullable Object value, Dialect dialect)
            throws SQLException {
        if (value == null) {
            statement.setNull(index, Types.NULL);
        } else if (value instanceof String text) {
            statement.setString(index, text);
        } else if (value instanceof Long number) {
            statement.setLong(index, number);
        } else if (value instanceof Integer number) {
            statement.setInt(index, number);
        } else if (value instanceof byte[] bytes) {
            statement.setBytes(index, bytes);
        } else if (value instanceof Enum<?> constant) {
            statement.setString(index, constant.name());
        } else if (value instanceof Character character) {
            statement.setString(index, character.toString());
        } else if (value instanceof BigInteger number) {
            statement.setBigDecimal(index, new BigDecimal(number));
        } else {
            statement.setObject(index, asDriversTakeIt(value, dialect));
        }
    }

    private static Object asDriversTakeIt(Object value, Dialect dialect) {
        Object moment = value instanceof Instant instant
                ? instant.atOffset(ZoneOffset.UTC)
                : value instanceof ZonedDateTime zoned ? zoned.toOffsetDateTime() : value;
        boolean asText = dialect == Dialect.SQLITE
                ? moment instanceof java.time.temporal.Temporal || moment instanceof UUID
                : dialect == Dialect.MYSQL && moment instanceof UUID;
        return asText ? (value instanceof Instant ? value : moment).toString() : moment;
    }

    /**
     * Reads a column as this type.
     *
     * @throws IllegalStateException if it is null and the type a primitive one, or of a type that is not known here
     */
    static @Nullable Object read(ResultSet row, int index, Class<?> type) throws SQLException {
        Object value = readNullable(row, index, WRAPPERS.getOrDefault(type, type));
        if (value == null && type.isPrimitive()) {
            throw new IllegalStateException("column " + row.getMetaData().getColumnLabel(index)
                    + " is null, and cannot be of the type " + type);
        }
        return value;
    }

    private static @Nullable Object readNullable(ResultSet row, int index, Class<?> type) throws SQLException {
        if (type == String.class) {
            return row.getString(index);
        } else if (type == Long.class) {
            return orNull(row, row.getLong(index));
        } else if (type == Integer.class) {
            return orNull(row, row.getInt(index));
        } else if (type == Short.class) {
            return orNull(row, row.getShort(index));
        } else if (type == Byte.class) {
            return orNull(row, row.getByte(index));
        } else if (type == Boolean.class) {
            return orNull(row, row.getBoolean(index));
        } else if (type == Double.class) {
            return orNull(row, row.getDouble(index));
        } else if (type == Float.class) {
            return orNull(row, row.getFloat(index));
        } else if (type == BigDecimal.class) {
            return row.getBigDecimal(index);
        } else if (type == BigInteger.class) {
            BigDecimal number = row.getBigDecimal(index);
            return number == null ? null : number.toBigIntegerExact();
        } else if (type == byte[].class) {
            return row.getBytes(index);
        } else if (type.isEnum()) {
            return constant(row.getString(index), type);
        } else if (type == Character.class) {
            String text = row.getString(index);
            return text == null || text.isEmpty() ? null : text.charAt(0);
        }
        Object value = row.getObject(index);
        return value == null || type.isInstance(value) ? value : convert(row, index, value, type);
    }

    private static @Nullable Object orNull(ResultSet row, Object value) throws SQLException {
        return row.wasNull() ? null : value;
    }

    private static @Nullable Object constant(@Nullable String name, Class<?> type) {
        if (name == null) {
            return null;
        }
        for (Object constant : type.getEnumConstants()) {
            if (((Enum<?>) constant).name().equals(name)) {
                return constant;
            }
        }
        throw new IllegalStateException("'" + name + "' is no constant of " + type.getName());
    }

    private static @Nullable Object convert(ResultSet row, int index, Object value, Class<?> type) throws SQLException {
        if (value instanceof String text) {
            return parse(text.strip(), type);
        }
        if (type == UUID.class && value instanceof byte[] bytes && bytes.length == 16) {
            ByteBuffer halves = ByteBuffer.wrap(bytes);
            return new UUID(halves.getLong(), halves.getLong());
        }
        if (type == Instant.class) { // what every driver of today knows is the offset
            return row.getObject(index, OffsetDateTime.class).toInstant();
        }
        return row.getObject(index, type);
    }

    /** Databases without types of their own for these keep text. */
    private static Object parse(String text, Class<?> type) {
        String iso = text.length() > 10 && text.charAt(10) == ' ' ? text.replaceFirst(" ", "T") : text;
        if (type == UUID.class) {
            return UUID.fromString(text);
        } else if (type == LocalDate.class) {
            return LocalDate.parse(text);
        } else if (type == LocalTime.class) {
            return LocalTime.parse(text);
        } else if (type == LocalDateTime.class) {
            return LocalDateTime.parse(iso);
        } else if (type == OffsetDateTime.class) {
            return OffsetDateTime.parse(iso);
        } else if (type == Instant.class) {
            return OffsetDateTime.parse(iso).toInstant();
        }
        throw new IllegalStateException(
                String.format(Locale.ROOT, "a text cannot be read as a %s: map the row by a function", type.getName()));
    }

    /** A key that is equal where the database takes keys for equal, at least for the types that are used as keys. */
    static @Nullable Object comparable(@Nullable Object key) {
        if (key instanceof Long || key instanceof Integer || key instanceof Short || key instanceof Byte) {
            return ((Number) key).longValue();
        } else if (key instanceof BigDecimal number) {
            return number.stripTrailingZeros();
        } else if (key instanceof byte[] bytes) {
            return ByteBuffer.wrap(bytes);
        } else if (key instanceof Enum<?> constant) {
            return constant.name();
        }
        return key;
    }
}
