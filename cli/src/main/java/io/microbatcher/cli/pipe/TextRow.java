package io.microbatcher.cli.pipe;

/** A line of plain text: {@code :line} in SQL, a string in JSON. */
record TextRow(String text) implements Row {
    static final String NAME = "line";

    static TextRow parse(Line line) throws UnfitException {
        return new TextRow(Utf8.decode(line.buffer, line.offset, line.lengthWithoutReturn()));
    }

    @Override
    public Object value(String name) throws UnfitException {
        if (!name.equals(NAME)) {
            throw new UnfitException("no value for :" + name + "; a line of text has :" + NAME + " only");
        }
        return text;
    }

    @Override
    public void appendJson(StringBuilder json) {
        JsonText.appendString(json, text);
    }
}
