package io.microbatcher.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Every example does what it says. */
@Timeout(60)
class ExamplesTest {
    @Test
    void theReadmePrintsWhatItsCommentsSay() throws Exception {
        assertThat(Output.of(ReadmeExample::main)).containsExactly("42", "8");
    }

    @Test
    void theQuickStartPrintsWhatItsPageSays() throws Exception {
        List<String> printed = Output.of(QuickStartExample::main);
        assertThat(printed).containsExactly("a query for 5", "a query for 5", "customer 7");
        assertThat(Files.readString(Path.of("..", "docs", "quick-start.md"))).contains(String.join("\n", printed));
    }

    @Test
    void byPositionGivesEachCallerItsOwnLength() throws Exception {
        assertThat(Output.of(ByPositionExample::main)).containsExactly("780 in 4 batches");
    }

    @Test
    void byIdRoutesInAnyOrderAndFailsOneJobAlone() throws Exception {
        assertThat(Output.of(ByIdExample::main))
                .containsExactly("order-2: java.lang.IllegalArgumentException: cannot pay -5", "order-1: paid 30");
    }

    @Test
    void byKeySharesAnswersAndNamesTheMissingOne() throws Exception {
        assertThat(Output.of(ByKeyExample::main)).containsExactly("Grace, Ada, Grace", "3 is unknown: true");
    }

    @Test
    void asyncAnswersWhenTheStageCompletes() throws Exception {
        assertThat(Output.of(AsyncExample::main)).containsExactly("pan and agua");
    }

    @Test
    void streamingAnswersTheFirstWhileTheBatchRuns() throws Exception {
        assertThat(Output.of(StreamingExample::main)).containsExactly("A, and the second is on its way", "B");
    }

    @Test
    void sinkHasEverythingAfterADrain() throws Exception {
        assertThat(Output.of(SinkExample::main)).containsExactly("10 rows");
    }

    @Test
    void aChannelGivesEachResultWithItsJob() throws Exception {
        assertThat(Output.of(ChannelExample::main))
                .containsExactlyInAnyOrderElementsOf(IntStream.rangeClosed(1, 10)
                        .mapToObj(n -> n + " -> " + n * n)
                        .toList());
    }

    @Test
    void aChannelIsAPublisherToo() throws Exception {
        assertThat(Output.of(ChannelFlowExample::main)).containsExactly("sum 385");
    }

    @Test
    void aContextGoesWithItsJobAndTheBatchHasThemAll() throws Exception {
        assertThat(Output.of(ContextExample::main))
                .containsExactlyInAnyOrder(
                        "a batch works for request-1",
                        "a batch works for request-2",
                        "request-1: Ada",
                        "request-2: Grace");
    }

    @Test
    void metersCountWhatWasDone() throws Exception {
        assertThat(Output.of(MetersExample::main)).containsExactly("4.0 jobs succeeded");
    }

    @Test
    void aBatchIsLinkedToItsCallersAndTheyTellTheBatch() throws Exception {
        assertThat(Output.of(SpansExample::main))
                .contains("first: 0 links, 1 events", "second: 0 links, 1 events")
                .filteredOn(line -> line.startsWith("squares batch: "))
                .isNotEmpty();
    }

    @Test
    void aWebAppThatClosesInOrderLosesNoRequest() throws Exception {
        assertThat(Output.of(WebAppExample::main)).containsExactly("50 of 50 requests were answered");
    }

    @Test
    void anOpenBreakerAnswersInPlaceOfTheDatabase() throws Exception {
        assertThat(Output.of(CircuitBreakerExample::main))
                .containsExactly("1: the database failed", "2: the breaker is open", "3: 300");
    }

    @Test
    void aBulkheadRefusesTheThirdJobOfATenant() throws Exception {
        assertThat(Output.of(BulkheadExample::main)).containsExactly("1", "4", "the bulkhead is full");
    }

    @Test
    void aBreakerAroundTheCallersLetsNoJobIn() throws Exception {
        assertThat(Output.of(CallersBreakerExample::main)).containsExactly("100", "the breaker is open");
    }

    @Test
    void aFluxHasAllAnswersAndAChannelIsOne() throws Exception {
        assertThat(Output.of(ReactorExample::main)).containsExactly("sum 5500", "7 costs 700");
    }

    @Test
    void aUniHasItsAnswerAndAMultiAllOfThem() throws Exception {
        assertThat(Output.of(MutinyExample::main)).containsExactly("700", "sum 5500");
    }

    @Test
    void aCacheAsksForWhatItDoesNotHave() throws Exception {
        assertThat(Output.of(CaffeineExample::main))
                .containsExactly("{1=100, 2=200, 3=300}", "200", "3 of 4 were asked");
    }

    @Test
    void aJoinHasTheResultsOfTwoBatchers() throws Exception {
        assertThat(Output.of(JoinExample::main)).containsExactly("[700, 8]");
    }

    @Test
    void jdbcGivesKeysAndRowsToTheirCallersAndTheViolationToOneAlone() throws Exception {
        assertThat(Output.of(JdbcExample::main)).containsExactly("Ada", "null", "Grace", "SQL state 22001", "Alan");
    }
}
