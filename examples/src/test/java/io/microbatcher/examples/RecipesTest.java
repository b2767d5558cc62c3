package io.microbatcher.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The code in docs/recipes.md is that of the examples, which are compiled and run. */
class RecipesTest {
    /** Whatever its language. */
    private static final Pattern BLOCK = Pattern.compile("(?sm)^```\\w*\n(.*?)^```");

    /** What the examples mark to be shown: where the formatter reads along it has to be told to leave it alone. */
    private static final Pattern SHOWN =
            Pattern.compile("(?s)// (?:spotless:off|recipe)\n(.*?)\n *// (?:spotless:on|end of the recipe)\n");

    @Test
    void eachBlockOfCodeIsWhatAnExampleShows() throws IOException {
        Path examples = Path.of("").toAbsolutePath();
        List<String> blocks = BLOCK.matcher(Files.readString(examples.resolveSibling("docs/recipes.md")))
                .results()
                .map(block -> block.group(1).stripIndent().strip())
                .toList();
        List<String> shown;
        try (Stream<Path> files = Files.walk(examples.resolve("src"))) {
            shown = files.filter(Files::isRegularFile)
                    .flatMap(RecipesTest::shownBy)
                    .toList();
        }
        assertThat(blocks).hasSizeGreaterThanOrEqualTo(9).isSubsetOf(shown);
    }

    private static Stream<String> shownBy(Path file) {
        try {
            return SHOWN.matcher(Files.readString(file))
                    .results()
                    .map(region -> region.group(1).stripIndent().strip());
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
