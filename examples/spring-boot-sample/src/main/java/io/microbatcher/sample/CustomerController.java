package io.microbatcher.sample;

import io.microbatcher.MicroBatcher;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Serves single customers: {@code /customers} with the batcher, {@code /direct/customers} without. */
@RestController
class CustomerController {
    private final Customers customers;
    private final MicroBatcher<NewCustomer, Long> newCustomers;

    CustomerController(Customers customers, MicroBatcher<NewCustomer, Long> newCustomers) {
        this.customers = customers;
        this.newCustomers = newCustomers;
    }

    @GetMapping("/customers/{id}")
    ResponseEntity<Customer> find(@PathVariable("id") long id) {
        return ResponseEntity.of(customers.find(id));
    }

    @PostMapping("/customers")
    Customer add(@RequestBody NewCustomer customer) throws InterruptedException {
        return new Customer(newCustomers.run(customer), customer.name());
    }

    @GetMapping("/direct/customers/{id}")
    ResponseEntity<Customer> findDirectly(@PathVariable("id") long id) {
        return ResponseEntity.of(customers.findDirectly(id));
    }

    @PostMapping("/direct/customers")
    Customer addDirectly(@RequestBody NewCustomer customer) {
        return new Customer(customers.addDirectly(customer), customer.name());
    }
}
