package io.microbatcher.sample;

/** A row that has no key yet. */
public record NewCustomer(String name) {}
