package io.microbatcher.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;

class H2Test extends AnyDatabaseTest {
    @Override
    Connection open() throws SQLException {
        return DriverManager.getConnection("jdbc:h2:mem:jdbc;DB_CLOSE_DELAY=-1");
    }

    @Override
    String generated() {
        return "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY";
    }

    @Test
    void keysWhoseCaseIsIgnoredFindTheirRow() throws Exception {
        execute("DROP TABLE IF EXISTS word");
        execute("CREATE TABLE word (w VARCHAR_IGNORECASE(9) PRIMARY KEY, n INT)");
        execute("INSERT INTO word VALUES ('ada', 1), ('Eve', 2)");
        var find = JdbcBatch.findById("word", "w", String.class, row -> row.getInt("n"))
                .on(pool);
        assertThat(results(find, List.of("ada", "Ada", "bob"))).containsExactly(1, 1, null);
        assertThat(results(find, List.of("ada", "eve", "EVE"))).containsExactly(1, 2, 2);
    }

    @Test
    void tablesOfTheSameNameInSchemasOfAlmostTheSameNameAreNotMistaken() throws Exception {
        for (String schema : List.of("A_B", "AXB")) {
            execute("DROP SCHEMA IF EXISTS " + schema + " CASCADE");
            execute("CREATE SCHEMA " + schema);
        }
        execute("CREATE TABLE axb.t (id INT PRIMARY KEY, other INT)");
        execute("CREATE TABLE a_b.t (id INT PRIMARY KEY, n INT)");
        execute("INSERT INTO a_b.t VALUES (1, 10)");
        var find = JdbcBatch.findById("a_b.t", "id", Integer.class, row -> row.getInt("n"))
                .on(pool);
        assertThat(results(find, List.of(1, 2))).containsExactly(10, null);
    }

    @Test
    void aConnectionWhoseSavepointIsLostComesBackWithoutATransaction() throws Exception {
        execute("DROP TABLE IF EXISTS away");
        var processor = JdbcBatch.<String>of("INSERT INTO item VALUES (?, 1)", (statement, code) -> {
                    if (code.equals("c")) { // a definition commits, and takes the savepoints with it
                        try (Statement definition = statement.getConnection().createStatement()) {
                            definition.execute("CREATE TABLE IF NOT EXISTS away (id INT)");
                        }
                    }
                    statement.setString(1, code.equals("c") ? "a" : code);
                })
                .on(pool);
        assertThat(batch(processor, List.of("a", "b", "c", "d")))
                .allSatisfy(future -> assertThat(sqlCause(future).getSQLState()).isNotNull());
        assertThat(pool.called).endsWith("rollback", "setAutoCommit", "close");
    }

    @Override
    String everything() {
        return "id BIGINT PRIMARY KEY, note VARCHAR, number INT, truth BOOLEAN, fraction DOUBLE PRECISION,"
                + " price DECIMAL(10, 3), bytes VARBINARY(100), mood ENUM('SAD', 'HAPPY'), born DATE, seen TIMESTAMP(9),"
                + " moment TIMESTAMP(9) WITH TIME ZONE, uuid UUID";
    }
}
