package io.microbatcher.cli.pipe;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Any bytes as CSV: each record is a row or says why not, and rows that are written and read again are the same. */
public final class CsvFuzz {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Small, so that lines that are too long are met. */
    private static final int MAX_LINE_BYTES = 300;

    private CsvFuzz() {}

    /** Called with each input. */
    public static void fuzzerTestOneInput(byte[] data) throws Exception {
        List<Map<String, String>> rows = rows(data, MAX_LINE_BYTES);
        if (!rows.isEmpty()) {
            assertThat(rows(written(rows), Integer.MAX_VALUE / 4)).isEqualTo(rows);
        }
    }

    private static List<Map<String, String>> rows(byte[] data, int maxBytes) throws Exception {
        CsvRecords records =
                new CsvRecords(new TextLines(new ByteArrayInputStream(data), "f", maxBytes, () -> {}), List.of());
        List<Map<String, String>> rows = new ArrayList<>();
        try {
            for (Line line = records.next(); line != null; line = records.next()) {
                assertThat((line.row == null) != (line.problem == null))
                        .as("a row or a problem")
                        .isTrue();
                if (line.row != null) {
                    StringBuilder json = new StringBuilder();
                    line.row.appendJson(json);
                    Map<String, String> row =
                            JSON.readValue(json.toString(), new TypeReference<LinkedHashMap<String, String>>() {});
                    for (Map.Entry<String, String> field : row.entrySet()) {
                        assertThat(line.row.value(field.getKey())).isEqualTo(field.getValue());
                    }
                    rows.add(row);
                }
            }
        } catch (RefusedException header) {
            assertThat(header).hasMessageContaining("header");
        }
        return rows;
    }

    private static byte[] written(List<Map<String, String>> rows) {
        StringBuilder csv =
                new StringBuilder("\uFEFF").append(record(rows.get(0).keySet()));
        rows.forEach(row -> csv.append(record(row.values())));
        return csv.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String record(Collection<String> fields) {
        return fields.stream()
                .map(field -> '"' + field.replace("\"", "\"\"") + '"')
                .collect(Collectors.joining(",", "", "\n"));
    }
}
