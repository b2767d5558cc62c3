package io.microbatcher.sample;

import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** A PostgreSQL of its own, as safe as a server is: what is committed is on the disk. */
@Configuration(proxyBeanMethods = false)
class DatabaseConfiguration {
    static final int CUSTOMERS = 10_000;

    @Bean(destroyMethod = "close")
    EmbeddedPostgres postgres() throws IOException {
        return EmbeddedPostgres.builder()
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setPGStartupWait(Duration.ofMinutes(2))
                .start();
    }

    /** Ten connections, which is what a pool has unless told otherwise. */
    @Bean
    HikariDataSource dataSource(EmbeddedPostgres postgres) throws SQLException {
        HikariDataSource pool = new HikariDataSource();
        pool.setJdbcUrl(postgres.getJdbcUrl("postgres", "postgres"));
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("create table customer (id bigserial primary key, name text not null)");
            statement.execute("insert into customer (name) select 'customer ' || n from generate_series(1, " + CUSTOMERS
                    + ") as n");
            statement.execute("analyze customer");
        }
        return pool;
    }
}
