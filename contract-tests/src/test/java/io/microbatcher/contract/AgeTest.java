package io.microbatcher.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.microbatcher.DispatchReason;
import io.microbatcher.MicroBatcher;
import io.microbatcher.test.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AgeTest {
    private final BatchesFixture fixture = new BatchesFixture();

    private MicroBatcher<String, String> batcher(int batchSize) {
        return fixture.atOnce().batchSize(batchSize).build();
    }

    @Test
    void r2_3_theFirstJobSetsTheClockAndLaterOnesDoNotRestartIt() {
        MicroBatcher<String, String> batcher = batcher(9);
        batcher.submit("a");
        fixture.advanceMillis(9);
        batcher.submit("b");
        fixture.time.advance(Duration.ofNanos(999_999));
        assertThat(fixture.sent).isEmpty();
        fixture.time.advance(Duration.ofNanos(1));
        assertThat(fixture.sent).containsExactly(List.of("a", "b"));
        assertThat(fixture.reasons()).containsExactly(DispatchReason.AGE);
    }

    @Test
    void r2_3_theClockIsAnAgeAndNotATick() {
        MicroBatcher<String, String> batcher = batcher(9);
        fixture.advanceMillis(7);
        batcher.submit("a");
        fixture.advanceMillis(9);
        assertThat(fixture.sent).isEmpty();
        fixture.advanceMillis(1);
        assertThat(fixture.sent).hasSize(1);
        fixture.advanceMillis(3);
        batcher.submit("b");
        fixture.advanceMillis(9);
        assertThat(fixture.sent).hasSize(1);
        fixture.advanceMillis(1);
        assertThat(fixture.sent).containsExactly(List.of("a"), List.of("b"));
    }

    @Test
    void r2_3_aBatchThatLeftBySizeDoesNotCutTheNextOneShort() {
        MicroBatcher<String, String> batcher = batcher(2);
        batcher.submit("a");
        batcher.submit("b");
        fixture.advanceMillis(6);
        batcher.submit("c"); // due at 16
        fixture.advanceMillis(9);
        assertThat(fixture.sent).containsExactly(List.of("a", "b"));
        fixture.advanceMillis(1);
        assertThat(fixture.sent).containsExactly(List.of("a", "b"), List.of("c"));
    }

    @Test
    void r2_3_aBatchThatLeftByFlushDoesNotCutTheNextOneShort() {
        MicroBatcher<String, String> batcher = batcher(9);
        batcher.submit("a");
        batcher.flush();
        fixture.advanceMillis(6);
        batcher.submit("b");
        fixture.advanceMillis(9);
        assertThat(fixture.sent).containsExactly(List.of("a"));
        fixture.advanceMillis(1);
        assertThat(fixture.sent).containsExactly(List.of("a"), List.of("b"));
    }

    @Test
    void r2_3_withoutTheOldestTheNextOldestIsDueByItsOwnAge() {
        MicroBatcher<String, String> batcher = batcher(9);
        CompletableFuture<String> oldest = batcher.submit("a");
        fixture.advanceMillis(4);
        CompletableFuture<String> second = batcher.submit("b");
        fixture.advanceMillis(3);
        batcher.submit("c"); // due at 17
        oldest.cancel(false);
        fixture.advanceMillis(4); // 11: past a's time
        assertThat(fixture.sent).isEmpty();
        second.cancel(false);
        fixture.advanceMillis(5); // 16: past b's
        assertThat(fixture.sent).isEmpty();
        fixture.advanceMillis(1);
        assertThat(fixture.sent).containsExactly(List.of("c"));
    }

    @Test
    void r2_3_aJobAfterACancelledOneIsDueByItsOwnAge() {
        MicroBatcher<String, String> batcher = batcher(9);
        batcher.submit("a").cancel(false);
        fixture.advanceMillis(4);
        batcher.submit("b");
        fixture.advanceMillis(9);
        assertThat(fixture.sent).isEmpty();
        fixture.advanceMillis(1);
        assertThat(fixture.sent).containsExactly(List.of("b"));
    }

    @Test
    void r2_3_whatIsLeftOfAFullBatchIsDueByItsOwnAge() {
        MicroBatcher<String, String> batcher = fixture.held().batchSize(2).build();
        batcher.submit("a");
        batcher.submit("b"); // in flight
        batcher.submit("c");
        batcher.submit("d");
        fixture.advanceMillis(5);
        batcher.submit("e"); // due at 15
        fixture.finish(0);
        fixture.finish(1);
        assertThat(fixture.sent).containsExactly(List.of("a", "b"), List.of("c", "d"));
        fixture.advanceMillis(9);
        assertThat(fixture.sent).hasSize(2);
        fixture.advanceMillis(1);
        assertThat(fixture.sent).hasSize(3).endsWith(List.of("e"));
    }

    @Test
    void r2_3_timePassesWhileEverySlotIsBusy() {
        MicroBatcher<String, String> batcher = fixture.held().batchSize(2).build();
        List.of("a", "b", "c").forEach(batcher::submit);
        fixture.advanceMillis(25);
        assertThat(fixture.sent).containsExactly(List.of("a", "b"));
        fixture.finish(0); // c was due long ago
        assertThat(fixture.sent).containsExactly(List.of("a", "b"), List.of("c"));
        assertThat(fixture.infos.get(1).oldestWaitNanos()).isEqualTo(25_000_000);
    }

    @Test
    void r2_3_noJobOfASteadyTrickleWaitsLongerThanTheCycle() {
        MicroBatcher<String, String> batcher = batcher(4);
        Random gaps = new Random(1);
        List<CompletableFuture<String>> all = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            all.add(batcher.submit("j" + i));
            fixture.advanceMillis(gaps.nextInt(8));
        }
        fixture.advanceMillis(10);
        assertThat(all).allSatisfy(job -> assertThat(job).isCompleted());
        assertThat(fixture.infos)
                .allSatisfy(batch -> assertThat(batch.oldestWaitNanos()).isLessThanOrEqualTo(10_000_000));
        assertThat(fixture.reasons()).contains(DispatchReason.AGE, DispatchReason.SIZE);
    }

    @Test
    void r2_3_batchersThatShareATimerKeepTheirOwnTimes() {
        VirtualTime time = fixture.time;
        List<String> order = new ArrayList<>();
        List<MicroBatcher<String, String>> batchers = IntStream.of(30, 10, 20)
                .mapToObj(cycle -> MicroBatcher.builder((List<String> jobs) -> {
                            order.addAll(jobs);
                            return jobs;
                        })
                        .batchCycle(Duration.ofMillis(cycle))
                        .timer(time)
                        .executor(Runnable::run)
                        .build())
                .toList();
        batchers.forEach(batcher -> batcher.submit("first"));
        batchers.get(0).flush();
        batchers.get(0).submit("at 30");
        batchers.get(1).submit("at 10");
        batchers.get(2).submit("at 20");
        order.clear();
        time.advance(Duration.ofMillis(10));
        assertThat(order).containsExactly("first", "at 10");
        time.advance(Duration.ofMillis(10));
        assertThat(order).endsWith("first", "at 20").hasSize(4);
        time.advance(Duration.ofMillis(10));
        assertThat(order).endsWith("at 30").hasSize(5);
    }

    @Test
    void r2_3_aClockFarFromZeroMakesNoDifference() {
        VirtualTime late = new VirtualTime(Long.MAX_VALUE / 2);
        List<String> order = new ArrayList<>();
        MicroBatcher<String, String> batcher = MicroBatcher.builder((List<String> jobs) -> {
                    order.addAll(jobs);
                    return jobs;
                })
                .batchCycle(BatchesFixture.CYCLE)
                .timer(late)
                .executor(Runnable::run)
                .build();
        batcher.submit("a");
        late.advance(Duration.ofMillis(9));
        assertThat(order).isEmpty();
        late.advance(Duration.ofMillis(1));
        assertThat(order).containsExactly("a");
    }

    @Test
    void r2_7_aCycleOfZeroNeverWaitsForCompany() {
        MicroBatcher<String, String> batcher =
                fixture.atOnce().batchSize(9).batchCycle(Duration.ZERO).build();
        assertThat(batcher.submit("a")).isCompletedWithValue("a!");
        assertThat(batcher.submit("b")).isCompletedWithValue("b!");
        assertThat(fixture.sent).containsExactly(List.of("a"), List.of("b"));
        assertThat(fixture.time.alarms()).isZero();
    }

    @Test
    void r2_7_aCycleOfZeroCollectsWhatComesWhileSlotsAreBusy() {
        MicroBatcher<String, String> batcher =
                fixture.held().batchSize(3).batchCycle(Duration.ZERO).build();
        List.of("a", "b", "c", "d", "e").forEach(batcher::submit);
        fixture.finish(0);
        fixture.finish(1);
        assertThat(fixture.sent).containsExactly(List.of("a"), List.of("b", "c", "d"), List.of("e"));
    }

    @Test
    void r2_7_aCycleWithoutEndSetsNoAlarmAndWaitsForTheSize() {
        MicroBatcher<String, String> batcher = fixture.atOnce()
                .batchSize(2)
                .batchCycle(BatchesFixture.FOR_EVER)
                .build();
        batcher.submit("a");
        fixture.time.advance(Duration.ofDays(365 * 100));
        assertThat(fixture.sent).isEmpty();
        assertThat(fixture.time.alarms()).isZero();
        batcher.submit("b");
        assertThat(fixture.sent).containsExactly(List.of("a", "b"));
    }

    @Test
    void r2_7_theLongestCycleThatFitsInNanosecondsDoesNotOverflow() {
        MicroBatcher<String, String> batcher = fixture.atOnce()
                .batchSize(2)
                .batchCycle(Duration.ofNanos(Long.MAX_VALUE - 1))
                .build();
        fixture.time.advance(Duration.ofDays(1)); // acceptance plus cycle is past the end of the scale
        batcher.submit("a");
        fixture.advanceMillis(1);
        assertThat(fixture.sent).isEmpty();
        batcher.flush();
        assertThat(fixture.sent).containsExactly(List.of("a"));
    }
}
