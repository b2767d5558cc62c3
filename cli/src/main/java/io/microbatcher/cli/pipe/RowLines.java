package io.microbatcher.cli.pipe;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Parses each line on its own; a line that makes no sense is one unfit job. */
final class RowLines implements LineSource {
    private final LineSource lines;
    private final Parser parser;

    RowLines(LineSource lines, Parser parser) {
        this.lines = lines;
        this.parser = parser;
    }

    /** Makes sense of one line. */
    interface Parser {
        /**
         * Parses a line.
         *
         * @return what it says, or null if the line is to be skipped
         * @throws UnfitException if it makes no sense
         */
        @Nullable
        Row parse(Line line) throws UnfitException;
    }

    @Override
    public @Nullable Line next() throws IOException, RefusedException {
        for (; ; ) {
            Line line = lines.next();
            if (line == null || line.problem != null) {
                return line;
            }
            try {
                Row row = parser.parse(line);
                if (row != null) {
                    return line.with(row);
                }
            } catch (UnfitException why) {
                return line.unfit(String.valueOf(why.getMessage()));
            }
        }
    }
}
