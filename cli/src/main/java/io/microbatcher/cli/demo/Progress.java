package io.microbatcher.cli.demo;

import java.io.PrintWriter;

/** One line on a terminal that is written over again and again. Silent where there is no terminal. */
final class Progress {
    private static final String BACK_TO_AN_EMPTY_LINE = "\r\u001b[K";

    private final PrintWriter err;
    private final boolean terminal;

    Progress(PrintWriter err, boolean terminal) {
        this.err = err;
        this.terminal = terminal;
    }

    void show(String line) {
        if (terminal) {
            err.print(BACK_TO_AN_EMPTY_LINE + line);
            err.flush();
        }
    }

    void clear() {
        show("");
    }
}
