package io.microbatcher.benchmarks.postgres;

import io.microbatcher.MicroBatcher;
import io.microbatcher.jdbc.JdbcBatch;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import javax.sql.DataSource;

/** What callers ask of the database, one row at a time or many. */
enum Operation {
    /** Reads the account that a job names. */
    FIND_BY_ID {
        @Override
        Long one(Connection connection, Long job) throws SQLException {
            try (PreparedStatement select =
                    connection.prepareStatement("SELECT id, owner, balance FROM account WHERE id = ?")) {
                select.setLong(1, Schema.accountOf(job));
                try (ResultSet row = select.executeQuery()) {
                    return answer(row.next() ? Account.read(row) : null, job);
                }
            }
        }

        @Override
        List<Long> many(Connection connection, List<Long> jobs) throws SQLException {
            long[] ids = jobs.stream().mapToLong(Schema::accountOf).toArray();
            Map<Long, Account> found = new HashMap<>(2 * ids.length);
            try (PreparedStatement select =
                    connection.prepareStatement("SELECT id, owner, balance FROM account WHERE id = ANY (?)")) {
                select.setObject(1, ids);
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        Account account = Account.read(row);
                        found.put(account.id(), account);
                    }
                }
            }
            List<Long> answers = new ArrayList<>(ids.length);
            for (int i = 0; i < ids.length; i++) {
                answers.add(answer(found.get(ids[i]), jobs.get(i)));
            }
            return answers;
        }

        @Override
        BatchedCalls open(DataSource source, Consumer<MicroBatcher.Builder<?, ?>> settings) {
            return BatchedCalls.of(
                    JdbcBatch.findById("account", "id", Long.class, Account.class)
                            .on(source),
                    settings,
                    Schema::accountOf,
                    Operation::answer);
        }
    },

    /** Writes a row; when the call returns it is on disk. */
    INSERT {
        @Override
        Long one(Connection connection, Long job) throws SQLException {
            try (PreparedStatement insert =
                    connection.prepareStatement("INSERT INTO entry (id, amount, note) VALUES (?, ?, ?)")) {
                Entry entry = Entry.of(job);
                insert.setLong(1, entry.id());
                insert.setLong(2, entry.amount());
                insert.setString(3, entry.note());
                return answer(insert.executeUpdate(), job);
            }
        }

        @Override
        List<Long> many(Connection connection, List<Long> jobs) throws SQLException {
            List<Entry> entries = jobs.stream().map(Entry::of).toList();
            long[] ids = entries.stream().mapToLong(Entry::id).toArray();
            long[] amounts = entries.stream().mapToLong(Entry::amount).toArray();
            String[] notes = entries.stream().map(Entry::note).toArray(String[]::new);
            try (PreparedStatement insert = connection.prepareStatement(
                    "INSERT INTO entry (id, amount, note) SELECT * FROM unnest(?::int8[], ?::int8[], ?::text[])")) {
                insert.setObject(1, ids);
                insert.setObject(2, amounts);
                insert.setArray(3, connection.createArrayOf("text", notes));
                if (insert.executeUpdate() != ids.length) {
                    throw new SQLException("not all rows were written");
                }
            }
            return jobs;
        }

        @Override
        BatchedCalls open(DataSource source, Consumer<MicroBatcher.Builder<?, ?>> settings) {
            return BatchedCalls.of(
                    JdbcBatch.insert("entry", Entry.class).on(source), settings, Entry::of, Operation::answer);
        }
    };

    private static final Long WRONG = -1L;

    /** A row that is read. */
    record Account(long id, String owner, long balance) {
        static Account read(ResultSet row) throws SQLException {
            return new Account(row.getLong(1), row.getString(2), row.getLong(3));
        }
    }

    /** A row that is written. */
    record Entry(long id, long amount, String note) {
        static Entry of(long job) {
            return new Entry(job, job % 1_000, "entry number " + job);
        }
    }

    /** One job with a statement of its own, as code without batches does it. Its answer is the job if all is well. */
    abstract Long one(Connection connection, Long job) throws SQLException;

    /** Many jobs with one statement, as a good hand writes it; answers by position. */
    abstract List<Long> many(Connection connection, List<Long> jobs) throws SQLException;

    /** One job at a time for the caller, many for the database: the batcher over the processors of the module jdbc. */
    abstract BatchedCalls open(DataSource source, Consumer<MicroBatcher.Builder<?, ?>> settings);

    private static Long answer(Account account, Long job) {
        return account != null && account.id() == Schema.accountOf(job) && account.balance() == account.id() * 7
                ? job
                : WRONG;
    }

    private static Long answer(int rows, Long job) {
        return rows == 1 ? job : WRONG;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
