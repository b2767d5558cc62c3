package io.microbatcher.cli.pipe;

import java.io.Serial;

/** One job cannot be processed, and no other is touched by that. The message is the reason, for a person. */
final class UnfitException extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    UnfitException(String reason) {
        super(reason, null, false, false);
    }
}
