package io.microbatcher.jdbc;

import org.jspecify.annotations.Nullable;

/**
 * What a statement needs of a job, and the job's position in its batch.
 *
 * @param position the index of the job in the batch, however small the part of it that is executed
 * @param row what is bound: the values of its columns, a key, or the job itself
 */
record Placed<T extends @Nullable Object>(int position, T row) {}
