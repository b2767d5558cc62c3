package io.microbatcher.cli.pipe;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayInputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;

/** Any bytes as lines of JSON: each is a row or says why not, no number changes its value, and text survives. */
public final class JsonFuzz {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private JsonFuzz() {}

    /** Called with each input. */
    public static void fuzzerTestOneInput(byte[] data) throws Exception {
        RowLines lines =
                new RowLines(new TextLines(new ByteArrayInputStream(data), "f", 500, () -> {}), new JsonRows());
        for (Line line = lines.next(); line != null; line = lines.next()) {
            assertThat((line.row == null) != (line.problem == null))
                    .as("a row or a problem")
                    .isTrue();
            if (line.row != null) {
                check(line.row);
            }
        }
        String text = new String(data, StandardCharsets.UTF_16); // with surrogates that have no partner
        String json = JsonText.appendString(new StringBuilder(), text).toString();
        assertThat(JSON.readTree(json).textValue()).isEqualTo(text);
    }

    private static void check(Row row) throws Exception {
        StringBuilder json = new StringBuilder();
        row.appendJson(json);
        JsonNode tree = JSON.readTree("[" + json + "]").get(0); // as a request holds it
        for (var field : tree.properties()) {
            checkValue(field.getValue(), row.value(field.getKey()));
        }
        if (!tree.isObject()) {
            try {
                throw new AssertionError("no object, but has the value " + row.value("x"));
            } catch (UnfitException why) {
                assertThat(why).hasMessageContaining("not a JSON object");
            }
        }
    }

    private static void checkValue(JsonNode written, Object read) {
        switch (written.getNodeType()) {
            case NULL -> assertThat(read).isNull();
            case STRING -> assertThat(read).isEqualTo(written.textValue());
            case BOOLEAN -> assertThat(read).isEqualTo(written.booleanValue());
            case NUMBER -> {
                assertThat(read).isInstanceOfAny(Long.class, Double.class, BigDecimal.class);
                // not by way of its text, which is one that BigDecimal does not take at the end of its own range
                BigDecimal value = read instanceof BigDecimal exact ? exact : new BigDecimal(read.toString());
                assertThat(value).isEqualByComparingTo(written.decimalValue());
            }
            default -> assertThat(read).isInstanceOf(String.class);
        }
    }
}
