package io.microbatcher.cli.pipe;

import io.microbatcher.jdbc.JdbcBatch;
import java.math.BigDecimal;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Binds the values of a line by their type.
 *
 * @param names the parameter at each question mark, in order
 */
record RowBinder(List<String> names) implements JdbcBatch.Binder<Line> {
    @Override
    public void bind(PreparedStatement statement, Line line) throws SQLException, UnfitException {
        Row row = Objects.requireNonNull(line.row);
        for (int i = 0; i < names.size(); i++) {
            bind(statement, i + 1, row.value(names.get(i)));
        }
    }

    private static void bind(PreparedStatement statement, int index, @Nullable Object value) throws SQLException {
        if (value == null) {
            statement.setNull(index, Types.NULL);
        } else if (value instanceof Boolean truth) {
            statement.setBoolean(index, truth);
        } else if (value instanceof Long number) {
            statement.setLong(index, number);
        } else if (value instanceof Double number) {
            statement.setDouble(index, number);
        } else if (value instanceof BigDecimal number) {
            statement.setBigDecimal(index, number);
        } else {
            statement.setString(index, value.toString());
        }
    }
}
