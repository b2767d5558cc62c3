package io.microbatcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The chain of jobs in a lane: order, weight, memory, and the claims. */
class LaneChainTest {
    private static final int FEW = 64;

    private final Lane<String, String> lane = new Lane<>(null, null, false, false);
    private final Lane<String, String> weighing = new Lane<>(null, null, true, false);

    private PendingJob<String, String> append(long acceptedNanos) {
        PendingJob<String, String> job = new PendingJob<>("accepted at " + acceptedNanos);
        job.acceptedNanos = acceptedNanos;
        lane.append(job);
        return job;
    }

    private List<PendingJob<String, String>> append(int jobs) {
        List<PendingJob<String, String>> all = new ArrayList<>();
        for (int i = 0; i < jobs; i++) {
            all.add(append((long) i));
        }
        return all;
    }

    private PendingJob<String, String> append(String name, long weight) {
        PendingJob<String, String> job = new RoutedJob<>(name, weight, null, null, null);
        weighing.append(job);
        return job;
    }

    private static void end(Lane<String, String> lane, PendingJob<String, String> job) {
        job.place = null;
        lane.forget(job);
    }

    private List<PendingJob<String, String>> living() {
        List<PendingJob<String, String>> living = new ArrayList<>();
        lane.collect(living);
        return living;
    }

    private int nodes() {
        int nodes = 0;
        for (PendingJob<String, String> job = lane.oldest(); job != null; job = job.next) {
            nodes++;
        }
        return nodes;
    }

    private static Batch<String, String> taken(Lane<String, String> lane, int maxSize, long maxWeight) {
        Batch<String, String> batch = new Batch<>(lane);
        lane.take(batch, maxSize, maxWeight);
        return batch;
    }

    // ---------------------------------------------------------------- order and memory

    @Test
    void r2_5_whoeverEndsTheOthersKeepTheirOrder() {
        List<PendingJob<String, String>> jobs = append(500);
        for (int i = 499; i >= 0; i--) {
            if (i % 5 != 2) {
                end(lane, jobs.get(i));
            }
        }
        List<PendingJob<String, String>> rest =
                jobs.stream().filter(job -> job.place == lane).toList();
        assertThat(lane.size()).isEqualTo(100);
        assertThat(living()).isEqualTo(rest);
        assertThat(jobsOf(taken(lane, 30, 1)))
                .isEqualTo(rest.subList(0, 30).stream().map(job -> job.job).toList());
        assertThat(living()).isEqualTo(rest.subList(30, 100));
        append(1_000L);
        assertThat(living()).hasSize(71);
        assertThat(lane.size()).isEqualTo(71);
    }

    @Test
    void r1_6_theEndedAreSweptAwayWhenTheyOutnumberTheLiving() {
        List<PendingJob<String, String>> jobs = append(1_000);
        for (int i = 1; i < 1_000; i++) {
            end(lane, jobs.get(i));
            assertThat(nodes()).isLessThanOrEqualTo(lane.size() + Math.max(FEW, lane.size()));
        }
        assertThat(lane.size()).isEqualTo(1);
        PendingJob<String, String> last = append(2_000L);
        assertThat(living()).containsExactly(jobs.get(0), last);
    }

    @Test
    void r1_6_aSweepIsNotForEachThatEnds() {
        List<PendingJob<String, String>> jobs = append(1_000);
        for (int i = 1; i <= 400; i++) {
            end(lane, jobs.get(i));
        }
        assertThat(nodes()).isEqualTo(1_000);
    }

    @Test
    void theEndedThatABatchPassesOverAreNotCountedTwice() {
        List<PendingJob<String, String>> jobs = append(130);
        for (int i = 1; i <= 60; i++) {
            end(lane, jobs.get(i));
        }
        assertThat(taken(lane, 60, 1).size()).isEqualTo(60); // over all those
        List<PendingJob<String, String>> later = append(FEW);
        for (PendingJob<String, String> job : later) {
            end(lane, job);
        }
        assertThat(nodes()).as("not swept: few are dead").isEqualTo(10 + FEW);
    }

    @Test
    void theEndedAtTheHeadAreNotCountedTwice() {
        List<PendingJob<String, String>> jobs = append(2 * FEW);
        for (PendingJob<String, String> job : jobs.subList(0, FEW)) {
            end(lane, job);
        }
        assertThat(lane.oldest()).isSameAs(jobs.get(FEW)); // drops them
        for (PendingJob<String, String> job : jobs.subList(FEW + 1, 2 * FEW)) {
            end(lane, job);
        }
        assertThat(nodes()).as("not swept: few are dead").isEqualTo(FEW);
    }

    @Test
    void theMeanIsOfThoseThatWait() {
        PendingJob<String, String> first = append(10L);
        append(20L);
        append(60L);
        assertThat(lane.meanNanos()).isEqualTo(30);
        end(lane, first);
        assertThat(lane.meanNanos()).isEqualTo(40);
        assertThat(lane.oldestNanos()).isEqualTo(20);
        Batch<String, String> batch = taken(lane, 1, 1);
        assertThat(batch.sojournNanos(100)).isEqualTo(80);
        assertThat(lane.meanNanos()).isEqualTo(60);
        assertThat(taken(lane, 1, 1).sojournNanos(100)).isEqualTo(40);
        assertThat(lane.oldestNanos()).isEqualTo(Nanos.FOREVER);
        append(7L);
        assertThat(lane.meanNanos()).isEqualTo(7);
    }

    @Test
    void aBatchOfSeveralKnowsHowLongTheyWereThere() {
        append(10L);
        append(20L);
        append(60L);
        assertThat(taken(lane, 3, 1).sojournNanos(100)).isEqualTo(210);
    }

    // ---------------------------------------------------------------- flush

    @Test
    void r2_6_theMarkMovesToTheLastLivingJobBeforeIt() {
        List<PendingJob<String, String>> jobs = append(200);
        lane.markFlush();
        append(300L);
        for (int i = 199; i > 0; i--) {
            end(lane, jobs.get(i));
        }
        assertThat(lane.isFlushing()).isTrue();
        end(lane, jobs.get(0));
        assertThat(lane.isFlushing()).isFalse();
        assertThat(lane.size()).isEqualTo(1);
    }

    @Test
    void r2_6_aSweepBehindTheMarkDoesNotMoveIt() {
        append(100);
        lane.markFlush();
        List<PendingJob<String, String>> behind = append(200);
        for (PendingJob<String, String> job : behind) {
            if (job != behind.get(150)) {
                end(lane, job);
            }
        }
        assertThat(nodes()).as("swept").isLessThan(200);
        assertThat(lane.isFlushing()).isTrue();
        taken(lane, 100, 1);
        assertThat(lane.isFlushing()).isFalse();
    }

    @Test
    void r2_6_byWeightTooTheFlushIsOverWhenItsLastJobHasLeft() {
        append("a", 1);
        append("b", 1);
        weighing.markFlush();
        append("c", 1);
        taken(weighing, 1, 7);
        assertThat(weighing.isFlushing()).isTrue();
        taken(weighing, 1, 7);
        assertThat(weighing.isFlushing()).isFalse();
    }

    @Test
    void r2_6_theFlushIsOverWhenItsLastJobHasLeft() {
        append(3);
        lane.markFlush();
        append(1);
        taken(lane, 2, 1);
        assertThat(lane.isFlushing()).isTrue();
        taken(lane, 1, 1);
        assertThat(lane.isFlushing()).isFalse();
    }

    // ---------------------------------------------------------------- weight

    @Test
    void r2_1_theWeightIsExactHoweverLargeItWas() {
        PendingJob<String, String> first = append("a", Long.MAX_VALUE);
        PendingJob<String, String> second = append("b", Long.MAX_VALUE);
        append("c", 5);
        assertThat(weighing.weight()).isEqualTo(Long.MAX_VALUE);
        end(weighing, second);
        assertThat(weighing.weight()).isEqualTo(Long.MAX_VALUE);
        end(weighing, first);
        assertThat(weighing.weight()).isEqualTo(5);
    }

    @Test
    void r2_1_jobsThatWeighNothingAddNothing() {
        PendingJob<String, String> first = append("a", 0);
        assertThat(weighing.weight()).isZero();
        append("b", 0);
        end(weighing, first);
        assertThat(weighing.weight()).isZero();
    }

    @Test
    void r2_1_aLaneThatWasEmptyKnowsItsWeightAgain() {
        end(weighing, append("a", 5));
        assertThat(weighing.weight()).isZero();
        append("b", Long.MAX_VALUE);
        PendingJob<String, String> last = append("c", 1);
        assertThat(weighing.weight()).isEqualTo(Long.MAX_VALUE);
        append("d", 1);
        end(weighing, last);
        assertThat(weighing.weight()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void r2_1_jobsAreTakenAsLongAsTheyFit() {
        append("a", 3);
        append("b", 4);
        append("c", 1);
        assertThat(jobsOf(taken(weighing, 10, 7))).containsExactly("a", "b");
        assertThat(weighing.weight()).isEqualTo(1);
        assertThat(weighing.size()).isEqualTo(1);
        append("d", 1);
        assertThat(jobsOf(taken(weighing, 1, 7))).containsExactly("c");
        assertThat(jobsOf(taken(weighing, 10, 7))).containsExactly("d");
        assertThat(weighing.oldest()).isNull();
        append("e", 1);
        assertThat(jobsOf(taken(weighing, 10, 7))).containsExactly("e");
    }

    // ---------------------------------------------------------------- claims

    @Test
    void r6_5_aLaneVanishesWithItsLastClaimAndMayNotBeClaimedAgain() {
        Lane<String, String> keyed = new Lane<>(null, "key", false, false);
        assertThat(keyed.isClaimed()).isTrue();
        keyed.claimAgain();
        assertThat(keyed.isClaimed()).isTrue();
        assertThat(keyed.isVanished()).isFalse();
        assertThat(keyed.isVanished()).isFalse();
        assertThat(keyed.isVanished()).isTrue();
        assertThat(keyed.isClaimed()).isFalse();
    }

    @Test
    void r6_5_theOnlyLaneNeverVanishes() {
        assertThat(lane.isClaimed()).isTrue();
        lane.claimAgain();
        assertThat(lane.isVanished()).isFalse();
        assertThat(lane.isClaimed()).isTrue();
    }

    private static List<String> jobsOf(Batch<String, String> batch) {
        List<String> jobs = new ArrayList<>();
        for (PendingJob<String, String> job = batch.first(); job != null; job = job.next) {
            jobs.add(job.job);
        }
        return jobs;
    }
}
