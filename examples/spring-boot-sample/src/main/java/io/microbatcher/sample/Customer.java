package io.microbatcher.sample;

/** A row of the table. */
public record Customer(long id, String name) {}
