package io.microbatcher.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.microbatcher.DispatchReason;
import io.microbatcher.MicroBatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LateBindingTest {
    private final BatchesFixture fixture = new BatchesFixture();

    @Test
    void r2_4_theNextFreeSlotTakesThoseThatCameAfterTheOldestWasDue() {
        MicroBatcher<String, String> batcher = fixture.held().batchSize(4).build();
        batcher.submit("a");
        fixture.advanceMillis(10); // a is in flight
        batcher.submit("b");
        fixture.advanceMillis(10); // b is due
        batcher.submit("c");
        fixture.advanceMillis(3);
        batcher.submit("d");
        fixture.finish(0);
        assertThat(fixture.sent).containsExactly(List.of("a"), List.of("b", "c", "d"));
        assertThat(fixture.reasons()).containsExactly(DispatchReason.AGE, DispatchReason.AGE);
    }

    @Test
    void r2_4_aBacklogLeavesInFullBatchesAndNotInThoseOfItsArrival() {
        MicroBatcher<String, String> batcher = fixture.held().batchSize(3).build();
        batcher.submit("first");
        fixture.advanceMillis(10);
        for (String job : List.of("a", "b", "c", "d", "e", "f", "g")) {
            batcher.submit(job);
            fixture.advanceMillis(20); // each is due before the next comes
        }
        fixture.finish(0);
        fixture.finish(1);
        fixture.finish(2);
        assertThat(fixture.sent)
                .containsExactly(List.of("first"), List.of("a", "b", "c"), List.of("d", "e", "f"), List.of("g"));
    }

    @Test
    void r2_4_aBatchGrowsUntilItsWorkerArrives() {
        MicroBatcher<String, String> batcher = fixture.onDemand().batchSize(3).build();
        batcher.submit("a");
        fixture.advanceMillis(10);
        assertThat(fixture.workers.size()).isEqualTo(1);
        batcher.submit("b");
        fixture.workers.runNext();
        assertThat(fixture.sent).containsExactly(List.of("a", "b"));
    }

    @Test
    void r2_4_whatExceedsTheSizeMeanwhileIsDueByItsOwnAge() {
        MicroBatcher<String, String> batcher = fixture.onDemand().batchSize(2).build();
        batcher.submit("a");
        fixture.advanceMillis(10);
        batcher.submit("b");
        batcher.submit("c"); // due at 20
        fixture.workers.runAll();
        assertThat(fixture.sent).containsExactly(List.of("a", "b"));
        fixture.advanceMillis(9);
        assertThat(fixture.workers.size()).isZero();
        fixture.advanceMillis(1);
        fixture.workers.runAll();
        assertThat(fixture.sent).containsExactly(List.of("a", "b"), List.of("c"));
    }

    @Test
    void r2_4_aWorkerThatFindsNothingDueAnyMoreLeavesTheRestToItsAge() {
        MicroBatcher<String, String> batcher = fixture.onDemand().batchSize(9).build();
        CompletableFuture<String> oldest = batcher.submit("a");
        fixture.advanceMillis(9);
        batcher.submit("b"); // due at 19
        fixture.advanceMillis(1);
        assertThat(fixture.workers.size()).isEqualTo(1);
        oldest.cancel(false);
        fixture.workers.runAll();
        assertThat(fixture.sent).isEmpty();
        fixture.advanceMillis(8);
        assertThat(fixture.workers.size()).isZero();
        fixture.advanceMillis(1);
        fixture.workers.runAll();
        assertThat(fixture.sent).containsExactly(List.of("b"));
    }

    @Test
    void r2_4_aWorkerThatFindsABatchNoLongerFullLeavesItToItsAge() {
        MicroBatcher<String, String> batcher = fixture.onDemand().batchSize(2).build();
        batcher.submit("a");
        CompletableFuture<String> second = batcher.submit("b");
        second.cancel(false);
        fixture.workers.runAll();
        assertThat(fixture.sent).isEmpty();
        batcher.submit("c");
        fixture.workers.runAll();
        assertThat(fixture.sent).containsExactly(List.of("a", "c"));
    }

    @Test
    void r2_5_aWorkerThatFindsEveryJobCancelledSendsNothing() {
        MicroBatcher<String, String> batcher = fixture.onDemand().batchSize(2).build();
        List<CompletableFuture<String>> jobs = List.of(batcher.submit("a"), batcher.submit("b"));
        jobs.forEach(job -> job.cancel(false));
        fixture.workers.runAll();
        fixture.advanceMillis(100);
        assertThat(fixture.sent).isEmpty();
        assertThat(batcher.stats().batches()).isZero();
        batcher.submit("c");
        batcher.submit("d"); // the slot is free again
        fixture.workers.runAll();
        assertThat(fixture.sent).containsExactly(List.of("c", "d"));
    }

    @Test
    void r2_5_cancelsInTheMiddleKeepTheOrder() {
        MicroBatcher<String, String> batcher = fixture.held().batchSize(5).build();
        batcher.submit("first");
        batcher.flush();
        List<CompletableFuture<String>> jobs =
                IntStream.range(0, 12).mapToObj(i -> batcher.submit("j" + i)).toList();
        IntStream.of(0, 3, 4, 7, 11).forEach(i -> jobs.get(i).cancel(false));
        batcher.flush();
        fixture.finish(0);
        fixture.finish(1);
        assertThat(fixture.sent)
                .containsExactly(List.of("first"), List.of("j1", "j2", "j5", "j6", "j8"), List.of("j9", "j10"));
    }

    @Test
    void r2_5_manyCancelsInAnyOrderLoseAndReorderNobody() {
        Random random = new Random(42);
        MicroBatcher<String, String> batcher = fixture.held().batchSize(10).build();
        batcher.submit("first");
        batcher.flush();
        List<String> kept = new ArrayList<>();
        List<CompletableFuture<String>> victims = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            CompletableFuture<String> job = batcher.submit("j" + i);
            if (random.nextInt(10) == 0) {
                kept.add("j" + i);
            } else {
                victims.add(job);
            }
            if (victims.size() > 50) {
                victims.remove(random.nextInt(victims.size())).cancel(false);
            }
        }
        victims.forEach(job -> job.cancel(false));
        assertThat(batcher.stats().waiting()).isEqualTo(kept.size());
        batcher.flush();
        for (int i = 0; i < fixture.sent.size(); i++) {
            fixture.finish(i);
        }
        assertThat(fixture.sent.subList(1, fixture.sent.size()).stream().flatMap(List::stream))
                .containsExactlyElementsOf(kept);
    }
}
