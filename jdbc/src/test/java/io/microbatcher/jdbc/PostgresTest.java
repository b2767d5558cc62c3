package io.microbatcher.jdbc;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

class PostgresTest extends AnyDatabaseTest {
    @Override
    Connection open() throws SQLException {
        return DriverManager.getConnection(Postgres.url());
    }

    @Override
    String generated() {
        return "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY";
    }
}
