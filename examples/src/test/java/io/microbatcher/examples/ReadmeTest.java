package io.microbatcher.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.microbatcher.BatchProcessor;
import io.microbatcher.DispatchReason;
import io.microbatcher.MicroBatcher;
import io.microbatcher.jdbc.JdbcBatch;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** README.md says what is true of the code: its example is compiled and run, its tables are complete. */
class ReadmeTest {
    /** Tests run in the directory of their module. */
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();

    private final String readme = Files.readString(ROOT.resolve("README.md"));

    ReadmeTest() throws IOException {}

    @Test
    void theExampleIsTheOneThatIsCompiledAndRun() throws IOException {
        String source =
                Files.readString(ROOT.resolve("examples/src/main/java/io/microbatcher/examples/ReadmeExample.java"));
        String shown = firstBlock(readme, "java");
        assertThat(source.replaceAll("(?m)^ {8}", "")).contains("// spotless:off\n" + shown + "// spotless:on");
        assertThat(shown.lines()).hasSize(8);
    }

    @Test
    void theExampleOfSqlIsTheOneThatIsCompiledAndRun() throws IOException {
        String source =
                Files.readString(ROOT.resolve("examples/src/main/java/io/microbatcher/examples/JdbcExample.java"));
        String shown = firstBlock(section("SQL"), "java");
        assertThat(source.replaceAll("(?m)^ {8}", "")).contains("// spotless:off\n" + shown.replaceAll("\n}\n$", "\n"));
    }

    @Test
    void theFactoriesForSqlAreAllThatThereAre() {
        Set<String> factories = Arrays.stream(JdbcBatch.class.getMethods())
                .filter(method -> Modifier.isStatic(method.getModifiers()))
                .map(method -> "JdbcBatch." + method.getName())
                .collect(Collectors.toSet());
        assertThat(firstCells(section("SQL"))).containsExactlyInAnyOrderElementsOf(factories);
    }

    @Test
    void theOtherLinesOfCodeAreThoseOfExamples() throws IOException {
        StringBuilder examples = new StringBuilder();
        try (Stream<Path> files = Files.list(ROOT.resolve("examples/src/main/java/io/microbatcher/examples"))) {
            for (Path file : files.toList()) {
                examples.append(Files.readString(file));
            }
        }
        List<String> lines = Pattern.compile("(?s)```java\\n(.*?)```")
                .matcher(readme)
                .results()
                .skip(1)
                .flatMap(block -> block.group(1).lines())
                .toList();
        assertThat(lines)
                .hasSizeGreaterThan(3)
                .allSatisfy(line -> assertThat(examples).containsIgnoringWhitespaces(line));
    }

    @Test
    void eachOfTheTwoCommandsStandsAloneInItsBlockAndIsThere() throws IOException {
        assertThat(firstBlock(section("Run it"), "sh")).isEqualTo("./microbatcher demo\n");
        String test = firstBlock(section("Test it"), "sh");
        assertThat(test).isEqualTo("./verify\n");
        assertThat(Files.isExecutable(ROOT.resolve("verify"))).isTrue();
        assertThat(Files.readString(ROOT.resolve(".ci/run"))).contains("exec " + test);
    }

    @Test
    void theReasonsAreAllReasonsThatThereAre() {
        assertThat(firstCells(section("When a batch leaves")))
                .containsExactlyElementsOf(Arrays.stream(DispatchReason.values())
                        .map(DispatchReason::name)
                        .toList());
    }

    @Test
    void theFormsAreAllFormsThatThereAre() {
        Set<String> factories = Arrays.stream(BatchProcessor.class.getMethods())
                .filter(method -> Modifier.isStatic(method.getModifiers()))
                .map(method -> "BatchProcessor." + method.getName())
                .collect(Collectors.toSet());
        assertThat(firstCells(section("Forms of a processor"))).containsExactlyInAnyOrderElementsOf(factories);
    }

    @Test
    void theOptionsAreAllOptionsThatThereAre() {
        List<String> options = Arrays.stream(MicroBatcher.Builder.class.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()))
                .map(Method::getName)
                .filter(name -> !name.equals("build"))
                .distinct()
                .toList();
        assertThat(firstCells(section("Configuration"))).containsExactlyInAnyOrderElementsOf(options);
    }

    private String section(String heading) {
        int start = readme.indexOf("\n## " + heading + "\n");
        assertThat(start).as("section " + heading).isNotNegative();
        int end = readme.indexOf("\n## ", start + 1);
        return readme.substring(start, end);
    }

    private static String firstBlock(String text, String language) {
        Pattern block = Pattern.compile("(?s)```(\\w*)\n(.*?)```");
        MatchResult first = block.matcher(text).results().findFirst().orElseThrow();
        assertThat(first.group(1)).isEqualTo(language);
        return first.group(2);
    }

    /** The names in code type at the start of a table's rows. */
    private static List<String> firstCells(String text) {
        Stream<MatchResult> rows =
                Pattern.compile("(?m)^\\| `([^`]+)`").matcher(text).results();
        return rows.map(row -> row.group(1)).toList();
    }
}
