package io.microbatcher.concurrency;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.microbatcher.MicroBatcher;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;

/** R2.6, R6.7: a flush finds every job whose {@code submit} has returned, on whichever thread. */
@JCStressTest
@Outcome(id = "true, answered, answered", expect = ACCEPTABLE, desc = "submitted before the flush, and gone")
@Outcome(id = "false, answered, answered", expect = ACCEPTABLE, desc = "submitted meanwhile, and gone")
@Outcome(id = "false, STRANDED, answered", expect = ACCEPTABLE, desc = "submitted after the flush, and waits")
@Outcome(expect = FORBIDDEN, desc = "the flush has missed a job")
@State
public class FlushAgainstSubmit {
    private final MicroBatcher<Integer, Integer> batcher = MicroBatcher.builder((List<Integer> jobs) -> jobs)
            .batchSize(10)
            .batchCycle(Duration.ofDays(1))
            .partitionBy(job -> job) // a batch would take along what the flush has missed
            .executor(Runnable::run)
            .timer(new StoppedClock())
            .build();
    private volatile CompletableFuture<Integer> other;
    private CompletableFuture<Integer> own;

    @Actor
    public void submit() {
        other = batcher.submit(1);
    }

    @Actor
    public void flush(LLL_Result result) {
        own = batcher.submit(2);
        result.r1 = other != null;
        batcher.flush();
    }

    @Arbiter
    public void look(LLL_Result result) {
        result.r2 = Ended.of(other);
        result.r3 = Ended.of(own);
    }
}
