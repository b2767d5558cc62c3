package io.microbatcher.cli.pipe;

import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * One job: a line of the input, or a record of several lines in CSV.
 *
 * <p>Its bytes are a part of the buffer they were read into, shared with its neighbours and never written again: a line
 * costs no copy and no decoding on its way through a command.
 */
final class Line {
    /** How a person is told where the standard input is. */
    static final String STANDARD_INPUT = "-";

    final String file;
    final long number;
    final byte[] buffer;
    final int offset;
    final int length;

    /** What the line says, if it was parsed. */
    final @Nullable Row row;

    /** Why it cannot be processed, if that was known from the start. */
    final @Nullable String problem;

    /** Whether the bytes are only the first ones of the line. */
    final boolean truncated;

    private Line(
            String file,
            long number,
            byte[] buffer,
            int offset,
            int length,
            @Nullable Row row,
            @Nullable String problem,
            boolean truncated) {
        this.file = file;
        this.number = number;
        this.buffer = buffer;
        this.offset = offset;
        this.length = length;
        this.row = row;
        this.problem = problem;
        this.truncated = truncated;
    }

    static Line of(String file, long number, byte[] buffer, int offset, int length) {
        return new Line(file, number, buffer, offset, length, null, null, false);
    }

    Line with(Row parsed) {
        return new Line(file, number, buffer, offset, length, parsed, null, truncated);
    }

    Line unfit(String why) {
        return new Line(file, number, buffer, offset, length, null, why, truncated);
    }

    /** The first bytes of a line that is too long to be kept. */
    static Line beginning(String file, long number, byte[] bytes, String why) {
        return new Line(file, number, bytes, 0, bytes.length, null, why, true);
    }

    /** The number of bytes without a carriage return at the end. */
    int lengthWithoutReturn() {
        return length > 0 && buffer[offset + length - 1] == '\r' ? length - 1 : length;
    }

    void appendTo(ByteArrayOutputStream bytes) {
        bytes.write(buffer, offset, length);
    }

    /** Where it came from, as in "line 12 of jobs.csv". */
    String place() {
        return "line " + number + " of " + (file.equals(STANDARD_INPUT) ? "standard input" : file);
    }

    @Override
    public String toString() {
        return place();
    }
}
