package io.microbatcher.sample;

import io.microbatcher.spring.MicroBatched;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

/** Looks customers up. */
@Service
public class Customers {
    private final JdbcClient database;

    Customers(JdbcClient database) {
        this.database = database;
    }

    // spotless:off
    @MicroBatched(batchMethod = "findAll")
    public Optional<Customer> find(long id) {
        return Optional.ofNullable(findAll(List.of(id)).get(id)); // what runs without Spring
    }

    public Map<Long, Customer> findAll(List<Long> ids) {
        return database.sql("select id, name from customer where id = any(?)")
                .param(ids.toArray(Long[]::new))
                .query(Customer.class)
                .list().stream()
                .collect(Collectors.toMap(Customer::id, Function.identity()));
    }
    // spotless:on

    /** The same without the batcher. */
    Optional<Customer> findDirectly(long id) {
        return database.sql("select id, name from customer where id = ?")
                .param(id)
                .query(Customer.class)
                .optional();
    }

    long addDirectly(NewCustomer customer) {
        return database.sql("insert into customer (name) values (?) returning id")
                .param(customer.name())
                .query(Long.class)
                .single();
    }
}
