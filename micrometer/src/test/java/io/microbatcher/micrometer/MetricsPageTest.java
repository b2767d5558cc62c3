package io.microbatcher.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import io.microbatcher.DispatchReason;
import io.microbatcher.JobOutcome;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** docs/metrics.md has the meters that there are, as a registry and a scrape show them. */
class MetricsPageTest {
    /** Tests run in the directory of their module. */
    private static final Path ROOT = Path.of("..");

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final String page = Files.readString(ROOT.resolve("docs/metrics.md"));
    private final Scrape scrape;

    MetricsPageTest() throws Exception {
        Traffic.through(registry);
        scrape = Scrape.of(registry);
    }

    private record Row(String meter, String type, Set<String> tags, String unit, String says) {}

    /** The cells of the rows that begin with the name of a meter. */
    private List<List<String>> rows() {
        return page.lines()
                .filter(line -> line.startsWith("| `microbatcher."))
                .map(line ->
                        Arrays.stream(line.split("\\|", -1)).map(String::strip).toList())
                .toList();
    }

    private static Set<String> code(String cell) {
        return Pattern.compile("`([^`]+)`")
                .matcher(cell)
                .results()
                .map(code -> code.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String type(Meter meter) {
        return switch (meter.getId().getType()) {
            case DISTRIBUTION_SUMMARY -> "summary";
            default -> meter.getId().getType().name().toLowerCase(Locale.ROOT);
        };
    }

    @Test
    void theTableHasEveryMeterAsTheRegistryHasIt() {
        Set<Row> there = registry.getMeters().stream()
                .map(meter -> new Row(
                        meter.getId().getName(),
                        type(meter),
                        meter.getId().getTags().stream()
                                .map(Tag::getKey)
                                .filter(key -> !key.equals("name"))
                                .collect(Collectors.toCollection(TreeSet::new)),
                        String.valueOf(meter.getId().getBaseUnit()),
                        String.valueOf(meter.getId().getDescription())))
                .collect(Collectors.toSet());
        assertThat(rows().stream()
                        .map(cells -> new Row(
                                code(cells.get(1)).iterator().next(),
                                cells.get(2),
                                code(cells.get(3)),
                                cells.get(4).isEmpty() ? "null" : cells.get(4),
                                cells.get(6))))
                .containsExactlyInAnyOrderElementsOf(there);
    }

    @Test
    void itsNamesInPrometheusAreThoseOfTheScrape() {
        assertThat(rows().stream().map(cells -> code(cells.get(5)).iterator().next()))
                .containsExactlyInAnyOrderElementsOf(scrape.metrics().stream()
                        .map(metric -> metric.replaceAll("_(count|sum|max)$", ""))
                        .distinct()
                        .toList());
    }

    @Test
    void theValuesOfTagsAreAllThatThereAre() {
        assertThat(valuesOf("outcome", "microbatcher.job")).containsExactlyElementsOf(lowerCase(JobOutcome.values()));
        assertThat(valuesOf("outcome", "microbatcher.batch"))
                .containsExactlyElementsOf(lowerCase(BatchOutcome.values()));
        assertThat(valuesOf("reason", "microbatcher.batch"))
                .containsExactlyElementsOf(lowerCase(DispatchReason.values()));
        for (String tagged : List.of("reason microbatcher.jobs.rejected", "state microbatcher.pending")) {
            String[] tagAndMeter = tagged.split(" ");
            assertThat(valuesOf(tagAndMeter[0], tagAndMeter[1]))
                    .containsExactlyInAnyOrderElementsOf(registry.get(tagAndMeter[1]).meters().stream()
                            .map(meter -> meter.getId().getTag(tagAndMeter[0]))
                            .toList());
        }
    }

    private List<String> valuesOf(String tag, String meter) {
        Pattern row = Pattern.compile("(?m)^\\| `" + tag + "` \\| `" + Pattern.quote(meter) + "` \\| (.*) \\|$");
        MatchResult found = row.matcher(page).results().findFirst().orElseThrow();
        List<String> values = new ArrayList<>();
        Pattern.compile("`([^`]+)`").matcher(found.group(1)).results().forEach(value -> values.add(value.group(1)));
        return values;
    }

    private static List<String> lowerCase(Enum<?>... values) {
        return Arrays.stream(values)
                .map(value -> value.name().toLowerCase(Locale.ROOT))
                .toList();
    }

    @Test
    void theJavadocNamesThemToo() throws Exception {
        String source = Files.readString(
                ROOT.resolve("micrometer/src/main/java/io/microbatcher/micrometer/BatcherMeters.java"));
        assertThat(Pattern.compile("<td>\\{@code (microbatcher[.a-z]+)\\}")
                        .matcher(source)
                        .results()
                        .map(row -> row.group(1)))
                .containsExactlyElementsOf(rows().stream()
                        .map(cells -> code(cells.get(1)).iterator().next())
                        .toList());
    }
}
