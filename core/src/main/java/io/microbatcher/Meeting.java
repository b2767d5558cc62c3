package io.microbatcher;

import org.jspecify.annotations.Nullable;

/**
 * Where jobs of one lane with equal keys find each other, while there are any: the place of each of them from when it is
 * gathered until it has ended, wherever their {@link Group} is.
 */
final class Meeting<J, R extends @Nullable Object> extends KeyedPlace<J, R> {
    /** The group that was formed last, if it has not ended. Guarded by the board's lock. */
    @Nullable
    Group<J, R> group;

    Meeting(Dispatcher<J, R> dispatcher, Object key) {
        super(dispatcher, key);
    }

    /** A key in a lane; a job of another lane is another job. */
    record InLane(Lane<?, ?> lane, Object key) {}
}
