package io.microbatcher.concurrency;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.microbatcher.MicroBatcher;
import io.microbatcher.test.VirtualTime;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/**
 * R2.2, R2.3, R2.5: the alarm rings while a job comes that fills the batch. Each job leaves once, with a batch that is
 * not empty; the one that came after the alarm has an alarm of its own.
 */
@JCStressTest
@Outcome(id = "\\[\\[1, 2\\]\\], \\[\\[1, 2\\]\\]", expect = ACCEPTABLE, desc = "one full batch")
@Outcome(id = "\\[\\[1\\]\\], \\[\\[1\\], \\[2\\]\\]", expect = ACCEPTABLE, desc = "by age, each at its time")
@Outcome(
        id = "\\[\\[1\\], \\[2\\]\\], \\[\\[1\\], \\[2\\]\\]",
        expect = ACCEPTABLE,
        desc = "by age: the second had read the clock before it moved, and came in after the first had left")
@Outcome(expect = FORBIDDEN, desc = "batches when both have returned, and a cycle later")
@State
public class TimerAgainstSize {
    private static final Duration CYCLE = Duration.ofMillis(10);

    private final Queue<List<Integer>> batches = new ConcurrentLinkedQueue<>();
    private final VirtualTime time = new VirtualTime();
    private final MicroBatcher<Integer, Integer> batcher = MicroBatcher.builder((List<Integer> jobs) -> {
                batches.add(jobs);
                return jobs;
            })
            .batchSize(2)
            .batchCycle(CYCLE)
            .executor(Runnable::run)
            .timer(time)
            .build();

    public TimerAgainstSize() {
        batcher.submit(1);
    }

    @Actor
    public void ring() {
        time.advance(CYCLE);
    }

    @Actor
    public void fill() {
        batcher.submit(2);
    }

    @Arbiter
    public void look(LL_Result result) {
        result.r1 = batches.toString();
        time.advance(CYCLE);
        result.r2 = batches.toString();
    }
}
