package io.microbatcher.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One statement for each row, which the driver sends together (JDBC batching); each job gets the number of rows that its
 * statement has changed.
 */
final class RowPlan<T extends @Nullable Object> implements Plan<T, Integer> {
    private final String sql;
    private final Binding<T> binding;
    private final IntUnaryOperator counted;

    /** Binds what a row is made of. */
    @FunctionalInterface
    interface Binding<T extends @Nullable Object> {
        void bind(PreparedStatement statement, T row) throws Exception;
    }

    RowPlan(String sql, Binding<T> binding, IntUnaryOperator counted) {
        this.sql = sql;
        this.binding = binding;
        this.counted = counted;
    }

    @Override
    public boolean writes() {
        return true;
    }

    @Override
    public Execution<Integer> of(List<Placed<T>> rows) {
        return new Execution<>() {
            @Override
            public boolean isOneStatement() {
                return rows.size() == 1;
            }

            @Override
            public void on(Connection connection, Outcomes<? super Integer> outcomes) throws SQLException {
                try (PreparedStatement statement = UnpreparedException.prepare(connection, sql)) {
                    if (rows.size() == 1) {
                        alone(statement, rows.get(0), outcomes);
                    } else {
                        together(statement, rows, outcomes);
                    }
                }
            }
        };
    }

    /** Not as a batch, whose exception would not be the driver's own. */
    private void alone(PreparedStatement statement, Placed<T> row, Outcomes<? super Integer> outcomes)
            throws SQLException {
        if (isBound(binding, statement, row, outcomes)) {
            outcomes.complete(row.position(), counted.applyAsInt(statement.executeUpdate()));
        }
    }

    private void together(PreparedStatement statement, List<Placed<T>> rows, Outcomes<? super Integer> outcomes)
            throws SQLException {
        List<Placed<T>> bound = new ArrayList<>(rows.size());
        for (Placed<T> row : rows) {
            if (isBound(binding, statement, row, outcomes)) {
                statement.addBatch();
                bound.add(row);
            }
        }
        if (!bound.isEmpty()) {
            int[] counts = statement.executeBatch();
            for (int i = 0; i < counts.length; i++) {
                outcomes.complete(bound.get(i).position(), counted.applyAsInt(counts[i]));
            }
        }
    }

    /** What cannot be bound is that row's own fault, and is known before anything is sent. */
    static <T extends @Nullable Object> boolean isBound(
            Binding<T> binding, PreparedStatement statement, Placed<T> row, Outcomes<?> outcomes) throws SQLException {
        try {
            binding.bind(statement, row.row());
            return true;
        } catch (Exception notItsValues) {
            outcomes.fail(row.position(), notItsValues);
            statement.clearParameters(); // the next row must not have what is left of this one
            return false;
        }
    }
}
