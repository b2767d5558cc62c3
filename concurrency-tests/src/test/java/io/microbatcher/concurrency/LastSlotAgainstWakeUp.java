package io.microbatcher.concurrency;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.microbatcher.DispatchPolicy;
import io.microbatcher.MicroBatcher;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;

/**
 * R2.2: two producers, one slot, and whoever came first finishes a batch on it while the others submit. The finishing
 * worker either sees a job or its producer sees the free slot: nobody is left waiting.
 */
@JCStressTest
@Outcome(id = "answered, answered, answered", expect = ACCEPTABLE, desc = "each has its result")
@Outcome(expect = FORBIDDEN, desc = "somebody waits although the slot is free")
@State
public class LastSlotAgainstWakeUp {
    private final MicroBatcher<Integer, Integer> batcher = MicroBatcher.builder((List<Integer> jobs) -> jobs)
            .batchSize(1)
            .maxConcurrentBatches(1)
            .dispatchPolicy(DispatchPolicy.natural())
            .executor(Runnable::run)
            .timer(new StoppedClock())
            .build();
    private CompletableFuture<Integer> first;
    private CompletableFuture<Integer> second;
    private CompletableFuture<Integer> third;

    @Actor
    public void one() {
        first = batcher.submit(1);
    }

    @Actor
    public void other() {
        second = batcher.submit(2);
        third = batcher.submit(3);
    }

    @Arbiter
    public void look(LLL_Result result) {
        result.r1 = Ended.of(first);
        result.r2 = Ended.of(second);
        result.r3 = Ended.of(third);
    }
}
