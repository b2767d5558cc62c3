package io.microbatcher;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A job that carries an id, for processors that answer {@linkplain BatchProcessor#byId by id}.
 *
 * @param id tells which {@link JobResult} belongs to this job; need not be unique, needs {@code equals} and
 *     {@code hashCode}
 * @param param what the processor works on
 * @param <P> the type of the parameter
 */
public record Job<P extends @Nullable Object>(Object id, P param) {
    /**
     * Makes a job.
     *
     * @param id tells which {@link JobResult} belongs to this job
     * @param param what the processor works on
     * @throws NullPointerException if the id is null
     */
    public Job {
        Objects.requireNonNull(id, "id must not be null");
    }
}
