package io.microbatcher.benchmarks.soak;

import java.io.Serial;

/** The batch may be written or not. */
final class UnknownOutcomeException extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    UnknownOutcomeException(String why, Throwable cause) {
        super(why, cause);
    }

    UnknownOutcomeException(String why) {
        super(why);
    }
}
