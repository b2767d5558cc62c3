package io.microbatcher.cli.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Cases that can be computed by hand: a batch of n costs 2 ms + 20 µs · n. */
class SimulationTest {
    private static final CostModel COST = new CostModel(2_000_000, 20_000, 0);
    private static final Duration CYCLE = Duration.ofMillis(5);

    @Test
    void aLoneCallerWaitsForItsOwnBatchAlone() {
        Outcome outcome = run(callers(1, 0), natural(100));

        assertThat(outcome.meanNanos()).isEqualTo(2_020_000);
        assertThat(outcome.p99Nanos()).isEqualTo(2_020_000);
        assertThat(outcome.jobsPerSecond()).isCloseTo(1e9 / 2_020_000, within(1e-6));
        assertThat(outcome.jobsPerCall()).isEqualTo(1);
    }

    @Test
    void twoCallersThatWereApartOnceTakeTurnsForEver() {
        Outcome outcome = run(callers(2, 20_000), natural(100));

        assertThat(outcome.jobsPerCall()).isEqualTo(1);
        assertThat(outcome.meanNanos()).isBetween(2 * 2_020_000.0 - 40_000, 2 * 2_020_000.0);
    }

    @Test
    void callersThatFillABatchWaitForNothingElse() {
        Outcome outcome = run(callers(4, 0), sizeOrAge(4));

        assertThat(outcome.meanNanos()).isEqualTo(2_080_000);
        assertThat(outcome.jobsPerCall()).isEqualTo(4);
        assertThat(outcome.agedPart()).isZero();
    }

    @Test
    void callersThatCannotFillABatchWaitTheWholeCycle() {
        Outcome outcome = run(callers(4, 0), sizeOrAge(100));

        assertThat(outcome.p50Nanos()).isEqualTo(5_000_000 + 2_080_000);
        assertThat(outcome.p99Nanos()).isEqualTo(5_000_000 + 2_080_000);
        assertThat(outcome.jobsPerCall()).isEqualTo(4);
        assertThat(outcome.agedPart()).isEqualTo(1);
    }

    @Test
    void callersThatThinkCallLessOften() {
        Setting setting = setting(new Workload.ClosedLoop(1, 8_000_000), COST, 1, 0);

        Outcome outcome = new Simulation(setting, natural(1)).run();

        assertThat(outcome.meanNanos()).isEqualTo(2_020_000);
        assertThat(outcome.jobsPerSecond()).isCloseTo(1e9 / 10_020_000, within(5.0));
    }

    @Test
    void rareJobsWaitTheWholeCycleToo() {
        Setting setting = setting(new Workload.OpenLoop(1, 1), COST, 1, 0);

        assertThat(new Simulation(setting, sizeOrAge(100)).run().p50Nanos()).isEqualTo(5_000_000 + 2_020_000);
        assertThat(new Simulation(setting, natural(100)).run().p50Nanos()).isEqualTo(2_020_000);
    }

    @Test
    void aBurstIsOneBatch() {
        Setting setting = setting(new Workload.OpenLoop(10, 10), COST, 1, 0);

        Outcome outcome = new Simulation(setting, sizeOrAge(10)).run();

        assertThat(outcome.jobsPerCall()).isCloseTo(10, within(0.1));
        assertThat(outcome.p50Nanos()).isEqualTo(2_200_000);
    }

    @Test
    void moreSlotsThanTheBackendServesQueueThere() {
        Candidate twoSlots = new Candidate(Rule.NATURAL, Duration.ZERO, 1, 2);

        Outcome two = new Simulation(setting(new Workload.ClosedLoop(2, 0), COST, 2, 0), twoSlots).run();
        Outcome one = new Simulation(setting(new Workload.ClosedLoop(2, 0), COST, 1, 0), twoSlots).run();

        assertThat(two.meanNanos()).isEqualTo(2_020_000);
        assertThat(one.p50Nanos()).isEqualTo(2 * 2_020_000);
        assertThat(two.callsPerSecond()).isCloseTo(2 * one.callsPerSecond(), within(5.0));
    }

    @Test
    void noiseChangesNoMean() {
        Setting setting = setting(new Workload.ClosedLoop(1, 0), COST.withNoise(0.3), 1, 0);

        Outcome outcome = new Simulation(setting, natural(1)).run();

        assertThat(outcome.meanNanos()).isCloseTo(2_020_000, within(0.05 * 2_020_000));
        assertThat(outcome.p99Nanos()).isGreaterThan(1.5 * outcome.p50Nanos());
    }

    @Test
    void theSameSeedGivesTheSameFiguresAndAnotherOneOthers() {
        Workload workload = new Workload.OpenLoop(2_000, 3);
        Candidate adaptive = new Candidate(Rule.ADAPTIVE, Duration.ZERO, 50, 2);
        CostModel noisy = COST.withNoise(0.2);

        Outcome first = new Simulation(new Setting(workload, noisy, 2, 20_000, 1_000, 7), adaptive).run();
        Outcome again = new Simulation(new Setting(workload, noisy, 2, 20_000, 1_000, 7), adaptive).run();
        Outcome other = new Simulation(new Setting(workload, noisy, 2, 20_000, 1_000, 8), adaptive).run();

        assertThat(again).isEqualTo(first);
        assertThat(other).isNotEqualTo(first);
    }

    @Test
    void moreJobsThanTheBackendCanEverServeAreAnOverload() {
        Setting setting = setting(new Workload.OpenLoop(1_000, 1), COST, 1, 0);

        assertThat(new Simulation(setting, natural(1)).run().keepsUp()).isFalse();
        assertThat(new Simulation(setting, natural(100)).run().keepsUp()).isTrue();
    }

    @Test
    void aBacklogThatGrowsIsAnOverloadEvenWhereFullBatchesWouldDo() {
        CostModel nearTheLimit = new CostModel(1_990_000, 0, 0);
        Setting setting = new Setting(new Workload.OpenLoop(500, 400), nearTheLimit, 1, 0, 1_000, 3);

        assertThat(new Simulation(setting, natural(1)).run().keepsUp()).isFalse();
    }

    private static Candidate natural(int batchSize) {
        return new Candidate(Rule.NATURAL, Duration.ZERO, batchSize, 1);
    }

    private static Candidate sizeOrAge(int batchSize) {
        return new Candidate(Rule.SIZE_OR_AGE, CYCLE, batchSize, 1);
    }

    private static Outcome run(Setting setting, Candidate candidate) {
        return new Simulation(setting, candidate).run();
    }

    private static Setting callers(int callers, long wakeNanos) {
        return setting(new Workload.ClosedLoop(callers, 0), COST, 1, wakeNanos);
    }

    private static Setting setting(Workload workload, CostModel cost, int served, long wakeNanos) {
        return new Setting(workload, cost, served, wakeNanos, 1_000, 1);
    }
}
