package io.microbatcher.jdbc;

import io.microbatcher.BatchProcessor;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.IntUnaryOperator;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Describes rows to insert. Made by {@link JdbcBatch#insert(String, Class)}.
 *
 * @param <J> the type of a job
 * @param <R> the type of a result: the number of rows, or the generated key
 */
public final class InsertBatch<J, R extends @Nullable Object> extends JdbcBatch<J, R> {
    private final TableName table;
    private final List<Column<J>> columns;
    private final Result<R> result;

    /** What is to be known of an inserted row. */
    private interface Result<R extends @Nullable Object> {
        Plan<@Nullable Object[], R> plan(Table table, List<TableColumn> columns);
    }

    private InsertBatch(TableName table, List<Column<J>> columns, Result<R> result, int attempts) {
        super(attempts);
        this.table = table;
        this.columns = columns;
        this.result = result;
    }

    static <J> InsertBatch<J, Integer> of(TableName table, List<Column<J>> columns) {
        return new InsertBatch<>(table, columns, InsertBatch::counting, DEFAULT_ATTEMPTS);
    }

    /**
     * Adds a column.
     *
     * @param name its name
     * @param value tells the value of a job, which may be {@code null}; what it throws fails that job alone
     * @return a description with that column
     * @throws IllegalArgumentException if {@code name} is no name
     */
    public InsertBatch<J, R> column(String name, Function<? super J, ? extends @Nullable Object> value) {
        List<Column<J>> more = new ArrayList<>(columns);
        more.add(Column.of(name, false, value));
        return new InsertBatch<>(table, List.copyOf(more), result, attempts);
    }

    /**
     * Makes the key that the database generates the result of a caller. That column is not inserted: if a record has a
     * component for it, its value is of no account.
     *
     * <p>A key that cannot be read as this type fails its job, and its row is not stored. Where that cannot happen, as with an
     * integer read as a {@code Long}, one statement needs no transaction around it.
     *
     * @param column the column, such as an identity column or one whose default is a sequence
     * @param type the type to read it as
     * @param <K> the type of the key
     * @return a description whose result is the key
     * @throws IllegalArgumentException if {@code column} is no name
     */
    public <K> InsertBatch<J, K> generatedKey(String column, Class<K> type) {
        TableName.check("column", column);
        Objects.requireNonNull(type, "type must not be null");
        List<Column<J>> written =
                columns.stream().filter(each -> !each.isMeantBy(column)).toList();
        return new InsertBatch<>(table, written, (found, into) -> keys(found, into, column, type), attempts);
    }

    @Override
    public InsertBatch<J, R> attempts(int attempts) {
        return new InsertBatch<>(table, columns, result, attempts);
    }

    @Override
    public BatchProcessor.Streaming<J, R> callOn(DataSource dataSource) {
        if (columns.isEmpty()) {
            throw new IllegalStateException("an insert into " + table + " needs a column");
        }
        return transactions(dataSource, Bindings.values(columns), this::plan);
    }

    private Plan<@Nullable Object[], R> plan(Connection connection) throws SQLException {
        Table found = Table.read(connection, table);
        return result.plan(found, Bindings.resolve(found, columns));
    }

    private static RowPlan.Binding<@Nullable Object[]> binding(Table table, List<TableColumn> columns) {
        return Bindings.inOrder(Bindings.order(columns, columns), table.dialect());
    }

    private static Plan<@Nullable Object[], Integer> counting(Table table, List<TableColumn> columns) {
        WriteSql sql = new WriteSql(table, columns, List.of());
        Plan<@Nullable Object[], Integer> oneByOne =
                new RowPlan<>(sql.insert(), binding(table, columns), IntUnaryOperator.identity());
        return table.dialect() == Dialect.POSTGRESQL
                ? new ArrayPlan<>(oneByOne, sql.insertMany(), columns, List.of(), ArrayPlan::one, true)
                : oneByOne;
    }

    private static <K> Plan<@Nullable Object[], K> keys(
            Table table, List<TableColumn> columns, String keyName, Class<K> type) {
        WriteSql sql = new WriteSql(table, columns, List.of());
        TableColumn key = table.column(keyName);
        Plan<@Nullable Object[], K> oneByOne =
                new KeyPlan<>(sql.insert(), binding(table, columns), key, type, table.dialect());
        return table.takesMerge()
                ? new ArrayPlan<>(
                        oneByOne,
                        sql.insertManyReturning(key),
                        columns,
                        List.of(),
                        ArrayPlan.keys(type),
                        KeyPlan.isSure(key, type, table.dialect()))
                : oneByOne;
    }
}
