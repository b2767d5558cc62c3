package io.microbatcher.jdbc;

import java.lang.reflect.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All rows in one statement of PostgreSQL, an array for each column: its text is the same however many rows there are.
 *
 * <p>Where it is not sure that one statement does what one for each row would do, they go one by one: a lone row, values
 * that an array cannot carry faithfully, and rows with the same key, of which the last has to win.
 */
final class ArrayPlan<R extends @Nullable Object> implements Plan<@Nullable Object[], R> {
    private final Plan<@Nullable Object[], R> oneByOne;
    private final String sql;
    private final List<TableColumn> columns;
    private final int[] keys;
    private final Answering<R> answering;
    private final boolean isOneStatement;

    /** Executes the statement and tells each job what has become of its row. */
    @FunctionalInterface
    interface Answering<R extends @Nullable Object> {
        void answer(PreparedStatement statement, List<Placed<@Nullable Object[]>> rows, Outcomes<? super R> outcomes)
                throws SQLException;
    }

    /** @param isOneStatement whether it may be committed before its answers have been read */
    ArrayPlan(
            Plan<@Nullable Object[], R> oneByOne,
            String sql,
            List<TableColumn> columns,
            List<TableColumn> keys,
            Answering<R> answering,
            boolean isOneStatement) {
        this.oneByOne = oneByOne;
        this.sql = sql;
        this.columns = columns;
        this.keys = keys.stream().mapToInt(columns::indexOf).toArray();
        this.answering = answering;
        this.isOneStatement = isOneStatement;
    }

    @Override
    public boolean writes() {
        return true;
    }

    @Override
    public Execution<R> of(List<Placed<@Nullable Object[]>> rows) {
        @Nullable Object[][] arrays = rows.size() == 1 || !areKeysDistinct(rows) ? null : arrays(rows);
        return arrays == null ? oneByOne.of(rows) : new Together(rows, arrays);
    }

    private boolean areKeysDistinct(List<Placed<@Nullable Object[]>> rows) {
        if (keys.length == 0) {
            return true;
        }
        Set<Object> seen = new HashSet<>(rows.size() * 2);
        for (Placed<@Nullable Object[]> row : rows) {
            List<Object> identity = new ArrayList<>(keys.length);
            for (int key : keys) {
                Object part = Carrier.identity(row.row()[key], columns.get(key));
                if (part == null) {
                    return false;
                }
                identity.add(part);
            }
            if (!seen.add(identity)) {
                return false;
            }
        }
        return true;
    }

    /** By column the values of all rows; null if one cannot be carried. */
    private @Nullable Object @Nullable [][] arrays(List<Placed<@Nullable Object[]>> rows) {
        @Nullable Object[][] arrays = new @Nullable Object[columns.size()][];
        for (int i = 0; i < arrays.length; i++) {
            TableColumn column = columns.get(i);
            Carrier carrier = Carrier.of(column);
            @Nullable Object[] array = (@Nullable Object[]) Array.newInstance(carrier.type, rows.size());
            for (int j = 0; j < array.length; j++) {
                Object value = rows.get(j).row()[i];
                if (value != null) {
                    Object carried = carrier.convert(value, column.base());
                    if (carried == null) {
                        return null;
                    }
                    array[j] = carried;
                }
            }
            arrays[i] = array;
        }
        return arrays;
    }

    private final class Together implements Execution<R> {
        private final List<Placed<@Nullable Object[]>> rows;
        private final @Nullable Object[][] arrays;

        Together(List<Placed<@Nullable Object[]>> rows, @Nullable Object[][] arrays) {
            this.rows = rows;
            this.arrays = arrays;
        }

        @Override
        public boolean isOneStatement() {
            return isOneStatement;
        }

        @Override
        public void on(Connection connection, Outcomes<? super R> outcomes) throws SQLException {
            try (PreparedStatement statement = UnpreparedException.prepare(connection, sql)) {
                for (int i = 0; i < arrays.length; i++) {
                    statement.setArray(i + 1, connection.createArrayOf(Carrier.of(columns.get(i)).element, arrays[i]));
                }
                answering.answer(statement, rows, outcomes);
            }
        }
    }

    // ---------------------------------------------------------------- what the statement tells

    /** A statement that tells the sum: each has written its row, unless a trigger was against it. */
    static void one(
            PreparedStatement statement, List<Placed<@Nullable Object[]>> rows, Outcomes<? super Integer> outcomes)
            throws SQLException {
        int count = statement.executeUpdate() == rows.size() ? 1 : Statement.SUCCESS_NO_INFO;
        rows.forEach(row -> outcomes.complete(row.position(), count));
    }

    /** A statement that returns the position for each row that it has changed. */
    static void counts(
            PreparedStatement statement, List<Placed<@Nullable Object[]>> rows, Outcomes<? super Integer> outcomes)
            throws SQLException {
        int[] counts = new int[rows.size()];
        try (ResultSet changed = statement.executeQuery()) {
            while (changed.next()) {
                counts[changed.getInt(1) - 1]++;
            }
        }
        for (int i = 0; i < counts.length; i++) {
            outcomes.complete(rows.get(i).position(), counts[i]);
        }
    }

    /** A statement that returns the position and the generated key of each row. */
    static <K extends @Nullable Object> Answering<K> keys(Class<K> type) {
        return (statement, rows, outcomes) -> {
            try (ResultSet inserted = statement.executeQuery()) {
                while (inserted.next()) {
                    outcomes.complete(rows.get(inserted.getInt(1) - 1).position(), KeyPlan.read(inserted, 2, type));
                }
            }
        };
    }
}
