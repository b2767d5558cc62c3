package io.microbatcher;

import java.io.Serial;

/**
 * The processor returned without an answer for this job. The message names the job's position and what was found
 * instead: this is a bug in the processor, or in how it was declared.
 */
public final class MissingResultException extends JobFailedException {
    @Serial
    private static final long serialVersionUID = 1L;

    MissingResultException(String message) {
        super(message, null);
    }
}
