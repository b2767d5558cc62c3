package io.microbatcher.jdbc;

import io.microbatcher.BatchProcessor;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The rows that have a key. */
final class FindBatch<K, R> extends JdbcBatch<K, @Nullable R> {
    private final TableName table;
    private final String key;
    private final Class<K> keyType;
    private final Function<Table, FindPlan.RowReader<R>> reader;

    private FindBatch(
            TableName table,
            String key,
            Class<K> keyType,
            Function<Table, FindPlan.RowReader<R>> reader,
            int attempts) {
        super(attempts);
        this.table = table;
        this.key = key;
        this.keyType = Objects.requireNonNull(keyType, "keyType must not be null");
        this.reader = reader;
    }

    static <K, R extends Record> FindBatch<K, R> asRecord(
            TableName table, String key, Class<K> keyType, Class<R> type) {
        Constructor<R> constructor = RecordColumns.constructor(type);
        RecordComponent[] components = RecordColumns.components(type);
        List<Column<R>> columns = RecordColumns.of(type);
        RowMapper<R> mapper = row -> {
            @Nullable Object[] values = new @Nullable Object[components.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = Values.read(row, i + 1, components[i].getType());
            }
            return RecordColumns.make(constructor, values);
        };
        return new FindBatch<>(
                table,
                key,
                keyType,
                found -> new FindPlan.RowReader<>(
                        columns.stream().map(found::column).toList(), mapper),
                DEFAULT_ATTEMPTS);
    }

    static <K, R> FindBatch<K, R> mapped(TableName table, String key, Class<K> keyType, RowMapper<? extends R> mapper) {
        Objects.requireNonNull(mapper, "mapper must not be null");
        return new FindBatch<>(
                table,
                key,
                keyType,
                found -> new FindPlan.RowReader<>(new ArrayList<>(found.columns()), mapper),
                DEFAULT_ATTEMPTS);
    }

    @Override
    public JdbcBatch<K, @Nullable R> attempts(int attempts) {
        return new FindBatch<>(table, key, keyType, reader, attempts);
    }

    @Override
    public BatchProcessor.Streaming<K, @Nullable R> callOn(DataSource dataSource) {
        return this.<K>transactions(dataSource, job -> job, connection -> {
            Table found = Table.read(connection, table);
            return new FindPlan<>(found, found.column(key), keyType, reader.apply(found));
        });
    }
}
