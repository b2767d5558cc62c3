package io.microbatcher;

import org.jspecify.annotations.Nullable;

/**
 * Where a pending job is: in the {@link Intake} on its way in, in a {@link Lane} while it waits, in a {@link Batch} while
 * it is in flight, in a {@link Rerun} before it is run again.
 */
abstract class Place<J, R extends @Nullable Object> {
    final Dispatcher<J, R> dispatcher;

    Place(Dispatcher<J, R> dispatcher) {
        this.dispatcher = dispatcher;
    }
}
