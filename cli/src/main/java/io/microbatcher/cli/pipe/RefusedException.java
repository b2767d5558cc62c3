package io.microbatcher.cli.pipe;

import java.io.Serial;

/** The run cannot go on, or cannot start. The message says what was found and what to do. */
final class RefusedException extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    final int exitCode;

    private RefusedException(String message, int exitCode) {
        super(message, null, false, false);
        this.exitCode = exitCode;
    }

    /** Something that the user asked for is wrong. */
    static RefusedException usage(String message) {
        return new RefusedException(message, ExitCodes.USAGE);
    }

    /** Reading or writing failed on the way. */
    static RefusedException io(String message) {
        return new RefusedException(message, ExitCodes.IO);
    }
}
