package io.microbatcher.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of a page, its headings and its links. */
class MarkdownTest {
    @TempDir
    private Path root;

    @ParameterizedTest
    @CsvSource({
        "When a batch leaves, when-a-batch-leaves",
        "R1 Every job ends, r1-every-job-ends",
        "'Which configuration? `microbatcher tune`', which-configuration-microbatcher-tune",
        "'P10 – a_b: c-d', p10--a_b-c-d",
    })
    void anAnchorIsWhatCodeHostsMakeOfAHeading(String heading, String anchor) {
        assertThat(Markdown.anchor(heading)).isEqualTo(anchor);
    }

    @Test
    void equalHeadingsHaveDifferentAnchors() {
        Page page = page("# Page\n## Same\n## Same\n");
        assertThat(page.sections()).extracting(Page.Section::anchor).containsExactly("same", "same-1");
        assertThat(page.body()).contains("<h2 id=\"same\">", "<h2 id=\"same-1\">");
    }

    @Test
    void aPageWithoutATitleIsRefused() {
        assertThatThrownBy(() -> page("## Not a title\n"))
                .hasMessage("a page needs a title, '# …', but page.html has none");
    }

    @Test
    void javaIsColouredAndNothingOfItIsTakenForHtml() {
        assertThat(page("# Page\n```java\nnew List<String>(\"<b>\"); // <i>\n```\n")
                        .body())
                .contains("<span class=\"keyword\">new</span> List&lt;String&gt;("
                        + "<span class=\"string\">&quot;&lt;b&gt;&quot;</span>);"
                        + " <span class=\"comment\">// &lt;i&gt;</span>");
    }

    @Test
    void aWideTableScrollsByItself() {
        assertThat(page("# Page\n| a |\n| --- |\n| b |\n").body())
                .contains("<div class=\"table\" tabindex=\"0\"><table>")
                .contains("</table></div>");
    }

    @Test
    void aLinkLeadsToThePlaceOfItsFile() throws Exception {
        Files.createDirectories(root.resolve("docs/adr"));
        Files.createDirectories(root.resolve("examples"));
        Files.writeString(root.resolve("README.md"), "# Readme\n");
        Files.writeString(root.resolve("docs/chart.svg"), "");
        Files.writeString(root.resolve("examples/A.java"), "");
        Places places = new Places(root);
        places.put("README.md", "index.html");
        var links = places.linksOf("docs/adr/0001.md", "adr/0001.html");
        assertThat(links.apply("../../README.md#use-it")).isEqualTo("../index.html#use-it");
        assertThat(links.apply("../chart.svg")).isEqualTo("../chart.svg");
        assertThat(links.apply("../../examples/A.java")).isEqualTo("../source/examples/A.java.html");
        assertThat(links.apply("../../examples")).isEqualTo("../source/examples/index.html");
        assertThat(links.apply("https://example.org/x.md")).isEqualTo("https://example.org/x.md");
        assertThat(links.apply("#here")).isEqualTo("#here");
        assertThat(places.nextToMake()).hasValue("docs/chart.svg");
        assertThat(places.nextToMake()).hasValue("examples/A.java");
        assertThat(places.nextToMake()).hasValue("examples");
        assertThat(places.nextToMake()).isEmpty();
    }

    @Test
    void aLinkToNothingStopsTheBuild() {
        var links = new Places(root).linksOf("README.md", "index.html");
        assertThatThrownBy(() -> links.apply("docs/gone.md"))
                .hasMessage("README.md has a link to docs/gone.md, where nothing is");
    }

    private static Page page(String markdown) {
        return new Markdown().page("page.html", markdown, link -> link);
    }
}
