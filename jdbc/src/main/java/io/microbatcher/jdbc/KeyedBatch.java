package io.microbatcher.jdbc;

import io.microbatcher.BatchProcessor;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.IntUnaryOperator;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Describes rows to upsert, update or delete by their key. Made by {@link JdbcBatch#upsert(String, Class)},
 * {@link JdbcBatch#update(String, Class)} and {@link JdbcBatch#delete(String)}.
 *
 * @param <J> the type of a job
 */
public final class KeyedBatch<J> extends JdbcBatch<J, Integer> {
    private final Verb verb;
    private final TableName table;
    private final List<Column<J>> columns;

    enum Verb {
        UPSERT,
        UPDATE,
        DELETE
    }

    private KeyedBatch(Verb verb, TableName table, List<Column<J>> columns, int attempts) {
        super(attempts);
        this.verb = verb;
        this.table = table;
        this.columns = columns;
    }

    static <J> KeyedBatch<J> of(Verb verb, TableName table, List<Column<J>> columns) {
        return new KeyedBatch<>(verb, table, columns, DEFAULT_ATTEMPTS);
    }

    /**
     * Makes a column that there is already, such as a component of the record, a part of the key.
     *
     * @param name its name
     * @return a description with that key
     * @throws IllegalArgumentException if there is no such column yet
     */
    public KeyedBatch<J> key(String name) {
        TableName.check("column", name);
        if (columns.stream().noneMatch(column -> column.isMeantBy(name))) {
            throw new IllegalArgumentException("there is no column " + name + " to be a key; there are ["
                    + columns.stream().map(Column::name).collect(Collectors.joining(", ")) + "]");
        }
        return with(columns.stream()
                .map(column -> column.isMeantBy(name) ? column.asKey() : column)
                .toList());
    }

    /**
     * Adds a column that is a part of the key.
     *
     * @param name its name
     * @param value tells the value of a job; what it throws fails that job alone
     * @return a description with that key
     * @throws IllegalArgumentException if {@code name} is no name
     */
    public KeyedBatch<J> key(String name, Function<? super J, ? extends @Nullable Object> value) {
        return with(Column.of(name, true, value));
    }

    /**
     * Adds a column that is written. A delete has no use for it.
     *
     * @param name its name
     * @param value tells the value of a job, which may be {@code null}; what it throws fails that job alone
     * @return a description with that column
     * @throws IllegalArgumentException if {@code name} is no name
     */
    public KeyedBatch<J> column(String name, Function<? super J, ? extends @Nullable Object> value) {
        return with(Column.of(name, false, value));
    }

    private KeyedBatch<J> with(Column<J> column) {
        List<Column<J>> more = new ArrayList<>(columns);
        more.add(column);
        return with(List.copyOf(more));
    }

    private KeyedBatch<J> with(List<Column<J>> changed) {
        return new KeyedBatch<>(verb, table, changed, attempts);
    }

    @Override
    public KeyedBatch<J> attempts(int attempts) {
        return new KeyedBatch<>(verb, table, columns, attempts);
    }

    @Override
    public BatchProcessor.Streaming<J, Integer> callOn(DataSource dataSource) {
        if (columns.stream().noneMatch(Column::isKey)) {
            throw new IllegalStateException(verb.name().toLowerCase(Locale.ROOT) + " of " + table + " needs a key");
        }
        boolean hasOthers = !columns.stream().allMatch(Column::isKey);
        if (verb == Verb.UPDATE && !hasOthers) {
            throw new IllegalStateException("an update of " + table + " needs a column that is not of the key");
        }
        if (verb == Verb.DELETE && hasOthers) {
            throw new IllegalStateException(
                    "a delete from " + table + " has no use for a column that is not of the key");
        }
        return transactions(dataSource, Bindings.values(columns), this::plan);
    }

    private Plan<@Nullable Object[], Integer> plan(Connection connection) throws SQLException {
        Table found = Table.read(connection, table);
        List<TableColumn> into = Bindings.resolve(found, columns);
        List<TableColumn> keys = new ArrayList<>();
        for (int i = 0; i < into.size(); i++) {
            if (columns.get(i).isKey()) {
                keys.add(into.get(i));
            }
        }
        WriteSql sql = new WriteSql(found, into, keys);
        Plan<@Nullable Object[], Integer> oneByOne = switch (verb) {
            case UPSERT -> oneByOne(sql.upsert(), into, into, found, count -> 1); // MySQL counts a change as 2
            case UPDATE -> oneByOne(sql.update(), sql.inUpdate(), into, found, IntUnaryOperator.identity());
            case DELETE -> oneByOne(sql.delete(), keys, into, found, IntUnaryOperator.identity());
        };
        if (found.dialect() != Dialect.POSTGRESQL) {
            return oneByOne;
        }
        return switch (verb) {
            case UPSERT -> new ArrayPlan<>(oneByOne, sql.upsertMany(), into, keys, ArrayPlan::one, true);
            case UPDATE -> new ArrayPlan<>(oneByOne, sql.updateMany(), into, keys, ArrayPlan::counts, true);
            case DELETE -> new ArrayPlan<>(oneByOne, sql.deleteMany(), into, keys, ArrayPlan::counts, true);
        };
    }

    private static Plan<@Nullable Object[], Integer> oneByOne(
            String sql,
            List<TableColumn> parameters,
            List<TableColumn> columns,
            Table table,
            IntUnaryOperator counted) {
        return new RowPlan<>(sql, Bindings.inOrder(Bindings.order(parameters, columns), table.dialect()), counted);
    }
}
