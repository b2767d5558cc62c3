package io.microbatcher.cli.pipe;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** A line of JSON: its fields by name in SQL, the value as it was written in JSON. */
final class JsonRow implements Row {
    private final JsonNode json;
    private final String text;

    JsonRow(JsonNode json, String text) {
        this.json = json;
        this.text = text;
    }

    @Override
    public @Nullable Object value(String name) throws UnfitException {
        if (!json.isObject()) {
            throw new UnfitException("no value for :" + name + ": the line is not a JSON object but "
                    + json.getNodeType().name().toLowerCase(java.util.Locale.ROOT));
        }
        JsonNode value = json.get(name);
        if (value == null) {
            throw new UnfitException("no value for :" + name
                    + ": the JSON object has no such field; null would have to be written as null");
        }
        return switch (value.getNodeType()) {
            case NULL -> null;
            case STRING -> value.textValue();
            case BOOLEAN -> value.booleanValue();
            case NUMBER -> number(value);
            default -> value.toString();
        };
    }

    /** A number keeps its value: what a long or a double cannot hold exactly stays a decimal. */
    private static Object number(JsonNode value) {
        if (value.isIntegralNumber()) {
            return value.canConvertToLong() ? (Object) value.longValue() : new BigDecimal(value.bigIntegerValue());
        }
        BigDecimal exact = value.decimalValue();
        double near = exact.doubleValue();
        boolean same = Double.isFinite(near) && new BigDecimal(Double.toString(near)).compareTo(exact) == 0;
        return same ? (Object) near : exact;
    }

    @Override
    public void appendJson(StringBuilder json) {
        json.append(text);
    }
}
