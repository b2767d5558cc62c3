/**
 * Micro-Batcher in Spring Boot: a {@link io.microbatcher.MicroBatcher} for each
 * {@link io.microbatcher.BatchProcessor} bean, and methods that are called one by one and run in batches
 * ({@link io.microbatcher.spring.MicroBatched}).
 */
@NullMarked
package io.microbatcher.spring;

import org.jspecify.annotations.NullMarked;
