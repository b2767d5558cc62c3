package io.microbatcher.cli.tune;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class ReportTest {
    private static final CostModel COST = new CostModel(2_000_000, 20_000, 0);
    private static final Workload SIXTY_FOUR = new Workload.ClosedLoop(64, 0);

    @Test
    void sixtyFourCallersOnASizeOfAHundredAreTheTrap() {
        Report report = report(SIXTY_FOUR, 1, null);

        Outcome trap = report.trials().trap().orElseThrow();
        assertThat(trap.candidate()).isEqualTo(new Candidate(Rule.SIZE_OR_AGE, Duration.ofMillis(5), 100, 1));
        assertThat(trap.agedPart()).isGreaterThan(0.99);
        Outcome chosen = report.advice().orElseThrow().chosen();
        assertThat(trap.meanNanos()).isGreaterThan(2 * chosen.meanNanos());
        assertThat(report.rows()).contains(trap, chosen);
        assertThat(text(report))
                .containsPattern("\\d ! size or age, cycle 5 ms, size 100 ")
                .contains("! The trap: size or age, cycle 5 ms, size 100. 64 callers that block cannot fill a batch");
    }

    @Test
    void sixtyFourCallersAreRecommendedWhatTheyCanFill() {
        Advice advice = report(SIXTY_FOUR, 1, null).advice().orElseThrow();

        assertThat(advice.chosen().jobsPerCall()).isGreaterThan(45);
        assertThat(advice.chosen().meanNanos()).isLessThan(4_000_000);
        assertThat(advice.reason()).contains("calls/s", "without batching there would be 49");
    }

    @Test
    void ofCyclesThatMakeNoDifferenceTheRecommendedOneHasRoomForLateCallers() {
        Setting setting = new Setting(SIXTY_FOUR, COST, 1, 20_000, 2_000, 1);
        List<Candidate> candidates = Stream.of(200, 2_000, 3_000, 50_000)
                .map(micros -> new Candidate(Rule.SIZE_OR_AGE, Duration.ofNanos(micros * 1_000L), 64, 1))
                .toList();

        Advice advice = Advice.of(Trials.run(setting, candidates), null).orElseThrow();

        assertThat(advice.chosen().candidate().limit()).isEqualTo(Duration.ofMillis(3));
    }

    @Test
    void aLoneCallerIsToldNotToBatch() {
        Advice advice = report(new Workload.ClosedLoop(1, 0), 1, null).advice().orElseThrow();

        assertThat(advice.chosen().candidate()).isEqualTo(Candidate.withoutBatching(1));
        assertThat(advice.chosen().candidate().code()).containsExactly(".batchSize(1)");
        assertThat(advice.reason()).startsWith("Nothing that batches is faster");
    }

    @Test
    void jobsThatComeByThemselvesAreRecommendedTheAdaptivePolicy() {
        Advice advice =
                report(new Workload.OpenLoop(2_000, 1), 1, null).advice().orElseThrow();

        assertThat(advice.chosen().candidate().rule()).isEqualTo(Rule.ADAPTIVE);
        assertThat(advice.chosen().candidate().code()).contains(".adaptive()");
        assertThat(advice.reason()).contains("without batching the backend could not keep up");
    }

    @Test
    void withATargetTheFewestCallsThatMeetItAreRecommended() {
        Report report = report(new Workload.OpenLoop(2_000, 1), 1, Duration.ofMillis(20));

        Outcome chosen = report.advice().orElseThrow().chosen();
        assertThat(chosen.p99Nanos()).isLessThanOrEqualTo(20e6);
        assertThat(report.trials().thatKeepUp())
                .filteredOn(outcome -> outcome.p99Nanos() <= 20e6)
                .allSatisfy(
                        outcome -> assertThat(chosen.callsPerJob()).isLessThanOrEqualTo(outcome.callsPerJob() * 1.021));
        assertThat(report.advice().get().reason()).contains("within the target of 20 ms", "calls least often");
    }

    @Test
    void aTargetThatNothingMeetsIsSaidSo() {
        Advice advice = report(new Workload.OpenLoop(2_000, 1), 1, Duration.ofMillis(1))
                .advice()
                .orElseThrow();

        assertThat(advice.reason()).startsWith("No configuration meets the target of 1 ms; this one comes nearest");
    }

    @Test
    void anOverloadOfEverythingIsSaidWithWhatWouldBePossible() {
        Report report = report(new Workload.OpenLoop(60_000, 1), 1, null);

        assertThat(report.advice()).isEmpty();
        assertThat(report.overload())
                .startsWith("Overload: no configuration keeps up with 60,000 jobs/s.")
                .contains("Full batches of 500 make 41,667 jobs/s at most", "no size makes it more than 50,000");
        assertThat(text(report)).contains("Overload:").doesNotContain("Recommended");
    }

    @Test
    void theTableHasFewRowsWithTheFastestFirstAndNoneThatAnotherBeatsInEverything() {
        Report report = report(new Workload.OpenLoop(2_000, 1), 4, Duration.ofMillis(20));

        assertThat(report.trials().outcomes()).hasSizeGreaterThan(80);
        assertThat(report.rows()).hasSizeBetween(3, 11);
        assertThat(report.rows()).extracting(Outcome::meanNanos).isSorted();
        List<Outcome> kept = report.trials().worthALook(Optional.empty(), 8);
        for (Outcome one : kept) {
            assertThat(kept)
                    .noneMatch(other -> !other.equals(one)
                            && other.meanNanos() <= one.meanNanos()
                            && other.p99Nanos() <= one.p99Nanos()
                            && other.callsPerJob() <= one.callsPerJob());
        }
    }

    @Test
    void thePlotIsXmlWithEveryCandidateThatKeepsUpAndTheRecommendedOneMarked() throws Exception {
        Report report = report(new Workload.OpenLoop(1_000, 1), 2, Duration.ofMillis(20));

        Document svg = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(new Plot(report).svg().getBytes(StandardCharsets.UTF_8)));

        assertThat(report.overloaded()).isPositive();
        assertThat(titles(svg))
                .containsExactlyInAnyOrderElementsOf(report.trials().thatKeepUp().stream()
                        .map(outcome -> outcome.candidate().toString())
                        .toList());
        assertThat(elements(svg, "rect").stream()
                        .filter(rect -> rect.getAttribute("class").contains("recommended")))
                .hasSize(1);
        assertThat(elements(svg, "text"))
                .extracting(Element::getTextContent)
                .contains(
                        "calls of the backend in a second", report.overloaded() + " that cannot keep up are not drawn")
                .containsAll(IntStream.rangeClosed(1, report.rows().size())
                        .mapToObj(String::valueOf)
                        .toList());
        for (Element shape : elements(svg, "circle")) {
            assertThat(Double.parseDouble(shape.getAttribute("cx"))).isBetween(0.0, 1_020.0);
            assertThat(Double.parseDouble(shape.getAttribute("cy"))).isBetween(0.0, 560.0);
        }
    }

    @Test
    void aPlotOfNothingButOverloadIsStillXml() throws Exception {
        String svg = new Plot(report(new Workload.OpenLoop(60_000, 1), 1, null)).svg();

        DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
        assertThat(svg).doesNotContain("NaN");
    }

    @Test
    void jsonHasEveryCandidate() throws Exception {
        Report report = report(new Workload.OpenLoop(1_000, 1), 1, null);

        JsonNode json = new ObjectMapper().readTree(new JsonReport(report).text(null));

        assertThat(json.get("candidates")).hasSameSizeAs(report.trials().outcomes());
        assertThat(json.at("/recommended/name").asText())
                .isEqualTo(report.advice().orElseThrow().chosen().candidate().toString());
        assertThat(json.at("/recommended/reason").asText()).isNotBlank();
        assertThat(json.at("/setting/jobsPerSecond").asDouble()).isEqualTo(1_000);
    }

    private static List<String> titles(Document svg) {
        return elements(svg, "g").stream()
                .map(group -> group.getElementsByTagName("title").item(0).getTextContent())
                .map(title -> title.substring(0, title.indexOf(": mean ")))
                .toList();
    }

    private static List<Element> elements(Document svg, String name) {
        NodeList nodes = svg.getElementsByTagName(name);
        return IntStream.range(0, nodes.getLength())
                .mapToObj(i -> (Element) nodes.item(i))
                .toList();
    }

    private static String text(Report report) {
        StringWriter out = new StringWriter();
        new TextReport(report, new PrintWriter(out, true)).write();
        return out.toString();
    }

    @SuppressWarnings("try") // nothing is asked of it but to be there
    private static Report report(Workload workload, int served, @Nullable Duration target) {
        Setting setting = new Setting(workload, COST, served, 20_000, 2_000, 1);
        try (QuietLog log = new QuietLog()) {
            List<Candidate> candidates = Candidates.of(setting, List.of(), List.of(), target);
            return Report.of(Trials.run(setting, candidates), Optional.empty(), target);
        }
    }
}
