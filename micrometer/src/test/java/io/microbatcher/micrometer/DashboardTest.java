package io.microbatcher.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** The dashboard asks for what a scrape has, and for all of it. */
class DashboardTest {
    /** Tests run in the directory of their module. */
    private static final Path FILE = Path.of("..", "docs", "grafana", "microbatcher.json");

    private final JsonNode dashboard = new ObjectMapper().readTree(FILE.toFile());
    private final Scrape scrape = Scrape.afterTraffic();

    DashboardTest() throws Exception {}

    private record Target(String panel, String expression, String legend) {
        Query query() {
            return Query.of(expression);
        }
    }

    private List<JsonNode> panels() {
        return StreamSupport.stream(dashboard.get("panels").spliterator(), false)
                .toList();
    }

    private List<Target> targets() {
        List<Target> targets = new ArrayList<>();
        for (JsonNode panel : panels()) {
            for (JsonNode target : panel.path("targets")) {
                targets.add(new Target(
                        panel.get("title").asText(),
                        target.get("expr").asText(),
                        target.get("legendFormat").asText()));
            }
        }
        return targets;
    }

    @Test
    void everyMetricAndLabelOfEveryQueryIsInTheScrape() {
        assertThat(targets()).hasSizeGreaterThan(10).allSatisfy(target -> {
            Query query = target.query();
            assertThat(query.selected()).as(target.panel()).isNotEmpty();
            for (Query.Selected selected : query.selected()) {
                Set<String> labels = new LinkedHashSet<>(selected.labels());
                labels.addAll(query.grouped());
                assertThat(scrape.of(selected.metric()))
                        .as(target.expression())
                        .isNotEmpty()
                        .allSatisfy(sample -> assertThat(sample.labels()).containsKeys(labels.toArray(String[]::new)));
                selected.literals()
                        .forEach((label, value) -> assertThat(scrape.of(selected.metric()))
                                .as(label + " of " + target.expression())
                                .anySatisfy(
                                        sample -> assertThat(sample.labels()).containsEntry(label, value)));
            }
        });
    }

    @Test
    void aLegendNamesLabelsThatTheQueryKeeps() {
        Pattern label = Pattern.compile("\\{\\{(\\w+)\\}\\}");
        assertThat(targets())
                .allSatisfy(target -> assertThat(label.matcher(target.legend()).results())
                        .as(target.panel())
                        .isNotEmpty()
                        .allSatisfy(
                                named -> assertThat(target.query().grouped()).contains(named.group(1))));
    }

    @Test
    void everyMetricOfTheScrapeIsInAPanel() {
        Set<String> shown = new LinkedHashSet<>();
        targets()
                .forEach(target -> target.query().selected().forEach(selected -> shown.add(family(selected.metric()))));
        assertThat(scrape.metrics().stream().map(DashboardTest::family).distinct())
                .hasSizeGreaterThan(10)
                .containsExactlyInAnyOrderElementsOf(shown);
    }

    /** A timer and a summary are several metrics. */
    private static String family(String metric) {
        return metric.replaceAll("_(count|sum|max)$", "");
    }

    @Test
    void everyMetricOfTheScrapeHasSeenTraffic() {
        assertThat(scrape.samples())
                .filteredOn(sample -> sample.value() == 0)
                .extracting(Scrape.Sample::metric)
                .containsOnly( // what is gone by now, or lasted no time
                        "microbatcher_blocked",
                        "microbatcher_slots",
                        "microbatcher_pending",
                        "microbatcher_batch_seconds_sum",
                        "microbatcher_batch_seconds_max",
                        "microbatcher_job_seconds_sum");
    }

    @Test
    void theBatchersToChooseFromAreThoseOfTheScrape() {
        JsonNode variables = dashboard.get("templating").get("list");
        JsonNode name = StreamSupport.stream(variables.spliterator(), false)
                .filter(variable -> variable.get("name").asText().equals("name"))
                .findFirst()
                .orElseThrow();
        assertThat(name.get("query").get("query").asText()).isEqualTo("label_values(microbatcher_slots_limit, name)");
        assertThat(scrape.of("microbatcher_slots_limit"))
                .anySatisfy(sample -> assertThat(sample.labels()).containsEntry("name", "orders"));
        assertThat(targets())
                .allSatisfy(target -> assertThat(target.expression()).contains("{name=~\"$name\""));
    }

    @Test
    void panelsHaveAnIdATitleADescriptionAndAPlaceOfTheirOwn() {
        List<int[]> places = new ArrayList<>();
        assertThat(panels()).allSatisfy(panel -> {
            assertThat(panel.get("title").asText()).isNotBlank();
            assertThat(panel.get("description").asText()).isNotBlank();
            JsonNode at = panel.get("gridPos");
            int[] place = {
                at.get("x").asInt(),
                at.get("y").asInt(),
                at.get("w").asInt(),
                at.get("h").asInt()
            };
            assertThat(place[0] + place[2]).isLessThanOrEqualTo(24);
            assertThat(places).noneMatch(other -> overlap(other, place));
            places.add(place);
        });
        assertThat(panels().stream().map(panel -> panel.get("id").asInt())).doesNotHaveDuplicates();
    }

    private static boolean overlap(int[] a, int[] b) {
        return a[0] < b[0] + b[2] && b[0] < a[0] + a[2] && a[1] < b[1] + b[3] && b[1] < a[1] + a[3];
    }

    @Test
    void aQueryWhoseNamesAreNotUnderstoodIsNoQuery() {
        assertThatThrownBy(() -> Query.of("rate(microbatcher_misspelt[5m])")).isInstanceOf(AssertionError.class);
        assertThat(Query.of("sum by (a, b) (rate(x_total{c=\"d\", e=~\"$f\"}[$__rate_interval]))"))
                .satisfies(query -> {
                    assertThat(query.grouped()).containsExactly("a", "b");
                    assertThat(query.selected())
                            .containsExactly(
                                    new Query.Selected("x_total", java.util.Map.of("c", "d"), Set.of("c", "e")));
                });
    }
}
