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
 * R8.1, R8.2: two equal jobs come while the last caller of a third goes. Whichever was first, those that came are asked,
 * once, and the one that was taken back is not.
 */
@JCStressTest
@Outcome(id = "cancelled, answered, 2, 3", expect = ACCEPTABLE, desc = "one has gone, the others have one answer")
@Outcome(
        expect = FORBIDDEN,
        desc = "ends of the first and of the late, sum of the jobs asked, ends less what is pending")
@State
public class JoinAgainstLastCancel {
    private final AtomicInteger asked = new AtomicInteger();
    private final MicroBatcher<Integer, Integer> batcher = MicroBatcher.builder((List<Integer> jobs) -> {
                jobs.forEach(asked::addAndGet);
                return jobs;
            })
            .batchSize(3)
            .batchCycle(Duration.ofDays(1))
            .coalesceBy(job -> "key")
            .executor(Runnable::run)
            .timer(new StoppedClock())
            .build();
    private final CompletableFuture<Integer> first = batcher.submit(1);
    private volatile CompletableFuture<Integer> late;

    @Actor
    public void cancel() {
        first.cancel(false);
    }

    @Actor
    public void join() {
        batcher.submit(2);
        late = batcher.submit(2);
    }

    @Arbiter
    public void look(LLLL_Result result) {
        batcher.flush();
        result.r1 = Ended.of(first);
        result.r2 = Ended.of(late);
        result.r3 = asked.get();
        result.r4 = batcher.stats().ended() - batcher.stats().pending();
    }
}
