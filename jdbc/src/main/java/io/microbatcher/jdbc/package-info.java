/**
 * Micro-batched SQL: the rows that callers insert, change or look up one at a time go to the database together, and each
 * caller has its own answer. It begins with {@link io.microbatcher.jdbc.JdbcBatch}.
 */
@NullMarked
package io.microbatcher.jdbc;

import org.jspecify.annotations.NullMarked;
