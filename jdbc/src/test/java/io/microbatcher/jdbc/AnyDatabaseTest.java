package io.microbatcher.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.microbatcher.BatchProcessor;
import io.microbatcher.JobFailedException;
import io.microbatcher.MicroBatcher;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What holds for every database. */
@Timeout(120)
abstract class AnyDatabaseTest {
    Pool pool = new Pool(this::open);

    private Connection own;

    /** Opens a connection to a database that is the same during a test. */
    abstract Connection open() throws SQLException;

    /** What the database calls a primary key that it generates. */
    abstract String generated();

    record Person(Long id, String name, int age) {}

    @BeforeEach
    void tables() throws SQLException {
        execute("DROP TABLE IF EXISTS person");
        execute("DROP TABLE IF EXISTS item");
        execute("CREATE TABLE person (id " + generated()
                + ", name VARCHAR(40) NOT NULL, age INT NOT NULL CHECK (age >= 0))");
        execute("CREATE TABLE item (code VARCHAR(40) PRIMARY KEY, amount INT)");
    }

    @AfterEach
    void everyConnectionIsBack() throws SQLException {
        assertThat(pool.borrowed()).isZero();
        pool.close();
        own().close();
    }

    // ---------------------------------------------------------------- helpers

    /** For the test itself. */
    private Connection own() throws SQLException {
        if (own == null) {
            own = open();
        }
        return own;
    }

    void execute(String sql) throws SQLException {
        try (Statement statement = own().createStatement()) {
            statement.execute(sql);
        }
    }

    List<String> query(String sql) throws SQLException {
        List<String> values = new ArrayList<>();
        try (Statement statement = own().createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                values.add(rows.getString(1));
            }
        }
        return values;
    }

    /** Has all jobs processed as one batch. */
    static <J, R> List<CompletableFuture<R>> batch(BatchProcessor<J, R> processor, List<J> jobs) {
        try (MicroBatcher<J, R> batcher = MicroBatcher.builder(processor)
                .batchSize(Math.max(1, jobs.size()))
                .batchCycle(Duration.ofDays(1))
                .build()) {
            return jobs.stream().map(batcher::submit).toList();
        }
    }

    static <J, R> List<R> results(BatchProcessor<J, R> processor, List<J> jobs) {
        List<R> results = new ArrayList<>();
        batch(processor, jobs).forEach(future -> results.add(future.join()));
        return results;
    }

    static Throwable failure(CompletableFuture<?> failed) {
        assertThat(failed).isCompletedExceptionally();
        return failed.handle((result, failure) -> failure).join();
    }

    static SQLException sqlCause(CompletableFuture<?> failed) {
        Throwable failure = failure(failed);
        assertThat(failure).isInstanceOf(JobFailedException.class).hasCauseInstanceOf(SQLException.class);
        return (SQLException) failure.getCause();
    }

    static List<Person> people(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new Person(null, "person " + i, i))
                .toList();
    }

    InsertBatch<Person, Long> insertPeople() {
        return JdbcBatch.insert("person", Person.class).generatedKey("id", Long.class);
    }

    // ---------------------------------------------------------------- insert

    @Test
    void everyCallerGetsTheKeyOfItsOwnRow() throws Exception {
        Random random = new Random(7);
        List<Person> people = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            people.add(new Person(null, "name " + random.nextInt(), random.nextInt(100)));
        }
        Collections.shuffle(people, random);
        List<Long> keys = results(insertPeople().on(pool), people);
        Map<String, String> names = new HashMap<>();
        List<String> rows = query("SELECT id || ':' || name || ':' || age FROM person");
        rows.forEach(row -> names.put(row.substring(0, row.indexOf(':')), row));
        assertThat(names).hasSize(500);
        for (int i = 0; i < people.size(); i++) {
            Person person = people.get(i);
            assertThat(names.get(keys.get(i).toString()))
                    .isEqualTo(keys.get(i) + ":" + person.name() + ":" + person.age());
        }
    }

    @Test
    void withoutAKeyEachCallerIsToldOfOneRow() throws Exception {
        var inserts = JdbcBatch.<Integer>insert("item")
                .column("code", n -> "code " + n)
                .column("amount", n -> n % 2 == 0 ? n : null);
        assertThat(results(inserts.on(pool), IntStream.range(0, 100).boxed().toList()))
                .hasSize(100)
                .containsOnly(1);
        assertThat(query("SELECT amount FROM item WHERE code = 'code 42'")).containsExactly("42");
        assertThat(query("SELECT COUNT(*) FROM item WHERE amount IS NULL")).containsExactly("50");
    }

    @Test
    void aConstraintViolationAmongAHundredRowsReachesOnlyItsCaller() throws Exception {
        List<Person> people = new ArrayList<>(people(100));
        people.set(17, new Person(null, "bad", -1));
        people.set(63, new Person(null, null, 63));
        List<CompletableFuture<Long>> keys = batch(insertPeople().on(pool), people);
        for (int i = 0; i < people.size(); i++) {
            if (i == 17 || i == 63) {
                isConstraintViolation(sqlCause(keys.get(i)));
            } else {
                assertThat(query("SELECT name FROM person WHERE id = "
                                + keys.get(i).join()))
                        .containsExactly("person " + i);
            }
        }
        assertThat(query("SELECT COUNT(*) FROM person")).containsExactly("98");
    }

    void isConstraintViolation(SQLException failure) {
        assertThat(failure.getSQLState()).startsWith("23");
    }

    @Test
    void aBatchThatIsAllBadFailsEachCallerWithAnExceptionOfItsOwn() throws Exception {
        execute("INSERT INTO item VALUES ('a', 1)");
        List<CompletableFuture<Integer>> results = batch(
                JdbcBatch.<Integer>insert("item")
                        .column("code", n -> "a")
                        .column("amount", n -> n)
                        .on(pool),
                List.of(1, 2, 3, 4, 5));
        assertThat(results.stream().map(AnyDatabaseTest::sqlCause).distinct())
                .hasSize(5)
                .allSatisfy(this::isConstraintViolation);
    }

    @Test
    void aFunctionThatThrowsFailsItsJobAlone() throws Exception {
        List<CompletableFuture<Integer>> results = batch(
                JdbcBatch.<Integer>insert("item")
                        .column("code", n -> "c" + 6 / n)
                        .on(pool),
                List.of(1, 0, 2));
        assertThat(failure(results.get(1))).hasCauseInstanceOf(ArithmeticException.class);
        assertThat(query("SELECT code FROM item ORDER BY code")).containsExactly("c3", "c6");
    }

    @Test
    void aLoneJobCostsOneStatementAndNoTransactionOfItsOwn() throws Exception {
        BatchProcessor<Person, Long> inserts = insertPeople().on(pool);
        results(inserts, people(1));
        pool.forget();
        results(inserts, people(1));
        assertThat(pool.called).containsExactly("getAutoCommit", "prepareStatement", "close");
    }

    // ---------------------------------------------------------------- upsert, update, delete

    @Test
    void ofEqualKeysTheLastOneWins() throws Exception {
        execute("INSERT INTO item VALUES ('b', 7)");
        record Item(String code, Integer amount) {}
        List<Item> items =
                List.of(new Item("a", 1), new Item("b", 2), new Item("a", 3), new Item("c", 4), new Item("a", 5));
        assertThat(results(JdbcBatch.upsert("item", Item.class).key("code").on(pool), items))
                .containsExactly(1, 1, 1, 1, 1);
        assertThat(query("SELECT code || amount FROM item ORDER BY code")).containsExactly("a5", "b2", "c4");
        assertThat(results(
                        JdbcBatch.update("item", Item.class).key("code").on(pool),
                        List.of(new Item("a", 6), new Item("x", 1), new Item("a", 7), new Item("b", 8))))
                .containsExactly(1, 0, 1, 1);
        assertThat(query("SELECT code || amount FROM item ORDER BY code")).containsExactly("a7", "b8", "c4");
        assertThat(results(JdbcBatch.delete("item", "code", String.class).on(pool), List.of("a", "x", "a", "c")))
                .containsExactly(1, 0, 0, 1);
        assertThat(query("SELECT code FROM item")).containsExactly("b");
    }

    @Test
    void distinctKeysAreChangedTogether() throws Exception {
        record Item(String code, Integer amount) {}
        List<Item> items =
                IntStream.range(0, 100).mapToObj(i -> new Item("c" + i, i)).toList();
        assertThat(results(JdbcBatch.upsert("item", Item.class).key("code").on(pool), items))
                .containsOnly(1);
        List<Item> doubled =
                IntStream.range(0, 200).mapToObj(i -> new Item("c" + i, 2 * i)).toList();
        List<Integer> counts =
                results(JdbcBatch.update("item", Item.class).key("code").on(pool), doubled);
        assertThat(counts.subList(0, 100)).containsOnly(1);
        assertThat(counts.subList(100, 200)).containsOnly(0);
        assertThat(query("SELECT SUM(amount) FROM item")).containsExactly("9900");
        assertThat(results(
                        JdbcBatch.<Item>delete("item").key("code", Item::code).on(pool), doubled))
                .isEqualTo(counts);
        assertThat(query("SELECT COUNT(*) FROM item")).containsExactly("0");
    }

    // ---------------------------------------------------------------- findById

    @Test
    void findByIdGivesEachCallerItsRowAndNullWhereThereIsNone() throws Exception {
        List<Long> keys = results(insertPeople().on(pool), people(50));
        List<Long> asked = new ArrayList<>(keys);
        asked.add(-1L);
        asked.addAll(keys.subList(0, 10));
        List<Person> found = results(
                JdbcBatch.findById("person", "id", Long.class, Person.class).on(pool), asked);
        for (int i = 0; i < 50; i++) {
            assertThat(found.get(i)).isEqualTo(new Person(keys.get(i), "person " + i, i));
        }
        assertThat(found.get(50)).isNull();
        assertThat(found.subList(51, 61)).isEqualTo(found.subList(0, 10));
    }

    @Test
    void findByIdMapsByAFunctionWhichMayFailForARow() throws Exception {
        List<Long> keys = results(insertPeople().on(pool), people(3));
        List<CompletableFuture<String>> found = batch(
                JdbcBatch.findById("person", "id", Long.class, row -> {
                            if (row.getInt("age") == 1) {
                                throw new IllegalStateException("no");
                            }
                            return row.getString("name") + row.getLong(1);
                        })
                        .on(pool),
                keys);
        assertThat(found.get(0).join()).isEqualTo("person 0" + keys.get(0));
        assertThat(failure(found.get(1))).hasCauseInstanceOf(IllegalStateException.class);
        assertThat(found.get(2).join()).isEqualTo("person 2" + keys.get(2));
    }

    // ---------------------------------------------------------------- any statement

    @Test
    void anyStatementIsExecutedForEachJob() throws Exception {
        execute("INSERT INTO item VALUES ('a', 1), ('b', 2), ('c', 3)");
        List<CompletableFuture<Integer>> counts = batch(
                JdbcBatch.<Integer>of("UPDATE item SET amount = amount + 10 WHERE amount <= ?", (statement, most) -> {
                            if (most < 0) {
                                throw new java.io.IOException("negative");
                            }
                            statement.setInt(1, most);
                        })
                        .on(pool),
                List.of(1, -1, 2, 100));
        assertThat(counts.get(0).join()).isEqualTo(1);
        assertThat(failure(counts.get(1))).hasCauseInstanceOf(java.io.IOException.class);
        assertThat(counts.get(2).join()).isEqualTo(1);
        assertThat(counts.get(3).join()).isEqualTo(3);
    }

    // ---------------------------------------------------------------- transactions

    InsertBatch<Integer, Integer> insertItems() {
        return JdbcBatch.<Integer>insert("item").column("code", n -> "c" + n).column("amount", n -> n);
    }

    JdbcBatch<Integer, Integer> insertItemsBySql() {
        return JdbcBatch.of("INSERT INTO item (code, amount) VALUES (?, ?)", (statement, n) -> {
            statement.setString(1, "c" + n);
            statement.setInt(2, n);
        });
    }

    @Test
    void nothingIsVisibleAndNobodyIsToldBeforeTheCommit() throws Exception {
        List<CompletableFuture<Integer>> futures = new ArrayList<>();
        List<Object> seen = new ArrayList<>();
        pool.beforeCommit = () -> {
            try {
                seen.addAll(query("SELECT COUNT(*) FROM item"));
                seen.add(futures.stream().anyMatch(CompletableFuture::isDone));
            } catch (SQLException failed) {
                throw new AssertionError(failed);
            }
        };
        try (MicroBatcher<Integer, Integer> batcher = MicroBatcher.builder(
                        insertItemsBySql().on(pool))
                .batchSize(4)
                .batchCycle(Duration.ofDays(1))
                .build()) {
            for (int i : new int[] {1, 2, 2}) {
                futures.add(batcher.submit(i));
            }
            futures.add(batcher.submit(4));
        }
        assertThat(seen).containsExactly("0", false);
        assertThat(futures.get(3).join()).isEqualTo(1);
        isConstraintViolation(sqlCause(futures.get(2)));
        assertThat(query("SELECT code FROM item ORDER BY code")).containsExactly("c1", "c2", "c4");
    }

    @Test
    void aBadRowOf128IsFoundWithFewStatements() throws Exception {
        execute("INSERT INTO item VALUES ('c77', 0)");
        BatchProcessor<Integer, Integer> inserts = insertItemsBySql().on(pool);
        List<CompletableFuture<Integer>> results =
                batch(inserts, IntStream.range(0, 128).boxed().toList());
        assertThat(results.stream().filter(CompletableFuture::isCompletedExceptionally))
                .hasSize(1);
        isConstraintViolation(sqlCause(results.get(77)));
        assertThat(query("SELECT COUNT(*) FROM item")).containsExactly("128");
        assertThat(pool.prepared).as("one, and two for each halving").hasSizeBetween(8, 1 + 2 * 7);
        assertThat(Collections.frequency(pool.called, "commit")).isOne();
    }

    @Test
    void autoCommitThatThePoolHasSwitchedOffStaysOff() throws Exception {
        try (Pool manual = Pool.withoutAutoCommit(this::open)) {
            assertThat(results(insertItems().on(manual), List.of(1, 2))).containsExactly(1, 1);
            assertThat(results(insertItems().on(manual), List.of(3))).containsExactly(1);
            assertThat(manual.called).doesNotContain("setAutoCommit");
        }
        assertThat(query("SELECT COUNT(*) FROM item")).containsExactly("3");
    }

    @Test
    void aCommitThatFailsAfterTheDeedIsInDoubtAndNotRepeated() throws Exception {
        Pool.Step[] failures = {
            () -> {
                throw new IllegalStateException("whoever listens to commits");
            },
            () -> {
                throw new SQLException("without a state");
            },
            () -> {
                throw new SQLException("statement completion unknown", "40003");
            }
        };
        for (Pool.Step failure : failures) {
            execute("DELETE FROM person");
            pool.afterCommit = failure;
            List<Person> people = people(4);
            List<CompletableFuture<Integer>> futures = batch(
                    JdbcBatch.<Person>insert("person")
                            .column("name", person -> person.age() == 1 ? null : person.name())
                            .column("age", Person::age)
                            .on(pool),
                    people);
            pool.afterCommit = () -> {};
            assertThat(futures)
                    .allSatisfy(
                            future -> assertThat(sqlCause(future).getSQLState()).isEqualTo("08007"));
            assertThat(query("SELECT age FROM person ORDER BY age")).containsExactly("0", "2", "3");
        }
    }

    enum Unreadable {
        NO_NUMBER
    }

    @Test
    void aKeyThatCannotBeReadLeavesNoRow() throws Exception {
        InsertBatch<Person, Unreadable> insert =
                JdbcBatch.insert("person", Person.class).generatedKey("id", Unreadable.class);
        for (int jobs : new int[] {1, 4}) {
            assertThat(batch(insert.on(pool), people(jobs))).allSatisfy(future -> failure(future));
            assertThat(query("SELECT name FROM person")).isEmpty();
        }
    }

    @Test
    void aStatementThatIsWrongForEveryRowIsTriedOnce() {
        var wrong = JdbcBatch.<Integer>of("INSERT INTO nowhere VALUES (?)", (statement, n) -> statement.setInt(1, n));
        List<CompletableFuture<Integer>> results =
                batch(wrong.on(pool), IntStream.range(0, 64).boxed().toList());
        assertThat(results).allSatisfy(result -> sqlCause(result));
        assertThat(pool.prepared).hasSize(1);
    }

    @Test
    void aTableThatHasChangedIsLookedUpAgain() throws Exception {
        BatchProcessor<Integer, Integer> inserts = insertItems().on(pool);
        results(inserts, List.of(1, 2));
        execute("ALTER TABLE item RENAME COLUMN amount TO quantity");
        assertThat(failure(batch(inserts, List.of(3, 4)).get(0))).isInstanceOf(JobFailedException.class);
        assertThat(failure(batch(inserts, List.of(3, 4)).get(0)).getCause())
                .hasMessageContaining("has no column amount; it has");
        execute("ALTER TABLE item RENAME COLUMN quantity TO amount");
        assertThat(results(inserts, List.of(3, 4))).containsExactly(1, 1);
    }

    /** On a virtual thread the interrupt breaks a socket, elsewhere it is seen before the commit. */
    @Test
    void anInterruptedBatchIsRolledBack() throws Exception {
        JdbcBatch<Integer, Integer> interrupting =
                JdbcBatch.of("INSERT INTO item (code, amount) VALUES (?, ?)", (statement, n) -> {
                    statement.setString(1, "c" + n);
                    statement.setInt(2, n);
                    if (n == 4) {
                        Thread.currentThread().interrupt();
                    }
                });
        assertThat(batch(interrupting.on(pool), List.of(3, 4)))
                .allSatisfy(result -> assertThat(failure(result)).isInstanceOf(JobFailedException.class));
        assertThat(query("SELECT code FROM item")).isEmpty();
    }

    // ---------------------------------------------------------------- findById

    @Test
    void keysInAListAreAsManyAsAPowerOfTwo() throws Exception {
        results(insertItems().on(pool), IntStream.range(0, 40).boxed().toList());
        var find = JdbcBatch.findById("item", "code", String.class, row -> row.getInt("amount"))
                .on(pool);
        results(find, List.of("c1"));
        pool.forget();
        for (int size : new int[] {1, 2, 3, 5, 8, 9, 16, 17, 33}) {
            List<String> keys = IntStream.range(0, size).mapToObj(i -> "c" + i).toList();
            assertThat(results(find, keys))
                    .containsExactlyElementsOf(IntStream.range(0, size).boxed().toList());
        }
        shapesOfLists(pool.prepared);
    }

    void shapesOfLists(List<String> prepared) {
        assertThat(prepared.stream()
                        .map(sql -> sql.chars().filter(c -> c == '?').count()))
                .containsExactly(1L, 2L, 4L, 8L, 8L, 16L, 16L, 32L, 64L);
    }

    @Test
    void keysThatAreTooManyForAListAreFoundInSeveral() throws Exception {
        List<Integer> numbers = IntStream.range(0, 5000).boxed().toList();
        results(insertItems().on(pool), numbers);
        assertThat(results(
                        JdbcBatch.findById("item", "code", String.class, row -> row.getInt("amount"))
                                .on(pool),
                        numbers.stream().map(n -> "c" + n).toList()))
                .isEqualTo(numbers);
    }

    @Test
    void moreThanOneRowForAKeyFailsThoseWhoAskedForIt() throws Exception {
        results(insertItems().on(pool), List.of(1, 2, 3));
        execute("UPDATE item SET amount = 1 WHERE code = 'c2'");
        var found = batch(
                JdbcBatch.findById("item", "amount", Integer.class, row -> row.getString("code"))
                        .on(pool),
                List.of(1, 3));
        assertThat(failure(found.get(0)).getCause()).hasMessageContaining("more than one row of item whose");
        assertThat(found.get(1).join()).isEqualTo("c3");
    }

    // ---------------------------------------------------------------- values

    enum Mood {
        SAD,
        HAPPY
    }

    @SuppressWarnings("ArrayRecordComponent") // compared by comparable()
    record Everything(
            long id,
            String note,
            Integer number,
            boolean truth,
            double fraction,
            BigDecimal price,
            byte[] bytes,
            Mood mood,
            LocalDate born,
            LocalDateTime seen,
            Instant moment,
            UUID uuid) {

        List<Object> comparable() {
            return Arrays.asList(
                    id,
                    note,
                    number,
                    truth,
                    fraction,
                    price == null ? null : price.stripTrailingZeros(),
                    bytes == null ? null : HexFormat.of().formatHex(bytes),
                    mood,
                    born,
                    seen,
                    moment,
                    uuid);
        }
    }

    /** The columns of a table for {@link Everything}. */
    abstract String everything();

    static Everything some(long id) {
        return new Everything(
                id,
                "text " + id,
                (int) -id,
                id % 2 == 0,
                1.0 / (id + 1),
                new BigDecimal(id + ".25"),
                new byte[] {0, (byte) id, -1},
                Mood.HAPPY,
                LocalDate.of(2024, 2, 29).plusDays(id),
                LocalDateTime.of(1969, 12, 31, 23, 59, 59, 123_456_000).plusHours(id),
                Instant.parse("2024-03-31T01:30:00.654321Z").plusSeconds(id),
                new UUID(id, -id));
    }

    @Test
    void valuesComeBackAsTheyWereWhetherAloneOrTogether() throws Exception {
        execute("DROP TABLE IF EXISTS everything");
        execute("CREATE TABLE everything (" + everything() + ")");
        List<Everything> rows = new ArrayList<>(
                LongStream.range(0, 6).mapToObj(AnyDatabaseTest::some).toList());
        rows.add(new Everything(6, null, null, false, 0, null, null, null, null, null, null, null));
        var insert = JdbcBatch.insert("everything", Everything.class).on(pool);
        results(insert, rows.subList(0, 1));
        results(insert, rows.subList(1, 7));
        var find = JdbcBatch.findById("everything", "id", Long.class, Everything.class)
                .on(pool);
        List<Everything> found =
                new ArrayList<>(results(find, rows.stream().map(Everything::id).toList()));
        found.add(results(find, List.of(6L)).get(0));
        rows.add(rows.get(6));
        assertThat(found.stream().map(Everything::comparable))
                .containsExactlyElementsOf(
                        rows.stream().map(Everything::comparable).toList());
        var update = JdbcBatch.update("everything", Everything.class).key("id").on(pool);
        results(update, List.of(some(5), some(6)));
        results(update, List.of(some(4)));
        assertThat(results(find, List.of(4L, 5L, 6L)).stream().map(Everything::comparable))
                .containsExactly(some(4).comparable(), some(5).comparable(), some(6).comparable());
    }

    @Test
    void aNullForAPrimitiveComponentFailsItsCallerAlone() throws Exception {
        execute("INSERT INTO item VALUES ('a', 1), ('b', NULL)");
        record Item(String code, int amount) {}
        var found = batch(
                JdbcBatch.findById("item", "code", String.class, Item.class).on(pool), List.of("a", "b"));
        assertThat(found.get(0).join()).isEqualTo(new Item("a", 1));
        assertThat(failure(found.get(1)).getCause()).hasMessageContaining("is null");
    }

    // ---------------------------------------------------------------- names and values

    @Test
    void valuesAreBoundWhateverTheyLookLike() throws Exception {
        List<String> attempts = List.of("'; DROP TABLE item; --", "\" OR 1=1", "\\'", "{a,b}", "NULL", "", "${x}", "?");
        results(JdbcBatch.<String>insert("item").column("code", s -> s).on(pool), attempts);
        assertThat(query("SELECT code FROM item")).containsExactlyInAnyOrderElementsOf(attempts);
        assertThat(results(
                        JdbcBatch.findById("item", "code", String.class, row -> row.getString(1))
                                .on(pool),
                        attempts))
                .isEqualTo(attempts);
        assertThat(results(JdbcBatch.delete("item", "code", String.class).on(pool), attempts))
                .containsOnly(1);
    }

    @Test
    void namesThatAreNoNamesAreRefused() {
        for (String name : List.of(
                "", "a\"b", "a;b", "a'b", "item; DROP TABLE item", "a`b", "a\nb", "a)", "[a]", "a.b.c.d", ".a")) {
            assertThatThrownBy(() -> JdbcBatch.insert(name))
                    .as(name)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("'");
        }
        assertThatThrownBy(() -> JdbcBatch.<String>insert("item").column("code) VALUES ('x'); --", s -> s))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("column must be a name");
    }

    @Test
    void aTableOrAColumnThatIsNotThereIsNamed() {
        var noTable = JdbcBatch.<String>insert("itme").column("code", s -> s);
        assertThat(failure(batch(noTable.on(pool), List.of("a", "b")).get(1)).getCause())
                .hasMessageContaining("there is no table itme");
        var noColumn = JdbcBatch.<String>insert("item").column("cod", s -> s);
        assertThat(failure(batch(noColumn.on(pool), List.of("a")).get(0)).getCause())
                .hasMessageContaining("has no column cod; it has");
    }
}
