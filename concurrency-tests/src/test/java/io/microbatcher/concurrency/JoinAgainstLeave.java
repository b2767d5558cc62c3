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
 * R8.1, R8.3: a job comes while the batch leaves that an equal one is in. It is in that batch or it waits for the next, and
 * is not answered by one that had read its data before the job was submitted.
 */
@JCStressTest
@Outcome(id = "answered, answered, 1, fresh", expect = ACCEPTABLE, desc = "it joined before the batch left")
@Outcome(id = "answered, answered, 2, fresh", expect = ACCEPTABLE, desc = "it came too late, and was asked again")
@Outcome(expect = FORBIDDEN, desc = "ends of the first and of the late, times asked, what the late one got")
@State
public class JoinAgainstLeave {
    private final AtomicInteger version = new AtomicInteger();
    private final AtomicInteger asked = new AtomicInteger();
    private final MicroBatcher<Integer, Integer> batcher = MicroBatcher.builder((List<Integer> jobs) -> {
                asked.addAndGet(jobs.size());
                return jobs.stream().map(job -> version.get()).toList();
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
    public void leave() {
        batcher.flush();
    }

    @Actor
    public void join() {
        version.set(1);
        late = batcher.submit(2);
    }

    @Arbiter
    public void look(LLLL_Result result) {
        batcher.flush();
        result.r1 = Ended.of(first);
        result.r2 = Ended.of(late);
        result.r3 = asked.get();
        result.r4 = late.getNow(0) == 1 ? "fresh" : "STALE";
    }
}
