package io.microbatcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Four slots, and who may take them. A worker that returns is trusted for a millisecond. */
class SlotCountsTest {
    private static final long TRUST_NANOS = 1_000_000;
    private Slots slots;

    @BeforeEach
    void fourSlots() {
        Options<String, String> options = new Options<>((List<String> jobs) -> jobs);
        options.maxConcurrentBatches = 4;
        options.executor = Runnable::run;
        slots = new Slots(options.validated());
    }

    private void runs(int workers) {
        assertThat(slots.start(workers, 0)).isEqualTo(workers);
        for (int i = 0; i < workers; i++) {
            slots.arrived();
            slots.run();
        }
    }

    @Test
    void r3_1_workersAreStartedForBatchesThatNobodyComesForAndNeverMoreThanSlots() {
        assertThat(slots.limit()).isEqualTo(4);
        assertThat(slots.start(2, 0)).isEqualTo(2);
        assertThat(slots.coming(0)).isEqualTo(2);
        assertThat(slots.free()).isEqualTo(2);
        assertThat(slots.start(2, 0)).isZero();
        assertThat(slots.start(10, 0)).isEqualTo(2);
        assertThat(slots.start(10, 0)).isZero();
        assertThat(slots.free()).isZero();
    }

    @Test
    void r3_4_aSlotIsFreeAgainWhenItsBatchIsDoneOrItsWorkerNeverCame() {
        runs(3);
        assertThat(slots.running()).isEqualTo(3);
        assertThat(slots.coming(0)).isZero();
        assertThat(slots.start(1, 0)).isEqualTo(1);
        slots.arrived(); // and finds nothing
        slots.done();
        assertThat(slots.free()).isEqualTo(2);
    }

    @Test
    void aWorkerThatReturnsIsCountedOnForAWhile() {
        runs(1);
        slots.done();
        slots.returns();
        assertThat(slots.coming(0)).as("nothing depends on it yet").isZero();
        assertThat(slots.start(2, 10)).isEqualTo(1);
        assertThat(slots.trustEndsNanos()).isEqualTo(10 + TRUST_NANOS);
        assertThat(slots.coming(10)).isEqualTo(2);
        assertThat(slots.uncovered(10)).isEqualTo(2);
        assertThat(slots.start(2, 9 + TRUST_NANOS))
                .as("the patience is not renewed")
                .isZero();
        assertThat(slots.coming(9 + TRUST_NANOS)).isEqualTo(2);
        assertThat(slots.coming(10 + TRUST_NANOS)).isEqualTo(1);
        assertThat(slots.uncovered(10 + TRUST_NANOS)).isEqualTo(3);
        assertThat(slots.start(2, 10 + TRUST_NANOS)).isEqualTo(1);
    }

    @Test
    void thePatienceEndsWithWhatItWasFor() {
        runs(1);
        slots.done();
        slots.returns();
        assertThat(slots.start(1, 10)).isZero();
        assertThat(slots.start(0, 20)).isZero();
        assertThat(slots.trustEndsNanos()).isEqualTo(Nanos.FOREVER);
        assertThat(slots.start(1, 30)).isZero();
        assertThat(slots.trustEndsNanos()).isEqualTo(30 + TRUST_NANOS);
        slots.returned();
        assertThat(slots.start(1, 40)).isEqualTo(1);
        assertThat(slots.trustEndsNanos()).isEqualTo(Nanos.FOREVER);
    }

    @Test
    void lingeringInVainIsGivenUpAndTriedNowAndThen() {
        assumeTrue(Runtime.getRuntime().availableProcessors() > 1, "alone, nobody lingers");
        for (int i = 0; i < 16; i++) {
            assertThat(slots.lingers()).isTrue();
            assertThat(slots.isLingering()).isTrue();
            slots.lingered(false);
            assertThat(slots.isLingering()).isFalse();
        }
        for (int i = 0; i < 31; i++) {
            assertThat(slots.lingers()).isFalse();
        }
        assertThat(slots.lingers()).isTrue();
        slots.lingered(true); // worth two that are not
        for (int i = 0; i < 2; i++) {
            assertThat(slots.lingers()).isTrue();
            slots.lingered(false);
        }
        assertThat(slots.lingers()).isFalse();
    }

    @Test
    void aWorkerThatLingersIsCountedOnLikeOneThatReturns() {
        assumeTrue(Runtime.getRuntime().availableProcessors() > 1, "alone, nobody lingers");
        assertThat(slots.lingers()).isTrue();
        assertThat(slots.start(1, 0)).isZero();
        assertThat(slots.coming(0)).isEqualTo(1);
        slots.lingered(true);
        assertThat(slots.start(1, 0)).isEqualTo(1);
    }

    // ---------------------------------------------------------------- a limit that adapts

    private void adapting() {
        Options<String, String> options = new Options<>((List<String> jobs) -> jobs);
        options.adaptsConcurrency = true;
        options.maxConcurrentBatches = 16;
        options.batchSize = 32;
        options.executor = Runnable::run;
        slots = new Slots(options.validated());
    }

    private static Batch<String, String> batch(long dispatchedNanos) {
        Batch<String, String> batch = new Batch<>(new Lane<>(null, null, false, false));
        batch.fill(new PendingJob<>("job"), 32, 32.0 * dispatchedNanos);
        batch.dispatchedNanos = dispatchedNanos;
        return batch;
    }

    @Test
    void aFixedLimitLearnsNothing() {
        slots.learn(batch(1_000), new TimeoutException(), 2_000, 0);
        assertThat(slots.limit()).isEqualTo(4);
        assertThat(slots.adapts()).isFalse();
    }

    @Test
    void r3_1_aLimitThatAdaptsLearnsFromBatchesThatSucceed() {
        adapting();
        assertThat(slots.adapts()).isTrue();
        runs(4);
        for (long i = 1; i < 20; i++) {
            slots.learn(batch(i * 1_000), null, i * 1_000 + 4_000, 100);
        }
        assertThat(slots.limit()).isEqualTo(4);
        slots.learn(batch(20_000), null, 24_000, 100);
        assertThat(slots.limit()).isEqualTo(8);
    }

    @Test
    void r3_1_timeOutsAndRefusalsHalveIt() {
        adapting();
        slots.learn(batch(1_000), new IllegalStateException("the jobs' own fault"), 2_000, 0);
        assertThat(slots.limit()).isEqualTo(4);
        slots.learn(batch(1_000), new TimeoutException(), 2_000, 0);
        assertThat(slots.limit()).isEqualTo(2);
        slots.learn(batch(3_000), new RejectedExecutionException(), 4_000, 0);
        assertThat(slots.limit()).isEqualTo(1);
    }

    @Test
    void r3_1_batchesThatHangDoNotCountUpToTheMaximum() {
        adapting();
        slots.hanging(2);
        assertThat(slots.limit()).isEqualTo(6);
        slots.hanging(100);
        assertThat(slots.limit()).isEqualTo(16);
    }
}
