package io.microbatcher.examples;

import io.microbatcher.BatchProcessor;
import io.microbatcher.MicroBatcher;
import io.microbatcher.jdbc.JdbcBatch;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;

/** SQL in all its forms: a row for each job is upserted, updated, deleted, read, or changed by a statement of one's own. */
final class SqlExample {
    private SqlExample() {}

    record Account(String iban, String owner, long cents) {}

    record Owner(String iban, String name) {}

    record Deposit(String iban, long cents) {}

    // spotless:off
    static BatchProcessor<Account, Integer> upserts(DataSource dataSource) {
        return JdbcBatch.upsert("account", Account.class)   // inserted, or changed where the IBAN is there already
                .key("iban")
                .on(dataSource);
    }

    static BatchProcessor<Owner, Integer> updates(DataSource dataSource) {
        return JdbcBatch.<Owner>update("account")           // jobs of any type, column by column
                .key("iban", Owner::iban)
                .column("owner", Owner::name)
                .on(dataSource);
    }

    static BatchProcessor<String, Integer> deletes(DataSource dataSource) {
        return JdbcBatch.delete("account", "iban", String.class).on(dataSource);
    }

    static BatchProcessor<String, Long> balances(DataSource dataSource) {
        return JdbcBatch.findById("account", "iban", String.class, row -> row.getLong("cents")).on(dataSource);
    }

    static BatchProcessor<Deposit, Integer> deposits(DataSource dataSource) {
        return JdbcBatch.<Deposit>of("UPDATE account SET cents = cents + ? WHERE iban = ?", (statement, deposit) -> {
            statement.setLong(1, deposit.cents());
            statement.setString(2, deposit.iban());
        }).on(dataSource);
    }
    // spotless:on

    public static void main(String... args) throws SQLException, InterruptedException {
        DataSource dataSource = database();
        try (MicroBatcher<Account, Integer> upserts =
                        MicroBatcher.builder(upserts(dataSource)).build();
                MicroBatcher<Owner, Integer> updates =
                        MicroBatcher.builder(updates(dataSource)).build();
                MicroBatcher<String, Integer> deletes =
                        MicroBatcher.builder(deletes(dataSource)).build();
                MicroBatcher<String, Long> balances =
                        MicroBatcher.builder(balances(dataSource)).build();
                MicroBatcher<Deposit, Integer> deposits =
                        MicroBatcher.builder(deposits(dataSource)).build()) {
            System.out.println("upserted " + upserts.run(new Account("DE1", "Ada", 500)));
            System.out.println("updated " + updates.run(new Owner("DE1", "Grace")));
            System.out.println("updated " + updates.run(new Owner("DE2", "Alan")));
            System.out.println("changed " + deposits.run(new Deposit("DE1", 250)));
            System.out.println("balance " + balances.run("DE1"));
            System.out.println("deleted " + deletes.run("DE1"));
            System.out.println("balance " + balances.run("DE1"));
        }
    }

    private static DataSource database() throws SQLException {
        JdbcDataSource dataSource = new JdbcDataSource();
        dataSource.setURL("jdbc:h2:mem:accounts;DB_CLOSE_DELAY=-1");
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("DROP TABLE IF EXISTS account");
            statement.execute("CREATE TABLE account (iban VARCHAR(34) PRIMARY KEY, owner VARCHAR(50), cents BIGINT)");
        }
        return dataSource;
    }
}
