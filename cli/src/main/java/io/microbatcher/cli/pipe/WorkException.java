package io.microbatcher.cli.pipe;

import java.io.Serial;

/** A whole batch failed. The message is the reason, for a person. */
final class WorkException extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    WorkException(String reason) {
        super(reason, null, false, false);
    }
}
