package io.microbatcher.cli.pipe;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Counts jobs by how they ended. When the run is over, {@code read} is the sum of the others but {@code surplus}. */
final class Tally {
    /** The job that was taken last: written by whoever takes, read once no more are taken. */
    @Nullable
    Line last;

    /** Jobs that were taken from the input. */
    final AtomicLong read = new AtomicLong();

    /** Jobs that succeeded and whose result, if they have one, was written. */
    final AtomicLong succeeded = new AtomicLong();

    /** Jobs that failed. */
    final AtomicLong failed = new AtomicLong();

    /** Jobs that succeeded, but nobody reads their result. */
    final AtomicLong unwritten = new AtomicLong();

    /** Jobs that were given up. */
    final AtomicLong unprocessed = new AtomicLong();

    /** Results that belong to no job. */
    final AtomicLong surplus = new AtomicLong();

    long ended() {
        return succeeded.get() + failed.get() + unwritten.get() + unprocessed.get();
    }
}
