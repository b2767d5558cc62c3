package io.microbatcher.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.io.TempDir;

class SqliteTest extends AnyDatabaseTest {
    private static final int CONSTRAINT = 19;

    @TempDir
    Path directory;

    @Override
    Connection open() throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("test.db"));
    }

    @Override
    String generated() {
        return "INTEGER PRIMARY KEY";
    }

    /** Its driver knows no SQL states. */
    @Override
    void isConstraintViolation(SQLException failure) {
        assertThat(failure.getErrorCode()).isEqualTo(CONSTRAINT);
    }

    @Override
    String everything() {
        return "id INTEGER PRIMARY KEY, note TEXT, number INT, truth BOOLEAN, fraction DOUBLE, price DECIMAL(10, 3),"
                + " bytes BLOB, mood TEXT, born TEXT, seen TEXT, moment TEXT, uuid TEXT";
    }
}
