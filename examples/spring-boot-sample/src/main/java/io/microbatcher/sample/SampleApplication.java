package io.microbatcher.sample;

import io.microbatcher.BatchProcessor;
import io.microbatcher.jdbc.JdbcBatch;
import javax.sql.DataSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/** The application. Whatever it does not say, the starter does. */
@SpringBootApplication(proxyBeanMethods = false)
public class SampleApplication {
    /**
     * Starts the application.
     *
     * @param arguments properties, such as {@code --server.port=8080}
     */
    public static void main(String[] arguments) {
        SpringApplication.run(SampleApplication.class, arguments);
    }

    // spotless:off
    @Bean
    BatchProcessor<NewCustomer, Long> newCustomerProcessor(DataSource dataSource) {
        return JdbcBatch.insert("customer", NewCustomer.class).generatedKey("id", Long.class).on(dataSource);
    }
    // spotless:on
}
