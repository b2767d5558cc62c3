package io.microbatcher.concurrency;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.microbatcher.DispatchPolicy;
import io.microbatcher.MicroBatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/**
 * R6.4, R6.5: jobs of one key come while its lane vanishes. None is lost, and with one batch of a key at a time none is
 * processed beside another or before an older one.
 */
@JCStressTest
@Outcome(id = "in order, 4", expect = ACCEPTABLE, desc = "one after the other, and all of them")
@Outcome(expect = FORBIDDEN, desc = "how they were processed, and how many ended")
@State
public class LaneAgainstEviction {
    private final MicroBatcher<Integer, Integer> batcher = MicroBatcher.builder(this::process)
            .batchSize(1)
            .maxConcurrentBatches(4)
            .partitionBy(job -> "key")
            .maxConcurrentBatchesPerKey(1)
            .dispatchPolicy(DispatchPolicy.natural())
            .executor(Runnable::run)
            .timer(new StoppedClock())
            .build();
    private final List<CompletableFuture<Integer>> one = new ArrayList<>(2);
    private final List<CompletableFuture<Integer>> other = new ArrayList<>(2);
    private volatile boolean busy;
    private volatile boolean beside;
    private volatile boolean overtaken;
    private final int[] last = new int[2];

    private List<Integer> process(List<Integer> jobs) {
        beside |= busy;
        busy = true;
        int job = jobs.get(0);
        overtaken |= job < last[job / 10];
        last[job / 10] = job;
        busy = false;
        return jobs;
    }

    @Actor
    public void one() {
        one.add(batcher.submit(1));
        one.add(batcher.submit(2));
    }

    @Actor
    public void other() {
        other.add(batcher.submit(11));
        other.add(batcher.submit(12));
    }

    @Arbiter
    public void look(LL_Result result) {
        result.r1 = beside ? "BESIDE ANOTHER" : overtaken ? "OVERTAKEN" : "in order";
        one.addAll(other);
        result.r2 = one.stream().filter(CompletableFuture::isDone).count();
    }
}
