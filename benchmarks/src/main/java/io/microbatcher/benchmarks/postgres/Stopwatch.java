package io.microbatcher.benchmarks.postgres;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What each call of one caller took. The caller adds; another thread restarts, and reads when the caller has ended. */
final class Stopwatch {
    private final List<Long> nanos = new ArrayList<>();

    synchronized void add(long callNanos) {
        nanos.add(callNanos);
    }

    /** Forgets what was before. */
    synchronized void restart() {
        nanos.clear();
    }

    synchronized double medianMicros() {
        if (nanos.isEmpty()) {
            return Double.NaN;
        }
        Collections.sort(nanos);
        return nanos.get(nanos.size() / 2) / 1e3;
    }
}
