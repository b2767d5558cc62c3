package io.microbatcher.benchmarks.postgres;

/** Callers at work. */
interface Load extends AutoCloseable {
    /** How many jobs have been answered so far. */
    long returned();

    /** What the calls of a lone caller that waits take; null for others. */
    default Stopwatch stopwatch() {
        return null;
    }

    /** Lets what is under way end. */
    @Override
    void close();
}
