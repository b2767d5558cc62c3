package io.microbatcher.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The reference of options says what the code says. */
class ConfigurationPageTest {
    @Test
    void everyOptionOfTheBuilderIsThereAndNothingElse() throws IOException {
        String source = Files.readString(MadeSite.ROOT.resolve("core/src/main/java/io/microbatcher/MicroBatcher.java"));
        List<String> declared = Pattern.compile("(?m)^ {8}public Builder<J, R> (\\w+)\\(")
                .matcher(source)
                .results()
                .map(found -> found.group(1))
                .distinct()
                .toList();
        assertThat(declared).hasSizeGreaterThan(20);
        assertThat(page().select("h2#batcher + p + div tbody tr td:first-child").eachText())
                .containsExactlyElementsOf(declared);
        assertThat(page().select("h2#batcher ~ section h3").eachText()).containsAll(declared);
    }

    @Test
    void anOptionHasTypeDefaultRangeMeaningAndComplaint() throws IOException {
        Element row = page().select("tr:has(a[href=#batcher-batchCycle])").first();
        assertThat(row.select("td").eachText())
                .containsExactly(
                        "batchCycle",
                        "Duration",
                        "not set, and batches leave when the adaptive policy sees no gain in waiting",
                        "Sets the longest that a job may wait for its batch to fill while a slot is free.");
        Element details = page().select("section:has(#batcher-batchCycle)").first();
        assertThat(details.select("dt").eachText()).containsExactly("Default", "Range");
        assertThat(details.select("dd").last().text()).startsWith("zero or more; zero means: never wait for company");
        assertThat(details.text()).contains("The clock starts when the first job enters an empty batch");
        assertThat(details.select(".complaint").eachText()).containsExactly("Throws NullPointerException if null.");
    }

    @ParameterizedTest
    @CsvSource({"batchSize, 100", "maxPending, '100,000'", "overflow, OverflowPolicy.BLOCK", "jobTimeout, no limit"})
    void theDefaultIsWhatTheCommentSays(String option, String byDefault) throws IOException {
        assertThat(page().select("tr:has(a[href=#batcher-" + option + "]) td:nth-child(3)")
                        .text())
                .isEqualTo(byDefault);
    }

    @ParameterizedTest
    @CsvSource({
        "'Sets it. Default 100.', 100",
        "'Sets it. Default 5 ms. Bounds memory.', 5 ms",
        "'Sets it. Default: no limit, every job weighs 1. <p>More.', 'no limit, every job weighs 1'",
        "'Sets it. The default where none is set; else a cap. More.', 'the default where none is set; else a cap'",
        "'Sets it. By default it is off.', ''",
    })
    void aDefaultIsASentenceThatBeginsWithTheWord(String comment, String byDefault) {
        assertThat(Option.byDefault(comment)).isEqualTo(byDefault);
    }

    @Test
    void whatSpringsProcessorHasWrittenIsPartOfIt(@TempDir Path root) throws IOException {
        Files.writeString(
                root.resolve("pom.xml"),
                "<project>\n  <version>1</version>\n<module>core</module><module>starter</module>");
        published(root, "core");
        published(root, "starter");
        for (Path source : Modules.of(MadeSite.ROOT).sources()) {
            if (source.startsWith(MadeSite.ROOT.resolve("core"))) {
                Files.copy(source, root.resolve("core/src/main/java").resolve(source.getFileName()));
            }
        }
        Path metadata = root.resolve("starter/target/classes/META-INF/spring-configuration-metadata.json");
        Files.createDirectories(metadata.getParent());
        Files.writeString(metadata, """
                {"properties": [{"name": "microbatcher.batch-size", "type": "java.lang.Integer", "defaultValue": 100,
                "description": "The most jobs in a <batch>."}, {"name": "microbatcher.name", "type": "java.lang.String"}]}""");
        Document page =
                Jsoup.parse(new ConfigurationPage(Modules.of(root)).page().body());
        assertThat(page.select("h2#spring-boot + p + div tbody tr").eachText())
                .containsExactly(
                        "microbatcher.batch-size Integer 100 The most jobs in a <batch>.",
                        "microbatcher.name String –");
    }

    private static void published(Path root, String module) throws IOException {
        Files.createDirectories(root.resolve(module).resolve("src/main/java"));
        Files.writeString(root.resolve(module).resolve("pom.xml"), "<maven.deploy.skip>false</maven.deploy.skip>");
    }

    private static Document page() throws IOException {
        return Jsoup.parse(MadeSite.OUT.resolve("configuration.html"));
    }
}
