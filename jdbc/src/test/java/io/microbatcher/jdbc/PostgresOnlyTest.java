package io.microbatcher.jdbc;

import static io.microbatcher.jdbc.AnyDatabaseTest.batch;
import static io.microbatcher.jdbc.AnyDatabaseTest.failure;
import static io.microbatcher.jdbc.AnyDatabaseTest.results;
import static io.microbatcher.jdbc.AnyDatabaseTest.sqlCause;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.microbatcher.BatchProcessor;
import io.microbatcher.MicroBatcher;
import io.microbatcher.MissingResultException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What only a server can do: deadlocks, serialization failures, connections that are killed; and what PostgreSQL alone has. */
@Timeout(120)
class PostgresOnlyTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Pool pool = new Pool(() -> DriverManager.getConnection(Postgres.url()));
    private Connection own;

    @BeforeEach
    void schema() throws SQLException {
        own = DriverManager.getConnection(Postgres.url());
        execute("DROP SCHEMA IF EXISTS shop CASCADE");
        execute("CREATE SCHEMA shop");
        execute("CREATE TABLE shop.item (code TEXT PRIMARY KEY, amount INT)");
    }

    @AfterEach
    void everyConnectionIsBack() throws SQLException {
        assertThat(pool.borrowed()).isZero();
        pool.close();
        own.close();
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = own.createStatement()) {
            statement.execute(sql);
        }
    }

    private List<String> query(String sql) {
        List<String> values = new ArrayList<>();
        try (Statement statement = own.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                values.add(rows.getString(1));
            }
        } catch (SQLException failed) {
            throw new AssertionError(failed);
        }
        return values;
    }

    /** A trigger that makes the first two transactions that come to it wait for each other, and no later one. */
    private void meetOn(String event) throws SQLException {
        execute("CREATE SEQUENCE shop.arrivals");
        execute("""
                CREATE FUNCTION shop.meet() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    PERFORM nextval('shop.arrivals');
                    WHILE (SELECT last_value FROM shop.arrivals) < 2 LOOP
                        PERFORM pg_sleep(0.01);
                    END LOOP;
                    RETURN NEW;
                END $$""");
        execute("CREATE TRIGGER meet BEFORE " + event + " ON shop.item FOR EACH ROW EXECUTE FUNCTION shop.meet()");
    }

    /** Has two batches processed at the same time. */
    private static <J, R> List<CompletableFuture<R>> twoBatches(
            BatchProcessor<J, R> processor, List<J> first, List<J> second) {
        try (MicroBatcher<J, R> one = batcher(processor, first.size());
                MicroBatcher<J, R> two = batcher(processor, second.size())) {
            List<CompletableFuture<R>> futures = new ArrayList<>();
            first.forEach(job -> futures.add(one.submit(job)));
            second.forEach(job -> futures.add(two.submit(job)));
            return futures;
        }
    }

    private static <J, R> MicroBatcher<J, R> batcher(BatchProcessor<J, R> processor, int size) {
        return MicroBatcher.builder(processor)
                .batchSize(size)
                .batchCycle(Duration.ofDays(1))
                .build();
    }

    @Test
    void aBatchThatMeetsADeadlockIsTriedAgain() throws Exception {
        execute("INSERT INTO shop.item VALUES ('a', 0), ('b', 0)");
        meetOn("UPDATE");
        JdbcBatch<String, Integer> count = JdbcBatch.of(
                "UPDATE shop.item SET amount = amount + 1 WHERE code = ?",
                (statement, code) -> statement.setString(1, code));
        var futures = twoBatches(count.on(pool), List.of("a", "b"), List.of("b", "a"));
        assertThat(futures).allSatisfy(future -> assertThat(future.join()).isEqualTo(1));
        assertThat(query("SELECT code || amount FROM shop.item ORDER BY code")).containsExactly("a2", "b2");
        assertThat(pool.called.stream().filter("rollback"::equals))
                .as("victims")
                .isNotEmpty();
    }

    @Test
    void aBatchThatMeetsADeadlockFailsWhenItHasNoAttemptsLeft() throws Exception {
        execute("INSERT INTO shop.item VALUES ('a', 0), ('b', 0)");
        meetOn("UPDATE");
        JdbcBatch<String, Integer> count = JdbcBatch.<String>of(
                        "UPDATE shop.item SET amount = amount + 1 WHERE code = ?",
                        (statement, code) -> statement.setString(1, code))
                .attempts(1);
        var futures = twoBatches(count.on(pool), List.of("a", "b"), List.of("b", "a"));
        var failed = futures.stream()
                .filter(CompletableFuture::isCompletedExceptionally)
                .toList();
        assertThat(failed)
                .hasSize(2)
                .allSatisfy(future -> assertThat(sqlCause(future).getSQLState()).isEqualTo("40P01"));
        assertThat(query("SELECT code || amount FROM shop.item ORDER BY code")).containsExactly("a1", "b1");
    }

    @Test
    void aBatchThatCannotBeSerializedIsTriedAgain() throws Exception {
        meetOn("INSERT");
        JdbcBatch<String, Integer> insertSum = JdbcBatch.of(
                "INSERT INTO shop.item SELECT ?, 1 + coalesce(sum(amount), 0) FROM shop.item",
                (statement, code) -> statement.setString(1, code));
        try (Pool serializable = new Pool(() -> DriverManager.getConnection(
                Postgres.url() + "&options=-c%20default_transaction_isolation=serializable"))) {
            var futures = twoBatches(insertSum.on(serializable), List.of("a", "b"), List.of("c", "d"));
            assertThat(futures).allSatisfy(future -> assertThat(future.join()).isEqualTo(1));
            assertThat(serializable.called).contains("rollback");
        }
        assertThat(query("SELECT amount FROM shop.item ORDER BY amount")).containsExactly("1", "2", "4", "8");
    }

    @Test
    void aConnectionThatIsKilledFailsItsBatchAndIsReplaced() throws Exception {
        JdbcBatch<String, Integer> insert = JdbcBatch.of(
                "INSERT INTO shop.item SELECT ?, CASE ? WHEN 'kill' THEN pg_terminate_backend(pg_backend_pid())::int END",
                (statement, code) -> {
                    statement.setString(1, code);
                    statement.setString(2, code);
                });
        BatchProcessor<String, Integer> processor = insert.on(pool);
        var futures = batch(processor, List.of("a", "kill", "b", "c"));
        assertThat(futures).allSatisfy(future -> {
            SQLException failure = sqlCause(future);
            assertThat(Fault.of(failure)).isEqualTo(Fault.CONNECTION);
            assertThat(failure.getSuppressed())
                    .as("the rollback has failed, too")
                    .isNotEmpty();
        });
        assertThat(pool.prepared).as("no search for the bad row").hasSize(1);
        assertThat(pool.borrowed()).isZero();
        assertThat(query("SELECT code FROM shop.item")).isEmpty();
        assertThat(results(processor, List.of("a", "b"))).containsExactly(1, 1);
    }

    @Test
    void aConnectionThatBreaksDuringTheCommitLeavesItInDoubt() throws Exception {
        JdbcBatch<String, Integer> insert = JdbcBatch.of(
                "INSERT INTO shop.item VALUES (?, pg_backend_pid())",
                (statement, code) -> statement.setString(1, code));
        pool.beforeCommit = () -> assertThat(
                        query(
                                "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE state = 'idle in transaction'"))
                .containsExactly("t");
        var futures = batch(insert.on(pool), List.of("a", "b"));
        assertThat(futures).allSatisfy(future -> {
            SQLException failure = sqlCause(future);
            assertThat(failure.getSQLState()).isEqualTo("08007");
            assertThat(failure.getMessage()).contains("may be stored or not");
            assertThat(failure.getCause()).isInstanceOf(SQLException.class);
        });
    }

    /** It is committed when it has been executed: to look for a row to blame would be to store the others once more. */
    @Test
    void aStatementOfManyRowsThatFailsAfterTheDeedIsInDoubtAndNotRepeated() throws Exception {
        Pool.Step[] failures = {
            () -> {
                throw new IllegalStateException("whoever listens to statements");
            },
            () -> {
                throw new SQLException("without a state");
            },
            () -> {
                throw new SQLException("statement completion unknown", "40003");
            },
            () -> {
                throw new SQLException("the connection is gone", "08006");
            }
        };
        execute("CREATE TABLE shop.keyed (id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, v INT)");
        InsertBatch<Integer, Integer> counting =
                JdbcBatch.<Integer>insert("shop.keyed").column("v", v -> v);
        for (JdbcBatch<Integer, ?> insert : List.of(counting, counting.generatedKey("id", Long.class))) {
            BatchProcessor<Integer, ?> processor = insert.on(pool);
            results(processor, List.of(0)); // has looked the table up
            for (Pool.Step failure : failures) {
                execute("DELETE FROM shop.keyed");
                pool.forget();
                pool.afterExecute = failure;
                var futures = batch(processor, List.of(1, 2, 3, 4));
                pool.afterExecute = () -> {};
                assertThat(futures)
                        .allSatisfy(future ->
                                assertThat(sqlCause(future).getSQLState()).isEqualTo("08007"));
                assertThat(query("SELECT v FROM shop.keyed ORDER BY v")).containsExactly("1", "2", "3", "4");
                assertThat(pool.prepared).as("that one statement").hasSize(1);
                assertThat(pool.called).as("no transaction around it").doesNotContain("setAutoCommit", "commit");
            }
        }
    }

    /** In the first attempt a row is refused, which is undone like the others; in the second two are left out in silence. */
    @Test
    void nobodyIsToldWhatBecameOfItsRowInAnAttemptThatWasUndone() throws Exception {
        execute("CREATE TABLE shop.attempt AS SELECT 1 AS number");
        execute("CREATE TABLE shop.keyed (id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, v INT)");
        execute("""
                CREATE FUNCTION shop.moody() RETURNS trigger LANGUAGE plpgsql AS $$
                DECLARE attempt int := (SELECT number FROM shop.attempt);
                BEGIN
                    IF attempt = 1 AND NEW.v = 3 THEN
                        RAISE 'not now' USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN CASE WHEN attempt = 1 OR NEW.v NOT IN (2, 3) THEN NEW END;
                END $$""");
        execute("CREATE TRIGGER moody BEFORE INSERT ON shop.keyed FOR EACH ROW EXECUTE FUNCTION shop.moody()");
        InsertBatch<Integer, Integer> insert =
                JdbcBatch.<Integer>insert("shop.keyed").column("v", v -> v);
        pool.beforeCommit = () -> {
            if (query("SELECT number FROM shop.attempt").equals(List.of("1"))) {
                execute("UPDATE shop.attempt SET number = 2");
                throw new SQLException("could not serialize access", "40001");
            }
        };
        // one statement with auto-commit, and one in a transaction, since a key may be too large
        for (Class<?> type : List.of(Long.class, Integer.class)) {
            execute("DELETE FROM shop.keyed");
            execute("UPDATE shop.attempt SET number = 1");
            var futures = batch(insert.generatedKey("id", type).on(pool), List.of(1, 2, 3, 4));
            assertThat(query("SELECT number FROM shop.attempt")).containsExactly("2");
            assertThat(query("SELECT v FROM shop.keyed ORDER BY v")).containsExactly("1", "4");
            for (int i : new int[] {0, 3}) {
                assertThat(query("SELECT v FROM shop.keyed WHERE id = "
                                + futures.get(i).join()))
                        .containsExactly(String.valueOf(i + 1));
            }
            for (int i : new int[] {1, 2}) {
                assertThat(failure(futures.get(i))).isInstanceOf(MissingResultException.class);
            }
        }
    }

    @Test
    void aKeyThatIsTooLargeForItsTypeFailsItsCallerAndItsRowIsNotStored() throws Exception {
        execute("CREATE TABLE shop.big (id BIGINT GENERATED ALWAYS AS IDENTITY (START 2147483646), name TEXT)");
        record Big(String name) {}
        var processor = JdbcBatch.insert("shop.big", Big.class)
                .generatedKey("id", Integer.class)
                .on(pool);
        var futures = batch(processor, List.of(new Big("a"), new Big("b"), new Big("c"), new Big("d")));
        long told = futures.stream()
                .filter(future -> !future.isCompletedExceptionally())
                .count();
        assertThat(query("SELECT name FROM shop.big")).hasSize((int) told).doesNotHaveDuplicates();
        assertThat(sqlCause(batch(processor, List.of(new Big("e"))).get(0)).getSQLState())
                .isEqualTo("22003");
        assertThat(query("SELECT name FROM shop.big")).doesNotContain("e");
    }

    @Test
    void aColumnThatHasBecomeWiderIsLookedUpAgain() throws Exception {
        var upsert = JdbcBatch.<Long>upsert("shop.item")
                .key("code", String::valueOf)
                .column("amount", amount -> amount)
                .on(pool);
        assertThat(results(upsert, List.of(1L, 2L))).containsExactly(1, 1);
        execute("ALTER TABLE shop.item ALTER amount TYPE BIGINT");
        batch(upsert, List.of(1L << 40, 1L << 41)); // may fail: it is cast to the type of before
        assertThat(results(upsert, List.of(1L << 40, 1L << 41))).containsExactly(1, 1);
    }

    @Test
    void aTableThatIsNotThereLeavesNoTransactionOpen() throws Exception {
        try (Pool manual = Pool.withoutAutoCommit(() -> DriverManager.getConnection(Postgres.url()))) {
            var futures =
                    batch(JdbcBatch.delete("shop.nothing", "id", Long.class).on(manual), List.of(1L, 2L));
            assertThat(futures).allSatisfy(future -> assertThat(future).isCompletedExceptionally());
            assertThat(manual.called).containsSubsequence("rollback", "close");
        }
    }

    @Test
    void aBatchThatTakesTooLongIsRolledBackWhenItsStatementReturns() throws Exception {
        execute("INSERT INTO shop.item VALUES ('a', 0), ('b', 0)");
        JdbcBatch<String, Integer> count = JdbcBatch.of(
                "UPDATE shop.item SET amount = amount + 1 WHERE code = ?",
                (statement, code) -> statement.setString(1, code));
        own.setAutoCommit(false);
        execute("UPDATE shop.item SET amount = 10 WHERE code = 'b'");
        try (MicroBatcher<String, Integer> batcher = MicroBatcher.builder(count.on(pool))
                .batchSize(2)
                .batchCycle(Duration.ofDays(1))
                .batchTimeout(Duration.ofSeconds(1))
                .build()) {
            var first = batcher.submit("a");
            var second = batcher.submit("b");
            await().atMost(PATIENCE).until(() -> first.isDone() && second.isDone());
            assertThat(failure(first)).hasCauseInstanceOf(TimeoutException.class);
            own.commit();
            own.setAutoCommit(true);
            await().atMost(PATIENCE).until(() -> pool.borrowed() == 0);
        }
        assertThat(query("SELECT code || amount FROM shop.item ORDER BY code")).containsExactly("a0", "b10");
    }

    @Test
    void aConstraintThatIsCheckedAtTheCommitFailsItsRowAlone() throws Exception {
        execute("CREATE TABLE shop.part (item TEXT REFERENCES shop.item DEFERRABLE INITIALLY DEFERRED, n INT)");
        execute("INSERT INTO shop.item VALUES ('a', 0)");
        record Part(String item, int n) {}
        List<Part> parts = IntStream.range(0, 20)
                .mapToObj(n -> new Part(n == 13 ? "x" : "a", n))
                .toList();
        for (BatchProcessor<Part, Integer> insert : List.of(
                JdbcBatch.insert("shop.part", Part.class).on(pool),
                JdbcBatch.<Part>of("INSERT INTO shop.part VALUES (?, ?)", (statement, part) -> {
                            statement.setString(1, part.item());
                            statement.setInt(2, part.n());
                        })
                        .on(pool))) {
            execute("DELETE FROM shop.part");
            var futures = new ArrayList<>(batch(insert, parts));
            assertThat(sqlCause(futures.get(13)).getSQLState()).isEqualTo("23503");
            futures.remove(13);
            assertThat(futures).allSatisfy(future -> assertThat(future.join()).isEqualTo(1));
            assertThat(query("SELECT count(*) FROM shop.part")).containsExactly("19");
        }
    }

    @Test
    void manyRowsAreOneStatementWhoseTextIsTheSame() throws Exception {
        execute("CREATE TABLE shop.keyed (id SERIAL PRIMARY KEY, v INT)");
        record Keyed(Integer id, int v) {}
        var insert = JdbcBatch.insert("shop.keyed", Keyed.class)
                .generatedKey("id", Integer.class)
                .on(pool);
        results(insert, List.of(new Keyed(null, 0), new Keyed(null, 1)));
        pool.forget();
        results(insert, List.of(new Keyed(null, 0), new Keyed(null, 1)));
        assertThat(pool.called)
                .as("one round trip")
                .containsExactly("getAutoCommit", "prepareStatement", "createArrayOf", "close");
        results(insert, List.of(new Keyed(null, 0), new Keyed(null, 1), new Keyed(null, 2)));
        assertThat(pool.prepared.stream().distinct()).hasSize(1);
        assertThat(pool.prepared.get(0)).startsWith("MERGE INTO");
    }

    /** A trigger that changes keys, and a view, into which MERGE cannot be sure to insert: each caller gets the true key. */
    @Test
    void keysAreTrueWhateverHappensOnTheWayIntoTheTable() throws Exception {
        execute("CREATE TABLE shop.keyed (id BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, v INT)");
        execute("CREATE FUNCTION shop.odd() RETURNS trigger LANGUAGE plpgsql AS $$"
                + " BEGIN NEW.id := 1000000 - NEW.id * 7; RETURN NEW; END $$");
        execute("CREATE TRIGGER odd BEFORE INSERT ON shop.keyed FOR EACH ROW EXECUTE FUNCTION shop.odd()");
        execute("CREATE VIEW shop.window_on_keyed AS SELECT id, v FROM shop.keyed");
        List<Integer> values = IntStream.range(0, 200).boxed().toList();
        for (String table : List.of("shop.keyed", "shop.window_on_keyed")) {
            execute("DELETE FROM shop.keyed");
            List<Long> keys = results(
                    JdbcBatch.<Integer>insert(table)
                            .column("v", v -> v)
                            .generatedKey("id", Long.class)
                            .on(pool),
                    values);
            for (int v : values) {
                assertThat(query("SELECT v FROM shop.keyed WHERE id = " + keys.get(v)))
                        .containsExactly(Integer.toString(v));
            }
        }
    }

    @Test
    void stringsGoIntoColumnsOfAnyType() throws Exception {
        execute("CREATE DOMAIN shop.positive AS int CHECK (value > 0)");
        execute("CREATE TYPE shop.\"Mood\" AS ENUM ('sad', 'happy')");
        execute(
                "CREATE TABLE shop.\"Any Type\" (\"Key\" int PRIMARY KEY, j jsonb, m shop.\"Mood\", i inet, d shop.positive,"
                        + " c char(5), b bit(3), v varchar(3), a int[], t timestamptz, n numeric(6, 2))");
        record Any(
                int key,
                String j,
                String m,
                String i,
                Integer d,
                String c,
                String b,
                String v,
                String a,
                String t,
                Double n) {}
        List<Any> rows = List.of(
                new Any(1, "{\"a\": [1]}", "sad", "10.0.0.1", 1, "ab", "101", "abc", "{1,2}", "2024-01-01 00:00Z", 1.5),
                new Any(
                        2,
                        "{\"a\": [1]}",
                        "sad",
                        "10.0.0.1",
                        1,
                        "ab",
                        "101",
                        "abc",
                        "{1,2}",
                        "2024-01-01 00:00Z",
                        null),
                new Any(
                        3,
                        "{\"a\": [1]}",
                        "sad",
                        "10.0.0.1",
                        1,
                        "ab",
                        "101",
                        "abc",
                        "{1,2}",
                        "2024-01-01 00:00Z",
                        null),
                new Any(4, "{", null, null, null, null, null, null, null, null, null),
                new Any(5, null, "angry", null, null, null, null, null, null, null, null),
                new Any(6, null, null, null, -1, null, null, null, null, null, null),
                new Any(7, null, null, null, null, null, null, "long", null, null, null));
        var insert = JdbcBatch.insert("shop.Any Type", Any.class).on(pool);
        assertThat(results(insert, rows.subList(0, 1))).containsExactly(1);
        var futures = batch(insert, rows.subList(1, 7));
        assertThat(futures.get(0).join()).isEqualTo(1);
        assertThat(futures.get(1).join()).isEqualTo(1);
        List<String> states = futures.subList(2, 6).stream()
                .map(future -> sqlCause(future).getSQLState())
                .toList();
        assertThat(states).containsExactly("22P02", "22P02", "23514", "22001");
        assertThat(query("SELECT count(DISTINCT (j, m, i, d, c, b, v, a, t)) FROM shop.\"Any Type\""))
                .containsExactly("1");
        assertThat(query("SELECT count(*) FROM shop.\"Any Type\"")).containsExactly("3");
    }

    @Test
    void keysThatAreEqualForTheDatabaseAloneAreNotMistaken() throws Exception {
        execute("CREATE COLLATION shop.any_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false)");
        execute("CREATE TABLE shop.word (w TEXT COLLATE shop.any_case PRIMARY KEY, n INT)");
        record Word(String w, int n) {}
        var upsert = JdbcBatch.upsert("shop.word", Word.class).key("w").on(pool);
        assertThat(results(upsert, List.of(new Word("a", 1), new Word("B", 2), new Word("A", 3))))
                .containsExactly(1, 1, 1);
        assertThat(query("SELECT w || n FROM shop.word ORDER BY n")).containsExactly("B2", "a3");
        var find = JdbcBatch.findById("shop.word", "w", String.class, row -> row.getInt("n"))
                .on(pool);
        assertThat(results(find, List.of("a", "b", "A", "c"))).containsExactly(3, 2, 3, null);
        var update = JdbcBatch.update("shop.word", Word.class).key("w").on(pool);
        assertThat(results(update, List.of(new Word("b", 4), new Word("B", 5), new Word("x", 6))))
                .containsExactly(1, 1, 0);
        assertThat(query("SELECT n FROM shop.word WHERE w = 'b'")).containsExactly("5");
    }
}
