package io.microbatcher.jdbc;

import io.microbatcher.BatchProcessor;
import java.util.function.IntUnaryOperator;
import javax.sql.DataSource;

/** Any statement. */
final class SqlBatch<J> extends JdbcBatch<J, Integer> {
    private final String sql;
    private final Binder<? super J> binder;

    SqlBatch(String sql, Binder<? super J> binder, int attempts) {
        super(attempts);
        this.sql = sql;
        this.binder = binder;
    }

    @Override
    public JdbcBatch<J, Integer> attempts(int attempts) {
        return new SqlBatch<>(sql, binder, attempts);
    }

    @Override
    public BatchProcessor.Streaming<J, Integer> callOn(DataSource dataSource) {
        Plan<J, Integer> plan = new RowPlan<>(sql, binder::bind, IntUnaryOperator.identity());
        return transactions(dataSource, job -> job, connection -> plan);
    }
}
