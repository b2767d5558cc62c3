package io.microbatcher.cli.demo;

import java.io.PrintWriter;
import java.util.Locale;

/**
 * Tells what happens, one line for each event, with the time since the story began.
 *
 * <p><b>Thread safety.</b> Any thread may tell; the lines are in the order of their times.
 */
final class Narrator {
    private final PrintWriter out;
    private final long startNanos = System.nanoTime();

    Narrator(PrintWriter out) {
        this.out = out;
    }

    /** Looks at the clock under the lock, or a line could overtake one that is older. */
    synchronized void tell(String who, String what) {
        long millis = (System.nanoTime() - startNanos) / 1_000_000;
        out.println(String.format(Locale.ROOT, "  %,6d ms  %-10s %s", millis, who, what));
        out.flush();
    }
}
