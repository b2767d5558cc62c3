package io.microbatcher;

import java.util.ArrayList;
import java.util.List;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;

/**
 * {@link Intake} and {@link Lane} as the queue that they are together: producers push without a lock, its holder gathers,
 * takes and ends jobs. No job is lost, none is taken twice, and they leave in the order in which they came.
 */
public class LaneModel {
    private final Intake<Integer, Integer> intake = new Intake<>(null);
    private final Lane<Integer, Integer> lane = new Lane<>(null, null, false, false);

    @Operation
    public void push(@Param(gen = IntGen.class) int job) {
        intake.push(new PendingJob<>(job));
    }

    @Operation(nonParallelGroup = "lock")
    public List<Integer> take() {
        gather();
        Batch<Integer, Integer> batch = new Batch<>(lane);
        lane.take(batch, 2, Long.MAX_VALUE);
        return batch.jobs();
    }

    @Operation(nonParallelGroup = "lock")
    public void cancelOldest() {
        gather();
        PendingJob<Integer, Integer> oldest = lane.oldest();
        if (oldest != null) {
            oldest.place = null;
            lane.forget(oldest);
        }
    }

    @Operation(nonParallelGroup = "lock")
    public String look() {
        gather();
        List<PendingJob<Integer, Integer>> living = new ArrayList<>();
        lane.collect(living);
        return lane.size() + " " + living.stream().map(job -> job.job).toList();
    }

    private void gather() {
        PendingJob<Integer, Integer> job = intake.takeAll();
        while (job != null) {
            PendingJob<Integer, Integer> after = job.next;
            lane.append(job);
            job = after;
        }
    }
}
