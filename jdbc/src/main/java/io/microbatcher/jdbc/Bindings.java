package io.microbatcher.jdbc;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Columns of jobs meet columns of a table. */
final class Bindings {
    private Bindings() {}

    /** The values of a job, in the order of the columns. */
    static <J> Function<J, @Nullable Object[]> values(List<Column<J>> columns) {
        return job -> {
            @Nullable Object[] values = new @Nullable Object[columns.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = columns.get(i).value().apply(job);
            }
            return values;
        };
    }

    static <J> List<TableColumn> resolve(Table table, List<Column<J>> columns) {
        List<TableColumn> resolved = columns.stream().map(table::column).toList();
        Set<String> seen = new HashSet<>();
        for (TableColumn column : resolved) {
            if (!seen.add(column.name())) {
                throw new IllegalStateException(
                        "the column " + column.name() + " of the table " + table.given() + " is given twice");
            }
        }
        return resolved;
    }

    /**
     * Binds the values of a row.
     *
     * @param order where the value of each parameter is
     */
    static RowPlan.Binding<@Nullable Object[]> inOrder(int[] order, Dialect dialect) {
        return (statement, row) -> {
            for (int i = 0; i < order.length; i++) {
                Values.bind(statement, i + 1, row[order[i]], dialect);
            }
        };
    }

    static int[] order(List<TableColumn> parameters, List<TableColumn> columns) {
        return parameters.stream().mapToInt(columns::indexOf).toArray();
    }
}
