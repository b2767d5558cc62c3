package io.microbatcher.cli.pipe;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A connection and its prepared statement, used by one batch at a time. */
final class Session implements AutoCloseable {
    private static final int CHECK_SECONDS = 5;

    private final Connection connection;
    private final PreparedStatement statement;
    private final List<String> names;

    private Session(Connection connection, PreparedStatement statement, List<String> names) {
        this.connection = connection;
        this.statement = statement;
        this.names = names;
    }

    static Session open(Database database, NamedSql sql) throws SQLException {
        Connection connection = database.connect();
        try {
            return new Session(connection, connection.prepareStatement(sql.sql()), sql.names());
        } catch (SQLException failed) {
            connection.close();
            throw failed;
        }
    }

    /** Finds the values of the parameters, in order. */
    @Nullable
    Object[] values(Row row) throws UnfitException {
        @Nullable Object[] values = new Object[names.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = row.value(names.get(i));
        }
        return values;
    }

    /** Executes the statement for all rows, without committing; returns the update counts. */
    int[] execute(List<@Nullable Object[]> rows) throws SQLException {
        try {
            for (@Nullable Object[] row : rows) {
                bind(row);
                statement.addBatch();
            }
            return statement.executeBatch();
        } finally {
            statement.clearBatch();
        }
    }

    private void bind(@Nullable Object[] values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            bind(i + 1, values[i]);
        }
    }

    private void bind(int index, @Nullable Object value) throws SQLException {
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

    void commit() throws SQLException {
        connection.commit();
    }

    /** Undoes what was not committed; whether the connection can be used on. */
    boolean rollback() {
        try {
            connection.rollback();
            return connection.isValid(CHECK_SECONDS);
        } catch (SQLException broken) {
            return false;
        }
    }

    /** Asks the database to give up, from another thread. Not every driver can. */
    void cancel() {
        try {
            statement.cancel();
        } catch (SQLException cannot) {
            return; // then the batch ends in its own time
        }
    }

    @Override
    public void close() {
        try (connection) {
            statement.close();
        } catch (SQLException gone) {
            return; // what was committed is committed
        }
    }
}
