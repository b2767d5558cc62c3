package io.microbatcher.cli.pipe;

import java.io.Serial;

/** The job was given up because the run was: it was not processed, or not to its end. */
final class Aborted extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    Aborted(String message) {
        super(message, null, false, false);
    }

    static Aborted before() {
        return new Aborted("not processed: the run was given up before");
    }

    static Aborted during() {
        return new Aborted("the run was given up while the batch was processed; it may have taken effect");
    }
}
