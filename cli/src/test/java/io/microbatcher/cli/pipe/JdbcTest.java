package io.microbatcher.cli.pipe;

import static io.microbatcher.cli.pipe.Pipe.numbers;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class JdbcTest {
    @TempDir
    Path directory;

    private String sqlite = "";
    private String h2 = "";
    private String letters = "";

    @BeforeEach
    void databases() throws SQLException {
        sqlite = "jdbc:sqlite:" + directory.resolve("sqlite.db");
        h2 = "jdbc:h2:" + directory.resolve("h2");
        letters = directory.resolve("dead").toString();
        for (String url : List.of(sqlite, h2)) {
            execute(url, "CREATE TABLE t (id INTEGER PRIMARY KEY, name VARCHAR(50) NOT NULL, x DOUBLE, b BOOLEAN)");
            execute(url, "CREATE TABLE l (line VARCHAR(100))");
        }
    }

    @Test
    void linesOfTextAreRows() throws Exception {
        for (String url : List.of(sqlite, h2)) {
            Pipe pipe = Pipe.of("one\r\n'; DROP TABLE l; --\nthree");
            assertThat(pipe.run("--jdbc", url, "--sql", "INSERT INTO l VALUES (:line)"))
                    .as(pipe.err())
                    .isZero();
            assertThat(query(url, "SELECT line FROM l")).containsExactly("one", "'; DROP TABLE l; --", "three");
            assertThat(pipe.out()).isEmpty();
        }
    }

    @Test
    void valuesOfJsonAreBoundByTheirType() throws Exception {
        for (String url : List.of(sqlite, h2)) {
            Pipe pipe = Pipe.of("""
                    {"id":1,"name":"a","x":1.5,"b":true}

                    {"b":false,"x":null,"name":{"k":[1, 2]},"id":2}
                    """);
            assertThat(pipe.run(
                            "--format", "json", "--jdbc", url, "--sql", "INSERT INTO t VALUES (:id, :name, :x, :b)"))
                    .as(pipe.err())
                    .isZero();
            assertThat(query(url, "SELECT id || name FROM t WHERE x = 1.5 AND b"))
                    .containsExactly("1a");
            assertThat(query(url, "SELECT name FROM t WHERE x IS NULL AND NOT b"))
                    .containsExactly("{\"k\":[1,2]}");
        }
        assertThat(query(sqlite, "SELECT DISTINCT typeof(id) || typeof(b) FROM t"))
                .containsExactly("integerinteger");
    }

    @Test
    void numbersKeepTheirValue() throws Exception {
        execute(h2, "CREATE TABLE n (v DECIMAL(60, 30))");
        Pipe pipe =
                Pipe.of("{\"v\":123456789012345678901234567890}\n{\"v\":0.1}\n{\"v\":0.123456789012345678901234}\n");
        assertThat(pipe.run("--format", "json", "--jdbc", h2, "--sql", "INSERT INTO n VALUES (:v)"))
                .isZero();
        assertThat(query(h2, "SELECT TRIM(TRAILING '0' FROM CAST(v AS VARCHAR)) FROM n"))
                .containsExactly("123456789012345678901234567890.", "0.1", "0.123456789012345678901234");
    }

    @Test
    void onlyTheBadRowsOfABatchFail() throws Exception {
        for (String url : List.of(sqlite, h2)) {
            Files.deleteIfExists(Path.of(letters));
            StringBuilder rows = new StringBuilder();
            for (int i = 1; i <= 200; i++) {
                int id = i == 77 || i == 150 ? 5 : i;
                rows.append("{\"id\":" + id + ",\"name\":\"n\"}\n");
            }
            rows.append("{\"id\":201,\"name\":null}\n{\"id\":202}\n[1]\n{\"id\":204,}\n{\"id\":205,\"name\":\"n\"}\n");
            Pipe pipe = Pipe.of(rows.toString());
            int status = pipe.run(
                    "--format",
                    "json",
                    "--jdbc",
                    url,
                    "--sql",
                    "INSERT INTO t (id, name) VALUES (:id, :name)",
                    "--dead-letter",
                    letters);
            assertThat(status).isEqualTo(1);
            assertThat(query(url, "SELECT COUNT(*) FROM t")).containsExactly("199");
            List<String> dead = Files.readAllLines(Path.of(letters));
            assertThat(dead).hasSize(6);
            assertThat(dead.get(0)).contains("\"line\":77,").containsIgnoringCase("primary");
            assertThat(dead.get(1)).contains("\"line\":150,");
            assertThat(dead.get(2)).contains("\"line\":201,").containsIgnoringCase("null");
            assertThat(dead.get(3)).contains("\"line\":202,", "no value for :name");
            assertThat(dead.get(4)).contains("\"line\":203,", "not a JSON object but array");
            assertThat(dead.get(5)).contains("\"line\":204,", "malformed JSON at column 11");
        }
    }

    @Test
    void aFileThatOnlyATypingErrorWouldMakeIsNotLeftBehind() throws Exception {
        Path mistyped = Path.of(letters).resolveSibling("mistyped.db");
        Pipe pipe = Pipe.of("a\n");
        int status = pipe.run("--jdbc", "jdbc:sqlite:" + mistyped, "--sql", "INSERT INTO nowhere VALUES (:line)");
        assertThat(status).isEqualTo(2);
        assertThat(pipe.err()).contains("there is no file " + mistyped + ": is that the right name?");
        assertThat(mistyped).doesNotExist();
        assertThat(Pipe.of("a\n").run("--jdbc", sqlite, "--sql", "INSERT INTO nowhere VALUES (:line)"))
                .isEqualTo(2);
        assertThat(query(sqlite, "SELECT COUNT(*) FROM t")).containsExactly("0");
    }

    @Test
    void aBatchIsOneTransaction() throws Exception {
        execute(h2, "CREATE TABLE tx (line INT, session_tx VARCHAR(100))");
        Pipe pipe = Pipe.of(numbers(30));
        assertThat(pipe.run(
                        "--batch-size",
                        "10",
                        "--batch-cycle",
                        "1h",
                        "--jdbc",
                        h2,
                        "--sql",
                        "INSERT INTO tx VALUES (:line, TRANSACTION_ID())"))
                .isZero();
        assertThat(query(h2, "SELECT COUNT(*) FROM tx WHERE session_tx IS NOT NULL GROUP BY session_tx"))
                .as("the first row of a transaction has no id yet")
                .containsExactly("9", "9", "9");
    }

    @Test
    void thereAreNoMoreConnectionsThanBatchesAtOnce() throws Exception {
        execute(h2, "CREATE TABLE s (line INT, session INT)");
        Pipe pipe = Pipe.of(numbers(1000));
        assertThat(pipe.run(
                        "--batch-size",
                        "10",
                        "--concurrency",
                        "3",
                        "--jdbc",
                        h2,
                        "--sql",
                        "INSERT INTO s VALUES (:line, SESSION_ID())"))
                .as(pipe.err())
                .isZero();
        assertThat(query(h2, "SELECT DISTINCT session FROM s")).hasSizeBetween(1, 3);
        assertThat(query(h2, "SELECT COUNT(*) FROM s")).containsExactly("1000");
        // an embedded database is open to others only when every connection is closed
        assertThat(query(h2, "SELECT COUNT(*) FROM INFORMATION_SCHEMA.SESSIONS"))
                .containsExactly("1");
    }

    @Test
    void countsArePrintedOnDemand() throws Exception {
        execute(sqlite, "INSERT INTO l VALUES ('a'), ('a'), ('b')");
        Pipe pipe = Pipe.of("a\nc\nb\n");
        assertThat(pipe.run("--print-counts", "--jdbc", sqlite, "--sql", "DELETE FROM l WHERE line = :line"))
                .isZero();
        assertThat(pipe.lines()).containsExactly("2", "0", "1");
    }

    @Test
    void csvWithQuotesAndLineBreaksIsRead() throws Exception {
        Pipe pipe = Pipe.of("\uFEFFname,id\r\n\"a\n\"\"b\"\", c\",1\r\n\r\nd\"e,2\n\"\",3");
        assertThat(pipe.run(
                        "--format", "csv", "--jdbc", sqlite, "--sql", "INSERT INTO t (id, name) VALUES (:id, :name)"))
                .as(pipe.err())
                .isZero();
        assertThat(query(sqlite, "SELECT name FROM t ORDER BY id")).containsExactly("a\n\"b\", c", "d\"e", "");
    }

    @Test
    void aHeaderInQuotesAfterAByteOrderMarkIsRead() throws Exception {
        Pipe pipe = Pipe.of("\uFEFF\"id\",\"name\"\r\n\"1\",\"a\"\r\n");
        assertThat(pipe.run(
                        "--format", "csv", "--jdbc", sqlite, "--sql", "INSERT INTO t (id, name) VALUES (:id, :name)"))
                .as(pipe.err())
                .isZero();
        assertThat(query(sqlite, "SELECT name FROM t")).containsExactly("a");
    }

    @Test
    void aNumberOfJsonThatNoNumberCanBeFailsAlone() throws Exception {
        Pipe pipe = Pipe.of("{\"line\":1E+99999999999}\n{\"line\":2}\n");
        assertThat(pipe.run(
                        "--format",
                        "json",
                        "--jdbc",
                        sqlite,
                        "--sql",
                        "INSERT INTO l VALUES (:line)",
                        "--dead-letter",
                        letters))
                .isOne();
        assertThat(query(sqlite, "SELECT line FROM l")).containsExactly("2");
        assertThat(Files.readString(Path.of(letters))).contains("\"line\":1", "an exponent that no number can have");
    }

    @Test
    void malformedRecordsOfCsvFailAloneWithLineAndColumn() throws Exception {
        Pipe pipe = Pipe.of("id,name\n1,\"a\n\"b\n2,c\n3\n4,d,e\n5,f\n6,\"open");
        int status = pipe.run(
                "--format",
                "csv",
                "--jdbc",
                sqlite,
                "--sql",
                "INSERT INTO t (id, name) VALUES (:id, :name)",
                "--dead-letter",
                letters);
        assertThat(status).isEqualTo(1);
        assertThat(query(sqlite, "SELECT id FROM t ORDER BY id")).containsExactly("2", "5");
        List<String> dead = Files.readAllLines(Path.of(letters));
        assertThat(dead.get(0))
                .contains("malformed CSV at line 3, column 2", "begins at column 3", "\"job\":\"1,\\\"a\\n\\\"b\"");
        assertThat(dead.get(1)).contains("malformed CSV at column 2: the record ends after 1 field, the header has 2");
        assertThat(dead.get(2)).contains("malformed CSV at column 6: the record ends after 3 fields");
        assertThat(dead.get(3)).contains("malformed CSV at column 3: the quote that opens here is not closed");
    }

    @Test
    void aQuoteThatIsNeverClosedIsBounded() throws Exception {
        Pipe pipe = Pipe.of("id,name\n1,\"" + "x\n".repeat(1000) + "\n2,b\n");
        int status = pipe.run(
                "--format",
                "csv",
                "--jdbc",
                sqlite,
                "--sql",
                "INSERT INTO t (id, name) VALUES (:id, :name)",
                "--dead-letter",
                letters,
                "--max-line-bytes",
                "100");
        assertThat(status).isEqualTo(1);
        assertThat(query(sqlite, "SELECT id FROM t")).containsExactly("2");
        assertThat(Files.readAllLines(Path.of(letters)).get(0)).contains("not closed before --max-line-bytes (100)");
    }

    @Test
    void aHeaderWithoutTheColumnIsRefused() {
        Pipe pipe = Pipe.of("id,nom\n1,a\n");
        assertThat(pipe.run("--format", "csv", "--jdbc", sqlite, "--sql", "INSERT INTO l VALUES (:name)"))
                .isEqualTo(2);
        assertThat(pipe.err()).contains("the SQL needs :name, but the CSV header of - has [id, nom]");
    }

    @Test
    void bytesThatAreNotTextFailTheirJob() throws Exception {
        Pipe pipe = Pipe.of(new byte[] {'a', '\n', 'b', (byte) 0xFF, '\n', 'c', '\n'});
        assertThat(pipe.run("--jdbc", sqlite, "--sql", "INSERT INTO l VALUES (:line)", "--dead-letter", letters))
                .isEqualTo(1);
        assertThat(query(sqlite, "SELECT line FROM l")).containsExactly("a", "c");
        assertThat(Path.of(letters)).content().contains("not UTF-8: byte 2", "\"job_base64\":\"Yv8=\"");
    }

    @Test
    void whatCannotWorkIsRefusedBeforeAnythingIsRead() {
        refused("no such table", "--jdbc", sqlite, "--sql", "INSERT INTO nowhere VALUES (:line)");
        refused("no driver for --jdbc jdbc:mine:x", "--jdbc", "jdbc:mine:x?password=secret", "--sql", "DELETE");
        refused("a line of text has :line only", "--jdbc", sqlite, "--sql", "INSERT INTO l VALUES (:name)");
        refused("--jdbc needs --sql", "--jdbc", sqlite);
        refused("--sql has no meaning without --jdbc", "--exec", "cat", "--sql", "x");
        refused("cannot read --driver-path", "--jdbc", h2, "--sql", "DELETE FROM l", "--driver-path", "missing.jar");
    }

    @Test
    void aDriverIsLoadedFromItsJar() throws Exception {
        Path jar = Path.of(org.h2.Driver.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        Pipe pipe = Pipe.of("a\n");
        assertThat(pipe.run("--driver-path", jar.toString(), "--jdbc", h2, "--sql", "INSERT INTO l VALUES (:line)"))
                .isZero();
        assertThat(query(h2, "SELECT line FROM l")).containsExactly("a");
    }

    private static void refused(String why, String... arguments) {
        ByteArrayInputStream input = new ByteArrayInputStream(new byte[] {'a'});
        Pipe pipe = new Pipe().from(input);
        assertThat(pipe.run(arguments)).isEqualTo(2);
        assertThat(input.available()).isEqualTo(1);
        assertThat(pipe.err()).contains(why).doesNotContain("secret");
    }

    private static void execute(String url, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static List<String> query(String url, String sql) throws SQLException {
        List<String> values = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                values.add(rows.getString(1));
            }
        }
        return values;
    }
}
