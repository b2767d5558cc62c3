package io.microbatcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BisectionTest {
    private final Lane<String, String> lane = new Lane<>(null, null, false, false);

    private static List<PendingJob<String, String>> jobs(int count) {
        return IntStream.range(0, count)
                .<PendingJob<String, String>>mapToObj(
                        i -> new RetriableJob<String, String>("j" + i, 1, null, null, null))
                .toList();
    }

    private static void fail(Bisection<String, String> search, int times) {
        for (int i = 0; i < times; i++) {
            assertThat(search.isHopeless()).isFalse();
            search.heard(false);
        }
    }

    /** The batch itself has failed already; from the top to a single job it fails once for each halving, and three times more. */
    @ParameterizedTest
    @CsvSource({"2, 4", "3, 5", "4, 5", "5, 6", "8, 6", "9, 7"})
    void r7_6_aSearchThatNeverSucceedsIsGivenUpSoonAfterItCouldHave(int jobs, int failures) {
        Bisection<String, String> search = new Bisection<>(jobs);
        fail(search, failures);
        assertThat(search.isHopeless()).isTrue();
    }

    @Test
    void r7_6_aSearchThatHasSucceededIsTrustedFourTimesAsLongAndNotEachTimeLonger() {
        Bisection<String, String> search = new Bisection<>(8);
        search.heard(true);
        search.heard(true);
        fail(search, 27);
        search.heard(true);
        fail(search, 28);
        assertThat(search.isHopeless()).isTrue();
    }

    @Test
    void r7_5_theFirstHalfIsDoneWithBeforeTheSecondIsTried() {
        Bisection<String, String> search = new Bisection<>(5);
        List<PendingJob<String, String>> jobs = jobs(5);
        assertThat(search.split(jobs, lane)).hasSize(2);
        Rerun<String, String> first = search.next();
        assertThat(first.jobs).isEqualTo(jobs.subList(0, 3));
        search.split(first.jobs, lane);
        assertThat(search.next().jobs).isEqualTo(jobs.subList(0, 2));
        assertThat(search.next().jobs).isEqualTo(jobs.subList(2, 3));
        assertThat(search.next().jobs).isEqualTo(jobs.subList(3, 5));
        assertThat(search.next()).isNull();
    }

    @Test
    void r7_5_aPartWhoseJobsHaveAllEndedIsLeftOut() {
        Bisection<String, String> search = new Bisection<>(4);
        List<PendingJob<String, String>> jobs = jobs(4);
        search.split(jobs, lane).get(0).living = 0;
        assertThat(search.next().jobs).isEqualTo(jobs.subList(2, 4));
    }
}
