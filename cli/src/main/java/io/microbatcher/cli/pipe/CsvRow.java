package io.microbatcher.cli.pipe;

import java.util.List;
import java.util.Map;

/** A record of CSV: its fields by the names in the header, all of them strings. */
final class CsvRow implements Row {
    private final Map<String, Integer> header;
    private final List<String> fields;

    CsvRow(Map<String, Integer> header, List<String> fields) {
        this.header = header;
        this.fields = fields;
    }

    @Override
    public Object value(String name) throws UnfitException {
        Integer index = header.get(name);
        if (index == null) {
            throw new UnfitException("no value for :" + name + ": the header has " + header.keySet());
        }
        return fields.get(index);
    }

    @Override
    public void appendJson(StringBuilder json) {
        char separator = '{';
        for (Map.Entry<String, Integer> column : header.entrySet()) {
            JsonText.appendString(json.append(separator), column.getKey()).append(':');
            JsonText.appendString(json, fields.get(column.getValue()));
            separator = ',';
        }
        json.append('}');
    }
}
