package io.microbatcher.jdbc;

import java.io.Serial;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** The database did not even take the text of a statement, so that no row is to blame, whatever the error's code says. */
final class UnpreparedException extends SQLException {
    @Serial
    private static final long serialVersionUID = 1L;

    /** What the driver has thrown. */
    final SQLException thrown;

    private UnpreparedException(SQLException thrown) {
        super(thrown.getMessage(), thrown.getSQLState(), thrown.getErrorCode(), thrown);
        this.thrown = thrown;
    }

    static PreparedStatement prepare(Connection connection, String sql) throws SQLException {
        try {
            return connection.prepareStatement(sql);
        } catch (SQLException failed) {
            throw Fault.of(failed) == Fault.ROW ? new UnpreparedException(failed) : failed;
        }
    }

    static PreparedStatement prepare(Connection connection, String sql, String key) throws SQLException {
        try {
            return connection.prepareStatement(sql, new String[] {key});
        } catch (SQLException failed) {
            throw Fault.of(failed) == Fault.ROW ? new UnpreparedException(failed) : failed;
        }
    }
}
