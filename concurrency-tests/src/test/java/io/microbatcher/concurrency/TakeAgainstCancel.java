package io.microbatcher.concurrency;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.microbatcher.MicroBatcher;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLLL_Result;

/**
 * R1.1, R1.6: a job that is cancelled while a slot takes it has one end. Cancelled while it waited it is in no batch,
 * answered it is not cancelled; cancelled in flight it may be both processed and cancelled. Its neighbour does not notice.
 */
@JCStressTest
@Outcome(id = "cancelled, 0, answered, 2", expect = ACCEPTABLE, desc = "cancelled while it waited")
@Outcome(id = "cancelled, 1, answered, 2", expect = ACCEPTABLE, desc = "cancelled in flight")
@Outcome(id = "answered, 1, answered, 2", expect = ACCEPTABLE, desc = "the answer came first")
@Outcome(
        expect = FORBIDDEN,
        desc = "its end, times processed, end of its neighbour, ends in the books less what is pending")
@State
public class TakeAgainstCancel {
    private final AtomicInteger processed = new AtomicInteger();
    private final MicroBatcher<Integer, Integer> batcher = MicroBatcher.builder((List<Integer> jobs) -> {
                jobs.forEach(job -> processed.addAndGet(job));
                return jobs;
            })
            .batchSize(3)
            .batchCycle(Duration.ofDays(1))
            .executor(Runnable::run)
            .timer(new StoppedClock())
            .build();
    private final CompletableFuture<Integer> job = batcher.submit(1);
    private final CompletableFuture<Integer> neighbour = batcher.submit(0);

    @Actor
    public void take() {
        batcher.flush();
    }

    @Actor
    public void cancel() {
        job.cancel(false);
    }

    @Arbiter
    public void look(LLLL_Result result) {
        result.r1 = Ended.of(job);
        result.r2 = processed.get();
        result.r3 = Ended.of(neighbour);
        result.r4 = batcher.stats().ended() - batcher.stats().pending();
    }
}
