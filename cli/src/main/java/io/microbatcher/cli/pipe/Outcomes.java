package io.microbatcher.cli.pipe;

import io.microbatcher.BatcherClosedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Where every job ends, once: its result on the standard output, or the job among the dead letters.
 *
 * <p>Results are gathered and written in large pieces; {@link #idle()} writes what there is. Only then does a job leave
 * the window, and count as succeeded.
 *
 * <p><b>Threads.</b> One thread delivers; {@link #failed} may be called by any.
 */
final class Outcomes {
    private static final int BUFFER = 64 * 1024;

    private final Tally tally;
    private final Window window;
    private final Output output;
    private final @Nullable DeadLetters deadLetters;
    private final Course course;

    private final byte[] buffer = new byte[BUFFER];
    private int filled;
    private List<Line> gathered = new ArrayList<>();
    private long gatheredBytes;

    /** The size of {@code gathered}, for other threads. */
    private final AtomicInteger gatheredCount = new AtomicInteger();

    private final ReentrantLock failing = new ReentrantLock();

    Outcomes(Tally tally, Window window, Output output, @Nullable DeadLetters deadLetters, Course course) {
        this.tally = tally;
        this.window = window;
        this.output = output;
        this.deadLetters = deadLetters;
        this.course = course;
    }

    void succeeded(Line line, Slice result) {
        gathered.add(line);
        gatheredCount.lazySet(gathered.size());
        gatheredBytes += line.length;
        if (result != Slice.NONE) {
            gatheredBytes += result.length;
            append(result.buffer, result.offset, result.length);
            append(LINE_FEED, 0, 1);
        }
        if (gathered.size() >= BUFFER / 8) {
            idle();
        }
    }

    private static final byte[] LINE_FEED = {'\n'};

    /** Writes what was gathered: nothing more will come for a while. */
    void idle() {
        write();
        if (!gathered.isEmpty()) {
            int count = gathered.size();
            if (output.isBroken()) {
                gathered.forEach(line -> lost(line));
            } else {
                tally.succeeded.addAndGet(count);
            }
            gathered = new ArrayList<>(count);
            gatheredCount.lazySet(0);
            window.leave(count, gatheredBytes);
            gatheredBytes = 0;
        }
    }

    void failed(Line line, Throwable failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        if (cause instanceof Aborted || cause instanceof BatcherClosedException) {
            tally.unprocessed.incrementAndGet();
            letter("unprocessed", line, String.valueOf(cause.getMessage()));
        } else {
            tally.failed.incrementAndGet();
            String reason = Reasons.of(failure);
            letter("failed", line, reason);
            if (deadLetters == null) {
                course.failedForGood(line.place() + ": " + reason, tally.ended() + gatheredCount.get());
            }
        }
        window.leave(1, line.length);
    }

    private void lost(Line line) {
        tally.unwritten.incrementAndGet();
        letter("unwritten", line, "processed, but the standard output was closed before its result was written");
    }

    private void letter(String outcome, Line line, String reason) {
        if (deadLetters == null) {
            return;
        }
        try {
            add(deadLetters, outcome, line, reason);
        } catch (IOException unwritable) { // told outside of the lock: it leads to others
            course.cannotGoOn(RefusedException.io("cannot write to the dead letters: " + unwritable.getMessage() + "; "
                    + line.place() + " failed: " + reason));
        }
    }

    private void add(DeadLetters letters, String outcome, Line line, String reason) throws IOException {
        failing.lock();
        try {
            letters.add(outcome, line, reason);
        } finally {
            failing.unlock();
        }
    }

    private void append(byte[] bytes, int from, int length) {
        int offset = from;
        int left = length;
        while (left > 0) {
            if (filled == BUFFER) {
                write();
            }
            int part = Math.min(left, BUFFER - filled);
            System.arraycopy(bytes, offset, buffer, filled, part);
            filled += part;
            offset += part;
            left -= part;
        }
    }

    private void write() {
        if (filled > 0 && !output.isBroken()) {
            try {
                output.write(buffer, filled);
            } catch (IOException failed) {
                course.outputFailed(failed);
            }
        }
        filled = 0;
    }
}
