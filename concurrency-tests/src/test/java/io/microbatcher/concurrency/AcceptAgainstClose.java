package io.microbatcher.concurrency;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.microbatcher.BatcherStats;
import io.microbatcher.MicroBatcher;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LII_Result;

/** R4.1, R4.2: a job that meets a close is refused, or ends with a real outcome before {@code close()} returns. */
@JCStressTest
@Outcome(id = "answered, 1, 0", expect = ACCEPTABLE, desc = "accepted, and ended when close() returned")
@Outcome(id = "closed, 0, 0", expect = ACCEPTABLE, desc = "refused")
@Outcome(expect = FORBIDDEN, desc = "outcome, accepted and pending when close() returned")
@State
public class AcceptAgainstClose {
    private final MicroBatcher<Integer, Integer> batcher = MicroBatcher.builder((List<Integer> jobs) -> jobs)
            .batchSize(2)
            .batchCycle(Duration.ofDays(1))
            .executor(Runnable::run)
            .timer(new StoppedClock())
            .build();

    private CompletableFuture<Integer> job;

    @Actor
    public void submit() {
        job = batcher.submit(1);
    }

    @Actor
    public void close(LII_Result result) {
        batcher.close();
        BatcherStats stats = batcher.stats();
        result.r2 = (int) stats.accepted();
        result.r3 = stats.pending();
    }

    @Arbiter
    public void look(LII_Result result) {
        result.r1 = Ended.of(job);
    }
}
