package io.microbatcher.benchmarks.soak;

import java.io.Serial;

/** Nothing of the batch was written, for certain. */
final class NotWrittenException extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    /** Whether a row of the batch is one that the database refuses. */
    final boolean refused;

    NotWrittenException(String why, boolean refused, Throwable cause) {
        super(why, cause);
        this.refused = refused;
    }

    NotWrittenException(String why) {
        super(why);
        this.refused = false;
    }
}
