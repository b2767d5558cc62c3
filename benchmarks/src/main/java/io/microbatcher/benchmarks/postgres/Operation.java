package io.microbatcher.benchmarks.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

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
                    return row.next() ? answer(Account.read(row), job) : null;
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
                Account account = found.get(ids[i]);
                answers.add(account == null ? null : answer(account, jobs.get(i)));
            }
            return answers;
        }
    },

    /** Writes a row; when the call returns it is on disk. */
    INSERT {
        @Override
        Long one(Connection connection, Long job) throws SQLException {
            try (PreparedStatement insert =
                    connection.prepareStatement("INSERT INTO entry (id, amount, note) VALUES (?, ?, ?)")) {
                insert.setLong(1, job);
                insert.setLong(2, amount(job));
                insert.setString(3, note(job));
                return insert.executeUpdate() == 1 ? job : null;
            }
        }

        @Override
        List<Long> many(Connection connection, List<Long> jobs) throws SQLException {
            long[] ids = jobs.stream().mapToLong(Long::longValue).toArray();
            long[] amounts = jobs.stream().mapToLong(INSERT::amount).toArray();
            String[] notes = jobs.stream().map(INSERT::note).toArray(String[]::new);
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
    };

    private record Account(long id, String owner, long balance) {
        static Account read(ResultSet row) throws SQLException {
            return new Account(row.getLong(1), row.getString(2), row.getLong(3));
        }
    }

    /** One job with a statement of its own, as code without batches does it. Its answer is the job if all is well. */
    abstract Long one(Connection connection, Long job) throws SQLException;

    /** Many jobs with one statement; answers by position. */
    abstract List<Long> many(Connection connection, List<Long> jobs) throws SQLException;

    private static Long answer(Account account, Long job) {
        return account.id() == Schema.accountOf(job) && account.balance() == account.id() * 7 ? job : Long.valueOf(-1);
    }

    long amount(Long job) {
        return job % 1_000;
    }

    String note(Long job) {
        return "entry number " + job;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
