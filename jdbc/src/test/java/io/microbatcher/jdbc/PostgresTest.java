package io.microbatcher.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;

class PostgresTest extends AnyDatabaseTest {
    @Override
    Connection open() throws SQLException {
        return DriverManager.getConnection(Postgres.url());
    }

    @Override
    String generated() {
        return "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY";
    }

    @Override
    String everything() {
        return "id BIGINT PRIMARY KEY, note TEXT, number INT, truth BOOLEAN, fraction FLOAT8, price NUMERIC(10, 3),"
                + " bytes BYTEA, mood mood, born DATE, seen TIMESTAMP, moment TIMESTAMPTZ, uuid UUID";
    }

    @BeforeEach
    void types() throws SQLException {
        execute("DROP TABLE IF EXISTS everything");
        execute("DROP TYPE IF EXISTS mood");
        execute("CREATE TYPE mood AS ENUM ('SAD', 'HAPPY')");
    }

    @Override
    void shapesOfLists(List<String> prepared) {
        assertThat(prepared).hasSize(9);
        assertThat(Set.copyOf(prepared))
                .as("one for a lone key, one for an array")
                .hasSize(2);
    }
}
