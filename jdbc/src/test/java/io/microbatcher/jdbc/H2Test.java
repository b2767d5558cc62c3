package io.microbatcher.jdbc;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

class H2Test extends AnyDatabaseTest {
    @Override
    Connection open() throws SQLException {
        return DriverManager.getConnection("jdbc:h2:mem:jdbc;DB_CLOSE_DELAY=-1");
    }

    @Override
    String generated() {
        return "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY";
    }
}
