package io.microbatcher.jdbc;

import io.microbatcher.BatchProcessor;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Describes how the jobs of a batch become rows of a database, and makes the {@link BatchProcessor} for it.
 *
 * <pre>{@code
 * record Person(Long id, String name) {}
 *
 * MicroBatcher<Person, Long> people = MicroBatcher.builder(
 *         JdbcBatch.insert("person", Person.class).generatedKey("id", Long.class).on(dataSource))
 *     .build();
 * long id = people.run(new Person(null, "Ada"));
 * }</pre>
 *
 * <p><b>Transactions.</b> A batch is one transaction, and nobody is told a result before it is committed. A batch that is a
 * single statement, a lone job among them, is executed with auto-commit, at the cost of one round trip. Connections are
 * taken from the {@link DataSource} for a batch and given back afterwards with the auto-commit mode that they had; a pool
 * should have as many as the batcher has {@code maxConcurrentBatches}.
 *
 * <p><b>Failure.</b> A row that the database refuses, or for which a function or a binder throws, fails its own job alone,
 * with the exception of the driver as the cause; to find it takes about {@code 2 log2(n)} more statements for a batch of
 * {@code n}. That rows are refused only when the transaction is committed, as with deferred constraints, is the one case in
 * which the batch becomes several transactions. A batch fails as a whole when the connection does, when the statement is
 * wrong for every row, or when a limit of time or of resources is reached. If the connection breaks while the transaction
 * ends, or its end fails without the database having refused it, nobody knows whether it was committed: the cause is then an
 * {@code SQLException} with the SQL state {@code 08007}, which a retry policy of the batcher should not try again.
 *
 * <p><b>Trying again.</b> After a deadlock, a serialization failure or a lock that was not to be had in time the whole batch
 * is tried again in a new transaction, {@linkplain #attempts up to five times}. So functions and binders may be called more
 * than once for a job.
 *
 * <p><b>Equal keys.</b> A batch may hold a key any number of times: jobs take effect as if each was executed by itself, in
 * their order.
 *
 * <p><b>Names</b> of tables and columns consist of letters, digits, {@code _}, {@code $}, {@code #}, {@code -} and inner
 * blanks; a schema, and a catalog, stand before a table's name, separated by dots. They are looked up when the first batch is
 * executed: as they are written, or else as the database stores what is not in quotes; a component {@code firstName} of a
 * record is also the column {@code first_name}. SQL is made of the names that were found, in quotes. Values are always
 * bound.
 *
 * <p><b>Values</b> may be strings, numbers, booleans, {@code byte[]}, {@code UUID}, enumerations (by their name), the classes of
 * {@code java.time}, whatever else the driver's {@code setObject} takes, and {@code null}. In PostgreSQL they are cast to the
 * type of their column, so that a string may be an enumeration or JSON.
 *
 * <p><b>Thread safety.</b> Immutable: each method returns another description. The processor may be called by any number of
 * threads.
 *
 * @param <J> the type of a job
 * @param <R> the type of a result
 */
public abstract sealed class JdbcBatch<J, R extends @Nullable Object>
        permits InsertBatch, KeyedBatch, FindBatch, SqlBatch {
    static final int DEFAULT_ATTEMPTS = 5;

    final int attempts;

    JdbcBatch(int attempts) {
        if (attempts < 1) {
            throw new IllegalArgumentException("attempts must be 1 or more, but was " + attempts);
        }
        this.attempts = attempts;
    }

    /**
     * Inserts a row for each job, a record whose components are its columns. A caller's result is the number of rows that
     * were inserted, which is 1 ({@link java.sql.Statement#SUCCESS_NO_INFO} if a trigger or a driver keeps that to itself).
     *
     * @param table the table's name
     * @param type the record; it need not be public, but its package has to be open to this module
     * @param <J> the record
     * @return a description to go on with
     * @throws IllegalArgumentException if {@code table} is no name or {@code type} no record
     */
    public static <J extends Record> InsertBatch<J, Integer> insert(String table, Class<J> type) {
        return InsertBatch.of(TableName.parse(table), RecordColumns.of(type));
    }

    /**
     * As {@link #insert(String, Class)} for jobs of any type: {@code JdbcBatch.<Person>insert("person").column("name",
     * Person::name)}.
     *
     * @param table the table's name
     * @param <J> the type of a job
     * @return a description that needs a {@link InsertBatch#column column}
     * @throws IllegalArgumentException if {@code table} is no name
     */
    public static <J> InsertBatch<J, Integer> insert(String table) {
        return InsertBatch.of(TableName.parse(table), List.of());
    }

    /**
     * Inserts a row for each job, or changes the one that has its key. A caller's result is 1. There has to be a unique
     * constraint on the key. For PostgreSQL, H2, SQLite, MySQL and MariaDB; in the last two any unique constraint
     * counts.
     *
     * @param table the table's name
     * @param type the record whose components are the columns
     * @param <J> the record
     * @return a description that needs a {@link KeyedBatch#key(String) key}
     * @throws IllegalArgumentException if {@code table} is no name or {@code type} no record
     */
    public static <J extends Record> KeyedBatch<J> upsert(String table, Class<J> type) {
        return KeyedBatch.of(KeyedBatch.Verb.UPSERT, TableName.parse(table), RecordColumns.of(type));
    }

    /**
     * As {@link #upsert(String, Class)} for jobs of any type.
     *
     * @param table the table's name
     * @param <J> the type of a job
     * @return a description that needs a {@link KeyedBatch#key(String, Function) key}
     * @throws IllegalArgumentException if {@code table} is no name
     */
    public static <J> KeyedBatch<J> upsert(String table) {
        return KeyedBatch.of(KeyedBatch.Verb.UPSERT, TableName.parse(table), List.of());
    }

    /**
     * Changes the rows that have a job's key. A caller's result is how many there were: 0 if none.
     *
     * @param table the table's name
     * @param type the record whose components are the columns
     * @param <J> the record
     * @return a description that needs a {@link KeyedBatch#key(String) key}
     * @throws IllegalArgumentException if {@code table} is no name or {@code type} no record
     */
    public static <J extends Record> KeyedBatch<J> update(String table, Class<J> type) {
        return KeyedBatch.of(KeyedBatch.Verb.UPDATE, TableName.parse(table), RecordColumns.of(type));
    }

    /**
     * As {@link #update(String, Class)} for jobs of any type.
     *
     * @param table the table's name
     * @param <J> the type of a job
     * @return a description that needs a key and a column
     * @throws IllegalArgumentException if {@code table} is no name
     */
    public static <J> KeyedBatch<J> update(String table) {
        return KeyedBatch.of(KeyedBatch.Verb.UPDATE, TableName.parse(table), List.of());
    }

    /**
     * Deletes the rows that have a job's key. A caller's result is how many there were: 0 if none, or if another job of its
     * batch was first.
     *
     * @param table the table's name
     * @param <J> the type of a job
     * @return a description that needs a {@link KeyedBatch#key(String, Function) key}
     * @throws IllegalArgumentException if {@code table} is no name
     */
    public static <J> KeyedBatch<J> delete(String table) {
        return KeyedBatch.of(KeyedBatch.Verb.DELETE, TableName.parse(table), List.of());
    }

    /**
     * Deletes the row whose key is the job.
     *
     * @param table the table's name
     * @param key the column that the job is looked for in
     * @param keyType the type of a job
     * @param <K> the type of a job
     * @return a description that is complete
     * @throws IllegalArgumentException if {@code table} or {@code key} is no name
     * @see #delete(String)
     */
    public static <K> JdbcBatch<K, Integer> delete(String table, String key, Class<K> keyType) {
        Objects.requireNonNull(keyType, "keyType must not be null");
        return JdbcBatch.<K>delete(table).key(key, job -> job);
    }

    /**
     * Looks up the row whose key is the job, as a record. A caller's result is {@code null} if there is no such row. If
     * there is more than one, the job fails.
     *
     * @param table the table's name
     * @param key the column that the job is looked for in
     * @param keyType the type of a job
     * @param type the record, whose components are the columns that are read
     * @param <K> the type of a job; needs {@code equals} and {@code hashCode}
     * @param <R> the record
     * @return a description that is complete
     * @throws IllegalArgumentException if {@code table} or {@code key} is no name or {@code type} no record
     */
    public static <K, R extends Record> JdbcBatch<K, @Nullable R> findById(
            String table, String key, Class<K> keyType, Class<R> type) {
        return FindBatch.asRecord(TableName.parse(table), TableName.check("column", key), keyType, type);
    }

    /**
     * Looks up the row whose key is the job, as whatever a function makes of it. The function sees all columns of the table,
     * and is called once for a key, however many callers ask for it.
     *
     * @param table the table's name
     * @param key the column that the job is looked for in
     * @param keyType the type of a job
     * @param mapper makes the result of a row; what it throws fails the jobs of that row alone
     * @param <K> the type of a job; needs {@code equals} and {@code hashCode}
     * @param <R> the type of a result
     * @return a description that is complete
     * @throws IllegalArgumentException if {@code table} or {@code key} is no name
     */
    public static <K, R> JdbcBatch<K, @Nullable R> findById(
            String table, String key, Class<K> keyType, RowMapper<? extends R> mapper) {
        return FindBatch.mapped(TableName.parse(table), TableName.check("column", key), keyType, mapper);
    }

    /**
     * Executes any statement for each job, sent together by JDBC batching. A caller's result is the number of rows that its
     * statement has changed, or {@link java.sql.Statement#SUCCESS_NO_INFO} if the driver does not say.
     *
     * @param sql one statement that returns no rows, with a question mark for each value
     * @param binder binds the values of a job; what it throws fails that job alone
     * @param <J> the type of a job
     * @return a description that is complete
     */
    public static <J> JdbcBatch<J, Integer> of(String sql, Binder<? super J> binder) {
        return new SqlBatch<>(
                Objects.requireNonNull(sql, "sql must not be null"),
                Objects.requireNonNull(binder, "binder must not be null"),
                DEFAULT_ATTEMPTS);
    }

    /**
     * Sets how often a batch is tried while other transactions are in its way: a deadlock, a serialization failure, a lock
     * that was not to be had in time. Default 5. Between two attempts there is a wait of 10 ms that doubles, of which chance
     * takes up to a half; the batch keeps its slot meanwhile. When the last attempt has failed, so have all of its jobs.
     *
     * @param attempts 1 or more, the first one included
     * @return a description with that number
     * @throws IllegalArgumentException if less than 1: "attempts must be 1 or more, but was 0"
     */
    public abstract JdbcBatch<J, R> attempts(int attempts);

    /**
     * Makes the processor. Nothing is asked of the database yet: that there is such a table is found out by the first
     * batch.
     *
     * @param dataSource gives a connection for each batch
     * @return a processor that answers when the transaction is committed; it may serve several batchers
     * @throws IllegalStateException if the description is not complete: a column or a key is missing
     */
    public final BatchProcessor<J, R> on(DataSource dataSource) {
        return BatchProcessor.streaming(callOn(dataSource));
    }

    /**
     * Makes the call that is behind {@link #on}, for those who want to wrap it: give what is wrapped around it to {@link
     * BatchProcessor#streaming}.
     *
     * @param dataSource gives a connection for each batch
     * @return a call that answers when the transaction is committed; a failure of the database that is nobody's own is
     *     thrown, as the driver's {@code SQLException}
     * @throws IllegalStateException if the description is not complete: a column or a key is missing
     */
    public abstract BatchProcessor.Streaming<J, R> callOn(DataSource dataSource);

    <T extends @Nullable Object> BatchProcessor.Streaming<J, R> transactions(
            DataSource dataSource, Function<? super J, ? extends T> prepare, Plan.Maker<T, R> maker) {
        Objects.requireNonNull(dataSource, "dataSource must not be null");
        return new Transactions<>(dataSource, attempts, prepare, maker);
    }

    /**
     * Binds the values of a job to the parameters of a statement.
     *
     * @param <J> the type of a job
     */
    @FunctionalInterface
    public interface Binder<J> {
        /**
         * Binds all parameters, and does nothing else to the statement. May be called more than once for a job.
         *
         * @param statement the statement
         * @param job the job
         * @throws Exception to fail this job, and no other
         */
        void bind(PreparedStatement statement, J job) throws Exception;
    }

    /**
     * Makes a result of a row.
     *
     * @param <R> the type of a result
     */
    @FunctionalInterface
    public interface RowMapper<R extends @Nullable Object> {
        /**
         * Reads the row that the result set stands on, and does not move it.
         *
         * @param row a result set
         * @return the result
         * @throws SQLException to fail the jobs that have asked for this row
         */
        R map(ResultSet row) throws SQLException;
    }
}
