package io.microbatcher;

import io.microbatcher.ResultChannel.Result;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;

/**
 * {@link ChannelQueue}: each result is taken once, and a job that arrives, is withdrawn and is discarded at the same time
 * gives its place back once: when everything has been taken the channel is empty.
 */
public class ChannelModel {
    private final ChannelQueue<Integer, Integer> queue = new ChannelQueue<>(null, 2);
    private final Queue<RoutedJob<Integer, Integer>> inside = new ConcurrentLinkedQueue<>();
    private final RoutedJob<Integer, Integer> first = new RoutedJob<>(1, 1, null, null, null);

    public ChannelModel() {
        queue.tryReserve(first);
        inside.add(first);
    }

    @Operation(runOnce = true)
    public void arrive() {
        queue.arrive(first, new Result<>(1, 1, null));
    }

    @Operation
    public void withdraw() {
        queue.withdraw(first);
    }

    @Operation
    public String submit() {
        RoutedJob<Integer, Integer> job = new RoutedJob<>(2, 1, null, null, null);
        inside.add(job);
        try {
            return queue.tryReserve(job) ? "submitted" : "full";
        } catch (IllegalStateException halfClosed) {
            return "half-closed";
        }
    }

    @Operation
    public int poll() {
        Result<Integer, Integer> result = queue.poll();
        return result == null ? 0 : result.job();
    }

    @Operation
    public void halfClose() {
        queue.halfClose();
    }

    @Operation
    public int discard() {
        return queue.discard().size();
    }

    @Operation
    public boolean isFinished() {
        return queue.isFinished();
    }

    @Validate
    public void everyPlaceComesBackOnce() {
        queue.halfClose();
        inside.forEach(job -> queue.arrive(job, new Result<>(job.job, 1, null)));
        while (queue.poll() != null) {
            // and another one
        }
        if (!queue.isFinished()) {
            throw new IllegalStateException("everything was taken, but the channel is not empty");
        }
    }
}
