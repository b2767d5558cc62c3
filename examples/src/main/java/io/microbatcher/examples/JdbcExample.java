package io.microbatcher.examples;

import io.microbatcher.JobFailedException;
import io.microbatcher.MicroBatcher;
import io.microbatcher.jdbc.JdbcBatch;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.jspecify.annotations.Nullable;

/** SQL: rows that callers insert one at a time, and look up one at a time, go to the database together. */
final class JdbcExample {
    private JdbcExample() {}

    record Person(@Nullable Long id, String name) {}

    public static void main(String... args) throws SQLException, InterruptedException {
        DataSource dataSource = database();
        // spotless:off
        try (MicroBatcher<Person, Long> inserts = MicroBatcher
                .builder(JdbcBatch.insert("person", Person.class).generatedKey("id", Long.class).on(dataSource))
                .build();
             MicroBatcher<Long, @Nullable Person> lookups = MicroBatcher
                .builder(JdbcBatch.findById("person", "id", Long.class, Person.class).on(dataSource))
                .build()) {
            long id = inserts.run(new Person(null, "Ada"));             // the key of this caller's row
            System.out.println(lookups.run(id).name());                 // prints Ada; without a row it is null
            // spotless:on
            System.out.println(lookups.run(-1L));
            List<CompletableFuture<Long>> three = Stream.of("Grace", "a name that is too long", "Alan")
                    .map(name -> inserts.submit(new Person(null, name)))
                    .toList();
            System.out.println(
                    Objects.requireNonNull(lookups.run(three.get(0).join())).name());
            try {
                three.get(1).join();
            } catch (CompletionException failed) {
                if (failed.getCause() instanceof JobFailedException job && job.getCause() instanceof SQLException sql) {
                    System.out.println("SQL state " + sql.getSQLState());
                }
            }
            System.out.println(
                    Objects.requireNonNull(lookups.run(three.get(2).join())).name());
        }
    }

    private static DataSource database() throws SQLException {
        JdbcDataSource dataSource = new JdbcDataSource();
        dataSource.setURL("jdbc:h2:mem:example;DB_CLOSE_DELAY=-1");
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("DROP TABLE IF EXISTS person");
            statement.execute("CREATE TABLE person ("
                    + "id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name VARCHAR(10) NOT NULL)");
        }
        return dataSource;
    }
}
