package io.microbatcher.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One INSERT for each row, and to each job the key that the database has generated for its row. */
final class KeyPlan<K extends @Nullable Object> implements Plan<@Nullable Object[], K> {
    private final String sql;
    private final RowPlan.Binding<@Nullable Object[]> binding;
    private final TableColumn key;
    private final Class<K> type;
    private final Dialect dialect;
    private final boolean isSure;

    KeyPlan(String sql, RowPlan.Binding<@Nullable Object[]> binding, TableColumn key, Class<K> type, Dialect dialect) {
        this.sql = dialect == Dialect.SQLITE ? sql + " RETURNING " + key.quoted() : sql;
        this.binding = binding;
        this.key = key;
        this.type = type;
        this.dialect = dialect;
        this.isSure = isSure(key, type, dialect);
    }

    /**
     * Whether every key will be told and can be read. Where that is not sure the rows must not be committed before their keys
     * have been read: they would stay, and be tried again, although their callers are told of a failure.
     */
    static boolean isSure(TableColumn key, Class<?> type, Dialect dialect) {
        boolean isTold = dialect == Dialect.POSTGRESQL || dialect == Dialect.H2 || dialect == Dialect.SQLITE;
        return isTold
                && switch (key.base()) {
                    case "int2", "int4" -> type == Integer.class || type == Long.class || type == String.class;
                    case "int8" -> type == Long.class || type == String.class;
                    case "uuid" -> type == UUID.class || type == String.class;
                    default -> false;
                };
    }

    @Override
    public boolean writes() {
        return true;
    }

    @Override
    public Execution<K> of(List<Placed<@Nullable Object[]>> rows) {
        return new Execution<>() {
            @Override
            public boolean isOneStatement() {
                return rows.size() == 1 && isSure;
            }

            @Override
            public void on(Connection connection, Outcomes<? super K> outcomes) throws SQLException {
                try (PreparedStatement statement = prepare(connection)) {
                    if (rows.size() == 1 || !isEveryKeyOfABatchReturned()) {
                        oneByOne(statement, rows, outcomes);
                    } else {
                        together(statement, rows, outcomes);
                    }
                }
            }
        };
    }

    /** After a batch some drivers tell the last key only; others, as that of MySQL, count from the first one. */
    private boolean isEveryKeyOfABatchReturned() {
        return dialect == Dialect.POSTGRESQL || dialect == Dialect.H2;
    }

    private PreparedStatement prepare(Connection connection) throws SQLException {
        return dialect == Dialect.SQLITE
                ? UnpreparedException.prepare(connection, sql)
                : UnpreparedException.prepare(connection, sql, key.name());
    }

    private void oneByOne(
            PreparedStatement statement, List<Placed<@Nullable Object[]>> rows, Outcomes<? super K> outcomes)
            throws SQLException {
        for (Placed<@Nullable Object[]> row : rows) {
            if (RowPlan.isBound(binding, statement, row, outcomes)) {
                try (ResultSet keys = insert(statement)) {
                    take(keys, row, outcomes);
                }
            }
        }
    }

    private ResultSet insert(PreparedStatement statement) throws SQLException {
        if (dialect == Dialect.SQLITE) {
            return statement.executeQuery();
        }
        statement.executeUpdate();
        return statement.getGeneratedKeys();
    }

    private void together(
            PreparedStatement statement, List<Placed<@Nullable Object[]>> rows, Outcomes<? super K> outcomes)
            throws SQLException {
        List<Placed<@Nullable Object[]>> bound = new ArrayList<>(rows.size());
        for (Placed<@Nullable Object[]> row : rows) {
            if (RowPlan.isBound(binding, statement, row, outcomes)) {
                statement.addBatch();
                bound.add(row);
            }
        }
        if (bound.isEmpty()) {
            return;
        }
        statement.executeBatch();
        try (ResultSet keys = statement.getGeneratedKeys()) {
            for (Placed<@Nullable Object[]> row : bound) {
                take(keys, row, outcomes);
            }
            if (keys.next()) {
                throw new IllegalStateException("the driver returned more keys than there are rows");
            }
        }
    }

    private void take(ResultSet keys, Placed<@Nullable Object[]> row, Outcomes<? super K> outcomes)
            throws SQLException {
        if (!keys.next()) {
            throw new IllegalStateException("the database returned no key " + key.name() + " for a row");
        }
        outcomes.complete(row.position(), read(keys, 1, type));
    }

    @SuppressWarnings({"unchecked", "NullAway"}) // a key that is null is what the database has said
    static <K extends @Nullable Object> K read(ResultSet row, int index, Class<K> type) throws SQLException {
        return (K) Values.read(row, index, type);
    }
}
