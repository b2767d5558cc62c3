package io.microbatcher.cli.pipe;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.jspecify.annotations.Nullable;

/** Parses JSON lines. Lines of nothing but white space are skipped. */
final class JsonRows implements RowLines.Parser {
    private final ObjectReader reader = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build()
            .readerFor(JsonNode.class);

    private boolean first = true;

    @Override
    public @Nullable Row parse(Line line) throws UnfitException {
        String text = Utf8.decode(line.buffer, line.offset, line.length);
        if (first && text.startsWith("\uFEFF")) {
            text = text.substring(1);
        }
        first = false;
        if (text.isBlank()) {
            return null;
        }
        try {
            return new JsonRow(reader.readValue(text), text.strip());
        } catch (JsonProcessingException malformed) {
            JsonLocation at = malformed.getLocation();
            throw new UnfitException("malformed JSON at column "
                    + (at == null ? 1 : at.getColumnNr()) + ": "
                    + Reasons.oneLine(malformed.getOriginalMessage()));
        } catch (NumberFormatException tooLarge) { // what the parser lets through of a number that is well-formed
            throw new UnfitException("malformed JSON: a number with an exponent that no number can have: "
                    + Reasons.oneLine(tooLarge.getMessage()));
        }
    }
}
