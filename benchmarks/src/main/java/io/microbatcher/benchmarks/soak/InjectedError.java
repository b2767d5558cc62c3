package io.microbatcher.benchmarks.soak;

import java.io.Serial;

/** Thrown by a processor before it has written anything. */
final class InjectedError extends Error {
    @Serial
    private static final long serialVersionUID = 1L;

    InjectedError() {
        super("injected before the batch was written");
    }
}
