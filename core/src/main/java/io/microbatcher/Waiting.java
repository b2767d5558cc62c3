package io.microbatcher;

/** What a {@link DispatchPolicy} sees of the jobs that wait together. There is at least one. */
interface Waiting {
    /** How many they are: a batch of them would ask for as many. */
    int size();

    /** How many callers wait for them: more than there are jobs where those with equal keys are one. */
    default int callers() {
        return size();
    }

    /** When the oldest was accepted, among all callers. */
    long oldestNanos();

    /** When they were accepted, on average over all callers. */
    double meanNanos();
}
