package io.microbatcher.benchmarks.postgres;

/** Callers at work. */
interface Load extends AutoCloseable {
    /** How many jobs have been answered so far. */
    long returned();

    /** Lets what is under way end. */
    @Override
    void close();
}
