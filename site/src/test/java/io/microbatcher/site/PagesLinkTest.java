package io.microbatcher.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.Test;

/** Every link leads somewhere, and no page needs the network. */
class PagesLinkTest {
    private final Map<Path, Set<String>> anchors = new HashMap<>();

    @Test
    void everyLinkAndEveryAnchorIsThere() throws IOException {
        List<String> broken = new ArrayList<>();
        int links = 0;
        for (Path page : MadeSite.pages()) {
            for (Element element : Jsoup.parse(page).select("[href], [src]")) {
                String link = element.hasAttr("href") ? element.attr("href") : element.attr("src");
                if (!link.matches("(https?|data):.*")) {
                    links++;
                    if (!leadsSomewhere(page, link)) {
                        broken.add(MadeSite.nameOf(page) + " -> " + link);
                    }
                }
            }
        }
        assertThat(broken).isEmpty();
        assertThat(links).isGreaterThan(1_000);
    }

    private boolean leadsSomewhere(Path page, String link) throws IOException {
        URI target = page.toUri().resolve(link);
        Path file = Path.of(URI.create(target.toString().replaceFirst("#.*", "")));
        if (!Files.isRegularFile(file)) {
            return false;
        }
        return target.getFragment() == null || anchorsOf(file).contains(target.getFragment());
    }

    private Set<String> anchorsOf(Path file) throws IOException {
        Set<String> known = anchors.get(file);
        if (known == null) {
            Document document = Jsoup.parse(file);
            known = new TreeSet<>(document.select("[id]").eachAttr("id"));
            anchors.put(file, known);
        }
        return known;
    }

    @Test
    void aPageIsOneOfThoseThatWereWrittenOrIsMadeOfThem() {
        assertThat(MadeSite.pages())
                .extracting(MadeSite::nameOf)
                .contains(
                        "index.html",
                        "quick-start.html",
                        "guide.html",
                        "contract.html",
                        "recipes.html",
                        "configuration.html",
                        "design.html",
                        "performance.html",
                        "pipe.html",
                        "tune.html",
                        "changelog.html",
                        "adr/index.html",
                        "adr/0001-late-binding.html",
                        "source/LICENSE.html");
    }

    @Test
    void everyPageIsReachedFromTheFirst() throws IOException {
        Set<Path> reached = new TreeSet<>();
        List<Path> toVisit = new ArrayList<>(List.of(MadeSite.OUT.resolve("index.html")));
        while (!toVisit.isEmpty()) {
            Path page = toVisit.remove(toVisit.size() - 1);
            if (!page.startsWith(MadeSite.OUT.resolve("api"))
                    && page.toString().endsWith(".html")
                    && reached.add(page)) {
                for (String link : Jsoup.parse(page).select("a[href]").eachAttr("href")) {
                    if (!link.matches("https?:.*")) {
                        toVisit.add(Path.of(
                                URI.create(page.toUri().resolve(link).toString().replaceFirst("#.*", ""))));
                    }
                }
            }
        }
        assertThat(reached).containsExactlyInAnyOrderElementsOf(MadeSite.pages());
    }

    @Test
    void noPageNeedsTheNetwork() throws IOException {
        for (Path page : MadeSite.pages()) {
            assertThat(Jsoup.parse(page).select("link, script, img, iframe, source, video"))
                    .as(MadeSite.nameOf(page))
                    .noneMatch(element -> (element.attr("href") + element.attr("src")).matches("(https?:)?//.*"));
        }
        assertThat(Files.readString(MadeSite.OUT.resolve("site.css"))).doesNotContain("//", "@import");
    }

    @Test
    void anIdIsOnAPageOnce() throws IOException {
        for (Path page : MadeSite.pages()) {
            assertThat(Jsoup.parse(page).select("[id]").eachAttr("id"))
                    .as(MadeSite.nameOf(page))
                    .doesNotHaveDuplicates();
        }
    }
}
