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

    @Override
    String everything() {
        return "id BIGINT PRIMARY KEY, note VARCHAR, number INT, truth BOOLEAN, fraction DOUBLE PRECISION,"
                + " price DECIMAL(10, 3), bytes VARBINARY(100), mood ENUM('SAD', 'HAPPY'), born DATE, seen TIMESTAMP(9),"
                + " moment TIMESTAMP(9) WITH TIME ZONE, uuid UUID";
    }
}
