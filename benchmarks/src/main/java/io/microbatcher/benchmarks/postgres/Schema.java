package io.microbatcher.benchmarks.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** The tables: accounts that are read, entries that are written. */
final class Schema {
    private static final int ACCOUNTS = 100_000;

    /** Has neighbours in time be no neighbours in the table. Without a common divisor, so that every account has its turn. */
    private static final long SCATTER = 61_803;

    private Schema() {}

    static void create(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE account (id int8 PRIMARY KEY, owner text NOT NULL, balance int8 NOT NULL)");
            statement.execute("INSERT INTO account SELECT i, 'owner number ' || i, i * 7 FROM generate_series(0, "
                    + (ACCOUNTS - 1) + ") i");
            statement.execute("CREATE TABLE entry (id int8 PRIMARY KEY, amount int8 NOT NULL, note text NOT NULL)");
            statement.execute("VACUUM ANALYZE account");
            statement.execute("CHECKPOINT");
        }
    }

    /** Tells which account a job is about. */
    static long accountOf(long job) {
        return job * SCATTER % ACCOUNTS;
    }

    static void removeEntries(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("TRUNCATE entry");
        }
    }

    static long entries(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet count = statement.executeQuery("SELECT count(*) FROM entry")) {
            count.next();
            return count.getLong(1);
        }
    }
}
