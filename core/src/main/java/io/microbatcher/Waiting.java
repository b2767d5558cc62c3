package io.microbatcher;

/** What a {@link DispatchPolicy} sees of the jobs that wait together. There is at least one. */
interface Waiting {
    /** How many they are. */
    int size();

    /** When the oldest was accepted. */
    long oldestNanos();

    /** When they were accepted, on average. */
    double meanNanos();
}
