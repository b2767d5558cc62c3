package io.microbatcher.cli.pipe;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a stream of bytes into lines, without copying or decoding them. A line ends before a line feed; the last one may
 * lack it.
 *
 * <pre>
 *   handed out already | start: an unfinished line | end: room to read into | length
 * </pre>
 *
 * <p>I1: bytes before {@code end} are never written again, since lines that were handed out refer to them: a full buffer
 * is replaced, and the unfinished line copied into the new one.
 */
final class TextLines implements LineSource {
    static final int BUFFER = 64 * 1024;

    /** How much of a line that is too long is kept, for the dead letter. */
    static final int SAMPLE = 1024;

    private final InputStream in;
    private final String file;
    private final int maxBytes;
    private final Runnable beforeReading;

    private byte[] buffer = new byte[BUFFER];
    private int start;
    private int scanned;
    private int end;
    private long number;
    private boolean atEnd;

    /** @param beforeReading called before each read, which may block for long */
    TextLines(InputStream in, String file, int maxBytes, Runnable beforeReading) {
        this.in = in;
        this.file = file;
        this.maxBytes = maxBytes;
        this.beforeReading = beforeReading;
    }

    String file() {
        return file;
    }

    int maxBytes() {
        return maxBytes;
    }

    @Override
    public @Nullable Line next() throws IOException {
        for (; ; ) {
            byte[] bytes = buffer;
            for (int i = scanned; i < end; i++) {
                if (bytes[i] == '\n') {
                    Line line = line(i - start);
                    start = i + 1;
                    scanned = start;
                    return line;
                }
            }
            scanned = end;
            if (end - start > maxBytes) {
                return tooLong();
            }
            if (atEnd) {
                return last();
            }
            read();
        }
    }

    private Line line(int length) {
        number++;
        return length <= maxBytes ? Line.of(file, number, buffer, start, length) : beginning(sample(length), length);
    }

    private byte[] sample(int length) {
        return Arrays.copyOfRange(buffer, start, start + Math.min(length, SAMPLE));
    }

    private Line beginning(byte[] sample, long length) {
        return Line.beginning(
                file,
                number,
                sample,
                "a line of " + length + " bytes, and " + maxBytes + " are allowed; raise --max-line-bytes");
    }

    private @Nullable Line last() {
        if (start == end) {
            return null;
        }
        Line line = line(end - start);
        start = end;
        return line;
    }

    /** Reads past a line that is too long without keeping it. */
    private Line tooLong() throws IOException {
        number++;
        byte[] sample = sample(end - start);
        long length = (long) end - start;
        buffer = new byte[BUFFER]; // I1
        start = 0;
        end = 0;
        for (; ; ) {
            scanned = 0;
            end = 0;
            while (!fill()) {
                if (atEnd) {
                    return beginning(sample, length);
                }
            }
            for (int i = 0; i < end; i++) {
                if (buffer[i] == '\n') {
                    start = i + 1;
                    scanned = start;
                    return beginning(sample, length + i);
                }
            }
            length += end; // nothing of this buffer was handed out: it may be filled again
        }
    }

    private void read() throws IOException {
        if (buffer.length - end < BUFFER / 8) {
            int unfinished = end - start;
            byte[] larger = new byte[Math.max(BUFFER, (int) Math.min(Integer.MAX_VALUE - 8L, 2L * unfinished))];
            System.arraycopy(buffer, start, larger, 0, unfinished);
            buffer = larger; // I1
            start = 0;
            scanned = unfinished;
            end = unfinished;
        }
        fill();
    }

    private boolean fill() throws IOException {
        beforeReading.run();
        int count = in.read(buffer, end, buffer.length - end);
        atEnd = count < 0;
        end += Math.max(count, 0);
        return count > 0;
    }
}
