package io.microbatcher.cli.pipe;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Parses one record of CSV (RFC 4180), which is given line by line until it is complete: a quoted field may hold line
 * breaks.
 *
 * <pre>
 *   START --"--> QUOTED --"--> QUOTE --"--> QUOTED
 *     |                          |
 *     +--else--> PLAIN           +--, or end--> the next field; anything else is an error
 * </pre>
 */
final class CsvRecord {
    private enum State {
        START,
        PLAIN,
        QUOTED,
        QUOTE
    }

    private final List<String> fields = new ArrayList<>();
    private final ByteArrayOutputStream field = new ByteArrayOutputStream();
    private State state = State.START;
    private long firstLine;
    private long quoteLine;
    private int quoteColumn;

    /**
     * Takes a line, without its line feed.
     *
     * @return whether the record is complete
     */
    boolean add(Line line) throws UnfitException {
        if (firstLine == 0) {
            firstLine = line.number;
        }
        if (state == State.QUOTED) {
            field.write('\n');
        }
        int column = 0;
        for (int i = line.offset; i < line.offset + line.length; i++) {
            byte b = line.buffer[i];
            column += (b & 0xC0) == 0x80 ? 0 : 1; // the bytes that continue a character of UTF-8 are no column
            boolean returnAtEnd = b == '\r' && i == line.offset + line.length - 1;
            switch (state) {
                case START, PLAIN -> {
                    if (b == ',') {
                        endField(line.number, column);
                    } else if (b == '"' && state == State.START) {
                        state = State.QUOTED;
                        quoteLine = line.number;
                        quoteColumn = column;
                    } else if (!returnAtEnd) {
                        state = State.PLAIN;
                        field.write(b);
                    }
                }
                case QUOTED -> {
                    if (b == '"') {
                        state = State.QUOTE;
                    } else {
                        field.write(b);
                    }
                }
                case QUOTE -> {
                    if (b == '"') {
                        state = State.QUOTED;
                        field.write(b);
                    } else if (b == ',') {
                        endField(line.number, column);
                    } else if (!returnAtEnd) {
                        throw malformedAt(
                                line.number,
                                column,
                                "a comma or the end of the line is due after the closing quote of the field that begins"
                                        + " at " + place(quoteLine, quoteColumn)
                                        + "; a quote inside of quotes is written twice");
                    }
                }
            }
        }
        if (state == State.QUOTED) {
            return false;
        }
        endField(line.number, column);
        return true;
    }

    List<String> fields() {
        return fields;
    }

    /** What is wrong when there are no more lines for a record that is not complete. */
    UnfitException unterminated(String found) {
        return malformedAt(quoteLine, quoteColumn, "the quote that opens here is not closed before " + found);
    }

    UnfitException malformedAt(long line, int column, String what) {
        return new UnfitException("malformed CSV at " + place(line, column) + ": " + what);
    }

    /** Whoever reads the reason is told in which line the record begins. */
    private String place(long line, int column) {
        return (line == firstLine ? "" : "line " + line + ", ") + "column " + column;
    }

    private void endField(long line, int column) throws UnfitException {
        byte[] bytes = field.toByteArray();
        String text = Utf8.decodeOrNull(bytes, 0, bytes.length);
        if (text == null) {
            throw malformedAt(line, column, "the field that ends here is not UTF-8");
        }
        fields.add(text);
        field.reset();
        state = State.START;
    }
}
