package io.microbatcher.cli.pipe;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The lines that a command prints for a batch. Those beyond the last job are counted, not kept. */
final class Reply {
    private static final int LARGEST = 1 << 30;

    private final int expected;
    private final int maxLineBytes;
    private final List<Slice> lines;
    private final List<Integer> ends;

    private byte[] buffer = new byte[8 * 1024];
    private int filled;
    private int lineStart;
    private long surplus;
    private boolean surplusOpen;

    Reply(int expected, int maxLineBytes) {
        this.expected = expected;
        this.maxLineBytes = maxLineBytes;
        this.lines = new ArrayList<>(expected);
        this.ends = new ArrayList<>(expected);
    }

    /** Reads until the command has closed its output. */
    void readFrom(InputStream in) throws IOException, WorkException {
        for (; ; ) {
            if (filled == buffer.length) {
                if (filled >= LARGEST) {
                    throw new WorkException("the command printed more than " + LARGEST
                            + " bytes for one batch; use a smaller --batch-size");
                }
                buffer = Arrays.copyOf(buffer, filled * 2);
            }
            int count = in.read(buffer, filled, buffer.length - filled);
            if (count < 0) {
                break;
            }
            take(count);
        }
        if (ends.size() < expected && lineStart < filled) {
            end(filled);
        } else if (surplusOpen) {
            surplus++;
        }
        cut();
    }

    private void take(int count) throws WorkException {
        int limit = filled + count;
        for (int i = filled; i < limit; i++) {
            if (ends.size() == expected) {
                takeSurplus(i, limit);
                return; // nothing is added to the buffer any more
            }
            if (buffer[i] == '\n') {
                end(i);
                lineStart = i + 1;
            }
        }
        filled = limit;
        if (filled - lineStart > maxLineBytes) {
            throw tooLong(filled - lineStart);
        }
    }

    private void takeSurplus(int from, int limit) {
        filled = from;
        for (int i = from; i < limit; i++) {
            surplusOpen = buffer[i] != '\n';
            surplus += surplusOpen ? 0 : 1;
        }
    }

    private void end(int at) throws WorkException {
        if (at - lineStart > maxLineBytes) {
            throw tooLong(at - lineStart);
        }
        ends.add(at);
    }

    private WorkException tooLong(int length) {
        return new WorkException("the command printed a line of " + length + " bytes or more, and " + maxLineBytes
                + " are allowed; raise --max-line-bytes");
    }

    private void cut() {
        int start = 0;
        for (int end : ends) {
            lines.add(new Slice(buffer, start, end - start));
            start = end + 1;
        }
    }

    /** One line for each job, or fewer. */
    List<Slice> lines() {
        return lines;
    }

    long surplus() {
        return surplus;
    }

    /** The bytes of all lines. */
    long bytes() {
        long bytes = 0;
        for (Slice line : lines) {
            bytes += line.length;
        }
        return bytes;
    }
}
