package io.microbatcher.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.boot.json.JsonParserFactory;

/** docs/spring.md lists the properties that the metadata for editors has, which is made of the code. */
class ReferencePageTest {
    @Test
    void thePageListsThePropertiesThatThereAre() throws IOException {
        List<String> properties = properties().stream()
                .map(property -> (String) property.get("name"))
                .filter(name -> !name.startsWith("management.endpoint."))
                .toList();
        assertThat(properties).hasSizeGreaterThan(15);
        assertThat(rows()).containsExactlyInAnyOrderElementsOf(properties);
    }

    @Test
    void everyPropertySaysWhatItIsFor() throws IOException {
        assertThat(properties())
                .allSatisfy(property -> assertThat((String) property.get("description"))
                        .as(String.valueOf(property.get("name")))
                        .isNotBlank());
    }

    private static List<String> rows() throws IOException {
        Path module = Path.of(ReferencePageTest.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .getPath())
                .resolve("../..");
        return Pattern.compile("(?m)^\\| `((?:microbatcher|management)\\.[^`]+)` \\|")
                .matcher(Files.readString(module.resolve("../docs/spring.md")))
                .results()
                .map((MatchResult row) -> row.group(1))
                .toList();
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> properties() throws IOException {
        ClassLoader loader = MicroBatcherProperties.class.getClassLoader();
        String file = "META-INF/spring-configuration-metadata.json";
        String beside = Objects.requireNonNull(
                        loader.getResource("META-INF/additional-spring-configuration-metadata.json"))
                .toString()
                .replace("META-INF/additional-spring-configuration-metadata.json", file);
        try (InputStream in = java.net.URI.create(beside).toURL().openStream()) {
            String json = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return (List<Map<String, Object>>)
                    JsonParserFactory.getJsonParser().parseMap(json).get("properties");
        }
    }
}
