package io.microbatcher.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The code in the quick start, in the guide and in the page about SQL is that of the examples and their tests, which are compiled and run. */
class CodeInPagesTest {
    private static final Pattern BLOCK = Pattern.compile("(?s)```java\n(.*?)```");

    @ParameterizedTest
    @ValueSource(strings = {"quick-start.md", "guide.md", "sql.md"})
    void eachBlockOfCodeIsInAnExample(String page) throws IOException {
        Path root = Path.of("").toAbsolutePath().getParent();
        List<String> blocks = BLOCK.matcher(
                        Files.readString(root.resolve("docs").resolve(page)))
                .results()
                .map(block -> withoutIndent(block.group(1)))
                .toList();
        String examples;
        try (Stream<Path> files = Files.walk(root.resolve("examples/src"))) {
            examples = files.filter(file -> file.toString().endsWith(".java"))
                    .map(CodeInPagesTest::read)
                    .map(CodeInPagesTest::withoutIndent)
                    .collect(Collectors.joining());
        }
        assertThat(blocks)
                .hasSizeGreaterThanOrEqualTo(2)
                .allSatisfy(block -> assertThat(examples).contains(block));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static String withoutIndent(String code) {
        return code.lines().map(String::strip).collect(Collectors.joining("\n"));
    }
}
