package io.microbatcher.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.microbatcher.BatchListener;
import io.microbatcher.JobOutcome;
import io.microbatcher.MicroBatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class DrainDuringCancelTest {
    private final BatchesFixture fixture = new BatchesFixture();

    /** Between the books and the future, a cancelled waiting job is in nobody's list: drain() overlooks it. */
    @Test
    void r2_6_aDrainWaitsForAJobThatIsBeingCancelled() {
        List<CompletableFuture<String>> job = new ArrayList<>();
        List<CompletableFuture<MicroBatcher<String, String>>> self = List.of(new CompletableFuture<>());
        List<Boolean> drainedBeforeItsEnd = new ArrayList<>();
        MicroBatcher<String, String> batcher = fixture.held()
                .batchSize(9)
                .listener(new BatchListener() {
                    @Override
                    public void ended(Object ended, JobOutcome outcome, long waitNanos, long totalNanos) {
                        boolean drained = self.get(0).join().drain().isDone();
                        drainedBeforeItsEnd.add(drained && !job.get(0).isDone());
                    }
                })
                .build();
        self.get(0).complete(batcher);
        job.add(batcher.submit("a"));
        job.get(0).cancel(false);
        assertThat(drainedBeforeItsEnd).containsExactly(false);
    }

    /** The same for the end of a close: R4.1. */
    @Test
    void r4_1_aShutdownWaitsForAJobThatIsBeingCancelled() {
        List<CompletableFuture<String>> job = new ArrayList<>();
        List<CompletableFuture<MicroBatcher<String, String>>> self = List.of(new CompletableFuture<>());
        List<Boolean> overBeforeItsEnd = new ArrayList<>();
        MicroBatcher<String, String> batcher = fixture.held()
                .batchSize(9)
                .listener(new BatchListener() {
                    @Override
                    public void ended(Object ended, JobOutcome outcome, long waitNanos, long totalNanos) {
                        boolean over = self.get(0).join().shutdown().isDone();
                        overBeforeItsEnd.add(over && !job.get(0).isDone());
                    }
                })
                .build();
        self.get(0).complete(batcher);
        job.add(batcher.submit("a"));
        job.get(0).cancel(false);
        assertThat(overBeforeItsEnd).containsExactly(false);
    }
}
