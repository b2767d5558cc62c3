package io.microbatcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When and why jobs leave: batches of ten, a cycle of 100 ns. */
class TriggerTest {
    private final Options<String, String> options = new Options<>((List<String> jobs) -> jobs);
    private final Lane<String, String> lane = new Lane<>(null, null, false, false);

    private Trigger trigger() {
        options.batchSize = 10;
        options.batchCycle = Duration.ofNanos(100);
        options.executor = Runnable::run;
        return new Trigger(options.validated());
    }

    private Trigger naturalTrigger() {
        options.dispatchPolicy = DispatchPolicy.natural();
        return trigger();
    }

    private void waiting(int jobs) {
        while (lane.size() < jobs) {
            PendingJob<String, String> job = new PendingJob<>("job");
            job.acceptedNanos = 1_000;
            lane.append(job);
        }
    }

    private static Lane<String, String> weighing(long... weights) {
        Lane<String, String> lane = new Lane<>(null, null, true, false);
        for (long weight : weights) {
            lane.append(new RoutedJob<>("job", weight, null, null, null));
        }
        return lane;
    }

    @Test
    void r2_2_aLaneIsRipeWithABatchAndNotOneJobEarlier() {
        Trigger trigger = trigger();
        waiting(9);
        assertThat(trigger.isRipe(lane)).isFalse();
        assertThat(trigger.missing(9)).isEqualTo(1);
        waiting(10);
        assertThat(trigger.isRipe(lane)).isTrue();
    }

    @Test
    void r2_6_aLaneThatIsFlushedIsRipe() {
        Trigger trigger = trigger();
        waiting(1);
        lane.markFlush();
        assertThat(trigger.isRipe(lane)).isTrue();
    }

    @Test
    void r2_1_aLaneIsRipeWithTheMaximalWeight() {
        options.weigher = job -> 1;
        options.maxBatchWeight = 7;
        Trigger trigger = trigger();
        assertThat(trigger.isRipe(weighing(3, 3))).isFalse();
        assertThat(trigger.isRipe(weighing(3, 4))).isTrue();
    }

    @Test
    void r2_2_fullBatchesAreCountedAndTheRestIfItHasToLeave() {
        Trigger trigger = trigger();
        waiting(5);
        assertThat(trigger.batches(lane)).isEqualTo(1);
        waiting(20);
        assertThat(trigger.batches(lane)).isEqualTo(2);
        waiting(25);
        assertThat(trigger.batches(lane)).isEqualTo(2);
        trigger.pressed(true);
        assertThat(trigger.batches(lane)).isEqualTo(3);
        trigger.pressed(false);
        lane.markFlush();
        assertThat(trigger.batches(lane)).isEqualTo(3);
    }

    @Test
    void r4_1_atTheEndTheRestLeavesTooButNoEmptyBatch() {
        Trigger trigger = trigger();
        trigger.closing();
        waiting(20);
        assertThat(trigger.batches(lane)).isEqualTo(2);
        waiting(21);
        assertThat(trigger.batches(lane)).isEqualTo(3);
    }

    @Test
    void r2_1_batchesByWeightAreNoMoreThanJobs() {
        options.weigher = job -> 1;
        options.maxBatchWeight = 10;
        Trigger trigger = trigger();
        assertThat(trigger.batches(weighing(9, 9, 9))).isEqualTo(2);
        assertThat(trigger.batches(weighing(1_000, 1))).isEqualTo(2);
        assertThat(trigger.batches(weighing(1, 1))).isEqualTo(1);
    }

    @Test
    void r2_3_aJobIsDueInTheMomentThatTheCycleIsOver() {
        Trigger trigger = trigger();
        waiting(1);
        assertThat(trigger.dueNanos(lane)).isEqualTo(1_100);
        assertThat(trigger.dueBecause(lane, 1_099, true, false)).isNull();
        assertThat(trigger.dueBecause(lane, 1_100, true, false)).isEqualTo(DispatchReason.AGE);
        assertThat(trigger.dueBecause(lane, 1_099, false, true)).isNull();
        assertThat(trigger.dueBecause(lane, 1_100, false, true)).isEqualTo(DispatchReason.AGE);
    }

    @Test
    void r3_3_underPressureEverythingIsDue() {
        Trigger trigger = trigger();
        waiting(1);
        assertThat(trigger.isPressed()).isFalse();
        trigger.pressed(true);
        assertThat(trigger.isPressed()).isTrue();
        assertThat(trigger.dueBecause(lane, 1_000, true, false)).isEqualTo(DispatchReason.PRESSURE);
        trigger.closing();
        assertThat(trigger.dueBecause(lane, 1_000, true, false)).isEqualTo(DispatchReason.CLOSE);
    }

    @Test
    void theWordOfThePolicyCountsWhereASlotIsFreeOrLanesCompete() {
        Trigger trigger = naturalTrigger();
        waiting(1);
        assertThat(trigger.dueNanos(lane)).isEqualTo(1_000);
        assertThat(trigger.dueBecause(lane, 999, true, false)).isNull();
        assertThat(trigger.dueBecause(lane, 1_000, true, false)).isEqualTo(DispatchReason.IDLE);
        assertThat(trigger.dueBecause(lane, 1_000, false, true)).isEqualTo(DispatchReason.IDLE);
        assertThat(trigger.dueBecause(lane, 1_000, false, false)).isNull();
    }

    @Test
    void producersLookAgainWhenOneBatchMoreIsFullThanWorkersComeFor() {
        Trigger trigger = trigger();
        assertThat(trigger.looksAtEachJob()).isFalse();
        assertThat(trigger.lookAgainAt(lane, 0)).isEqualTo(10);
        assertThat(trigger.lookAgainAt(lane, 2)).isEqualTo(30);
        assertThat(trigger.lookAgainAt(lane, Integer.MAX_VALUE)).isEqualTo(Integer.MAX_VALUE);
        trigger.pressed(true);
        assertThat(trigger.looksAtEachJob()).isTrue();
        assertThat(trigger.lookAgainAt(lane, 2)).isEqualTo(21);
        trigger.pressed(false);
        trigger.closing();
        assertThat(trigger.looksAtEachJob()).isTrue();
        assertThat(trigger.lookAgainAt(lane, 2)).isEqualTo(21);
    }

    @Test
    void producersLookAgainAtEachJobWhereThePolicyOrTheWeightDecides() {
        assertThat(naturalTrigger().looksAtEachJob()).isTrue();
        assertThat(naturalTrigger().lookAgainAt(lane, 2)).isEqualTo(21);
        options.dispatchPolicy = null;
        options.weigher = job -> 1;
        assertThat(trigger().looksAtEachJob()).isTrue();
        assertThat(trigger().lookAgainAt(lane, 2)).isEqualTo(1);
    }

    @Test
    void theReasonIsWhatComesFirst() {
        Trigger trigger = trigger();
        Batch<String, String> full = batch(10, Long.MAX_VALUE);
        Batch<String, String> heavy = batch(3, 3);
        Batch<String, String> rest = batch(3, 4);
        assertThat(trigger.reason(full, true, DispatchReason.AGE)).isEqualTo(DispatchReason.SIZE);
        assertThat(trigger.reason(heavy, true, DispatchReason.AGE)).isEqualTo(DispatchReason.WEIGHT);
        assertThat(trigger.reason(rest, false, DispatchReason.AGE)).isEqualTo(DispatchReason.AGE);
        assertThat(trigger.reason(rest, true, DispatchReason.AGE)).isEqualTo(DispatchReason.FLUSH);
        assertThat(trigger.reason(rest, false, null)).isEqualTo(DispatchReason.FLUSH);
        trigger.closing();
        assertThat(trigger.reason(rest, true, DispatchReason.AGE)).isEqualTo(DispatchReason.CLOSE);
    }

    private Batch<String, String> batch(int jobs, long maxWeight) {
        Batch<String, String> batch = new Batch<>(lane);
        for (int i = 0; i < jobs; i++) {
            batch.add(new PendingJob<>("job"), maxWeight);
        }
        return batch;
    }
}
