package io.microbatcher.cli.pipe;

/** What the exit status says. */
final class ExitCodes {
    static final int FINE = 0;
    static final int JOBS_FAILED = 1;
    static final int USAGE = 2;
    static final int IO = 3;
    static final int OUTPUT_CLOSED = 141;

    private ExitCodes() {}

    /** What a shell reports for a process that a signal ended. */
    static int ofSignal(int number) {
        return 128 + number;
    }
}
