package io.microbatcher.cli.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The simulation against the real batcher on the same workload: in what a busy machine does not change. */
class RealRunTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** The error that is stated, for jobs in a call where a batch takes long against the waking of a thread. */
    private static final double STATED = 0.25;

    @ParameterizedTest
    @ValueSource(ints = {1, 8, 100})
    void callersThatBlockFillBatchesAsTheSimulationSays(int batchSize) throws Exception {
        Setting setting = setting(new Workload.ClosedLoop(8, 0));
        // long enough for a caller that is late on a busy machine
        Candidate candidate = new Candidate(Rule.SIZE_OR_AGE, Duration.ofMillis(200), batchSize, 1);

        agree(
                new Simulation(setting, candidate).run(),
                RealRun.ofModel(setting, candidate).run(80, PATIENCE));
    }

    @Test
    void burstsAreBatchesOnThreadsToo() throws Exception {
        Setting setting = setting(new Workload.OpenLoop(200, 10));
        Candidate candidate = new Candidate(Rule.SIZE_OR_AGE, Duration.ofMillis(200), 10, 1);

        agree(
                new Simulation(setting, candidate).run(),
                RealRun.ofModel(setting, candidate).run(100, PATIENCE));
    }

    @Test
    void noJobIsFasterThanItsBatchAndItsCycleAllow() throws Exception {
        Setting setting = setting(new Workload.ClosedLoop(2, 0));
        Candidate candidate = new Candidate(Rule.SIZE_OR_AGE, Duration.ofMillis(50), 100, 1);

        Outcome measured = RealRun.ofModel(setting, candidate).run(10, PATIENCE);

        assertThat(measured.p50Nanos()).isGreaterThanOrEqualTo(60e6);
        assertThat(measured.agedPart()).isEqualTo(1);
    }

    @Test
    void theBackendServesNoMoreAtATimeThanWasSaid() throws Exception {
        Candidate twoSlots = new Candidate(Rule.NATURAL, Duration.ZERO, 1, 2);

        Outcome measured = RealRun.ofModel(setting(new Workload.ClosedLoop(2, 0)), twoSlots)
                .run(20, PATIENCE);

        assertThat(measured.jobsPerSecond()).isLessThan(120); // 10 ms each, one after the other
    }

    @Test
    void aCommandThatFailsEndsTheCheck() {
        Setting setting = setting(new Workload.ClosedLoop(2, 0));
        ShellCommand broken = new ShellCommand("echo no such table; exit 3", List.of("a"));

        assertThatThrownBy(() -> RealRun.ofCommand(setting, Candidate.withoutBatching(1), broken, PATIENCE)
                        .run(10, PATIENCE))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("exit status 3 for 1 job: no such table");
    }

    private static void agree(Outcome predicted, Outcome measured) {
        assertThat(measured.jobsPerCall()).isCloseTo(predicted.jobsPerCall(), within(STATED * predicted.jobsPerCall()));
    }

    private static Setting setting(Workload workload) {
        return new Setting(workload, new CostModel(10_000_000, 0, 0), 1, 20_000, 1_000, 1);
    }
}
