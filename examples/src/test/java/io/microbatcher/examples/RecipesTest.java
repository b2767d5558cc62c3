package io.microbatcher.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The code in docs/recipes.md is that of the examples, which are compiled and run. */
class RecipesTest {
    private static final Pattern BLOCK = Pattern.compile("(?s)```java\n(.*?)```");

    @Test
    void eachBlockOfCodeIsInAnExample() throws IOException {
        Path root = Path.of("").toAbsolutePath().getParent();
        List<String> blocks = BLOCK.matcher(Files.readString(root.resolve("docs/recipes.md")))
                .results()
                .map(block -> withoutIndent(block.group(1)))
                .toList();
        String examples;
        try (Stream<Path> files = Files.list(root.resolve("examples/src/main/java/io/microbatcher/examples"))) {
            examples =
                    files.map(RecipesTest::read).map(RecipesTest::withoutIndent).collect(Collectors.joining());
        }
        assertThat(blocks)
                .hasSizeGreaterThanOrEqualTo(2)
                .allSatisfy(block -> assertThat(examples).contains(block));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw new java.io.UncheckedIOException(unreadable);
        }
    }

    private static String withoutIndent(String code) {
        return code.lines().map(String::strip).collect(Collectors.joining("\n"));
    }
}
