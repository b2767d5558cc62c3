package io.microbatcher.site;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Pages are what they should be in a real browser, on a desk and on a phone. */
class PagesRenderTest {
    private static final int DESK = 1280;
    private static final int PHONE = 390;

    private static Browser browser;

    @BeforeAll
    static void start() throws Exception {
        Optional<Path> executable = Browser.find();
        if (executable.isPresent()) {
            browser = new Browser(executable.get());
        }
    }

    @AfterAll
    static void stop() throws Exception {
        if (browser != null) {
            browser.close();
        }
    }

    @BeforeEach
    void atADesk() throws Exception {
        Assumptions.assumeTrue(browser != null, "no Chromium or Chrome was found: ./docs/browser says what to do");
        browser.resize(DESK, 800);
        browser.prefersDark(false);
    }

    @TestFactory
    Stream<DynamicTest> aPageRendersAtADeskAndOnAPhone() {
        return MadeSite.pages().stream()
                .map(page -> DynamicTest.dynamicTest(MadeSite.nameOf(page), () -> {
                    browser.resize(DESK, 800);
                    browser.open(page);
                    renders(page, DESK);
                    browser.resize(PHONE, 800);
                    renders(page, PHONE);
                }));
    }

    private static void renders(Path page, int width) throws Exception {
        Document document = Jsoup.parse(page);
        String name = MadeSite.nameOf(page);
        assertThat(browser.complaints()).as(name).isEmpty();
        assertThat(browser.evaluate("document.title").asText())
                .as("the title of %s", name)
                .isEqualTo(document.title())
                .contains("Micro-Batcher");
        assertThat(browser.evaluate("document.querySelector('main h1').innerText")
                        .asText())
                .as("the heading of %s", name)
                .isEqualTo(document.select("main h1").first().text());
        assertThat(browser.evaluate("getComputedStyle(document.querySelector('header')).position")
                        .asText())
                .as("what the style sheet says on %s", name)
                .isEqualTo("sticky");
        assertThat(strings(browser.evaluate(HIDDEN)))
                .as("blocks of code, tables and pictures of %s that cannot be seen", name)
                .isEmpty();
        assertThat(strings(browser.evaluate(OVERFLOW)))
                .as("what is wider than %s pixels on %s", width, name)
                .isEmpty();
        assertThat(strings(browser.evaluate(BLANK)))
                .as("pictures of %s that do not load", name)
                .isEmpty();
    }

    private static final String BLANK =
            "[...document.images].filter(image => !(image.naturalWidth > 0)).map(image => image.src)";

    private static final String HIDDEN = """
            [...document.querySelectorAll('main pre, main table, main img')]
                .filter(e => !e.checkVisibility() || e.getBoundingClientRect().width < 20
                    || e.getBoundingClientRect().height < 10)
                .map(e => e.outerHTML.slice(0, 80))""";

    /** Blocks of code and tables may scroll inside; nothing else is to be wider than the window. */
    private static final String OVERFLOW = """
            (() => {
              const width = document.documentElement.clientWidth;
              const scrolls = e => e.parentElement && e.parentElement.closest('pre, .table');
              const wide = [...document.querySelectorAll('body *')]
                  .filter(e => e.checkVisibility() && !scrolls(e) && !e.closest('.skip'))
                  .filter(e => e.getBoundingClientRect().right > width + 0.5)
                  .map(e => e.outerHTML.slice(0, 80));
              if (document.documentElement.scrollWidth > width) wide.push('the page');
              return wide;
            })()""";

    @Test
    void everyEntryOfTheNavigationOpensItsPageByAClick() throws Exception {
        browser.open(MadeSite.OUT.resolve("index.html"));
        for (Element link : Jsoup.parse(MadeSite.OUT.resolve("index.html")).select("nav a")) {
            String href = link.attr("href");
            browser.open(MadeSite.OUT.resolve("index.html"));
            browser.follow("nav a[href='" + href + "']");
            assertThat(browser.evaluate("document.title").asText())
                    .isEqualTo(Jsoup.parse(MadeSite.OUT.resolve(href)).title());
            if (!href.startsWith("api/")) {
                assertThat(browser.evaluate("document.querySelector('nav [aria-current=page]').innerText")
                                .asText())
                        .isEqualTo(link.text());
            }
        }
    }

    @Test
    void onAPhoneTheMenuOpensAndLeadsToAPage() throws Exception {
        browser.resize(PHONE, 800);
        browser.open(MadeSite.OUT.resolve("index.html"));
        assertThat(browser.evaluate("document.querySelector('nav').checkVisibility()")
                        .asBoolean())
                .isFalse();
        browser.click("button.menu");
        assertThat(browser.evaluate("document.querySelector('nav').checkVisibility()")
                        .asBoolean())
                .isTrue();
        browser.follow("nav a[href='contract.html']");
        assertThat(browser.evaluate("document.title").asText()).isEqualTo("The contract · Micro-Batcher");
    }

    @Test
    void anEntryOfTheTableOfContentsLeadsToItsHeading() throws Exception {
        browser.open(MadeSite.OUT.resolve("index.html"));
        browser.click("aside li:last-child a");
        assertThat(browser.evaluate("location.hash").asText()).isNotEmpty();
        assertThat(browser.evaluate("document.querySelector(':target').getBoundingClientRect().top")
                        .asDouble())
                .isBetween(0.0, 800.0);
    }

    @Test
    void whoLikesItDarkGetsItDark() throws Exception {
        browser.open(MadeSite.OUT.resolve("index.html"));
        assertThat(brightness("backgroundColor")).isGreaterThan(brightness("color") + 400);
        browser.prefersDark(true);
        assertThat(brightness("color")).isGreaterThan(brightness("backgroundColor") + 400);
    }

    private static int brightness(String property) throws Exception {
        return browser.evaluate("getComputedStyle(document.body)." + property
                        + ".match(/[0-9]+/g).slice(0, 3).reduce((sum, part) => sum + Number(part), 0)")
                .asInt();
    }

    @Test
    void theJavadocOpens() throws Exception {
        browser.open(MadeSite.OUT.resolve("api/io/microbatcher/MicroBatcher.html"));
        assertThat(browser.complaints()).isEmpty();
        assertThat(browser.evaluate("document.querySelector('h1').innerText").asText())
                .contains("MicroBatcher");
    }

    private static List<String> strings(JsonNode array) {
        List<String> strings = new ArrayList<>();
        array.forEach(element -> strings.add(element.asText()));
        return strings;
    }
}
