package io.microbatcher.cli.pipe;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads CSV with a header. A malformed record is one unfit job, and reading goes on after the line in which the error
 * was seen: lines that might be the inside of a quoted field are never taken for records. Empty lines are skipped.
 */
final class CsvRecords implements LineSource {
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private final TextLines lines;
    private final List<String> needed;
    private @Nullable Map<String, Integer> header;

    /** @param needed the columns that the header must have */
    CsvRecords(TextLines lines, List<String> needed) {
        this.lines = lines;
        this.needed = needed;
    }

    @Override
    public @Nullable Line next() throws IOException, RefusedException {
        for (; ; ) {
            Line first = lines.next();
            if (first == null || first.problem != null) {
                return first;
            }
            first = first.number == 1 ? withoutMark(first) : first;
            if (first.lengthWithoutReturn() == 0) {
                continue;
            }
            Map<String, Integer> columns = header;
            if (columns != null) {
                return record(first, columns);
            }
            header = header(first);
        }
    }

    /** Before parsing: after the mark the first name may be in quotes. */
    private static Line withoutMark(Line first) {
        int skipped = BYTE_ORDER_MARK.length;
        int end = first.offset + Math.min(first.length, skipped);
        return Arrays.equals(first.buffer, first.offset, end, BYTE_ORDER_MARK, 0, skipped)
                ? Line.of(first.file, first.number, first.buffer, end, first.length - skipped)
                : first;
    }

    private Line record(Line first, Map<String, Integer> columns) throws IOException {
        Collected record = new Collected(first);
        try {
            List<String> fields = record.parse();
            if (fields.size() != columns.size()) {
                throw record.csv.malformedAt(
                        record.last.number,
                        record.last.lengthWithoutReturn() + 1,
                        "the record ends after " + Amounts.count(fields.size(), "field") + ", the header has "
                                + columns.size());
            }
            return record.line().with(new CsvRow(columns, fields));
        } catch (UnfitException why) {
            return record.line().unfit(String.valueOf(why.getMessage()));
        }
    }

    private Map<String, Integer> header(Line first) throws IOException, RefusedException {
        List<String> names;
        try {
            names = new Collected(first).parse();
        } catch (UnfitException why) {
            throw RefusedException.usage("the CSV header of " + lines.file() + " cannot be read: " + why.getMessage());
        }
        Map<String, Integer> columns = new LinkedHashMap<>();
        for (String name : names) {
            if (columns.putIfAbsent(name, columns.size()) != null) {
                throw RefusedException.usage("the CSV header of " + lines.file() + " names the column '" + name
                        + "' twice; give each column a name of its own");
            }
        }
        for (String name : needed) {
            if (!columns.containsKey(name)) {
                throw RefusedException.usage("the SQL needs :" + name + ", but the CSV header of " + lines.file()
                        + " has " + columns.keySet() + "; the first line must name the columns");
            }
        }
        return columns;
    }

    /** The lines of one record. */
    private final class Collected {
        private final CsvRecord csv = new CsvRecord();
        private final Line first;
        private Line last;
        private @Nullable ByteArrayOutputStream several;

        Collected(Line first) {
            this.first = first;
            this.last = first;
        }

        List<String> parse() throws IOException, UnfitException {
            while (!csv.add(last)) {
                if (several == null) {
                    several = new ByteArrayOutputStream();
                    first.appendTo(several);
                }
                Line more = lines.next();
                if (more == null) {
                    throw csv.unterminated("the end of the input");
                }
                if (more.problem != null || several.size() + 1 + more.length > lines.maxBytes()) {
                    throw csv.unterminated("--max-line-bytes (" + lines.maxBytes() + ") are read");
                }
                several.write('\n');
                more.appendTo(several);
                last = more;
            }
            return csv.fields();
        }

        Line line() {
            if (several == null) {
                return first;
            }
            byte[] bytes = several.toByteArray();
            return Line.of(first.file, first.number, bytes, 0, bytes.length);
        }
    }
}
