package io.microbatcher.cli.tune;

import io.microbatcher.BatchProcessor;
import io.microbatcher.MicroBatcher;
import io.microbatcher.test.VirtualTime;
import java.time.Duration;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

/**
 * Runs the real batcher against a modelled backend on virtual time: the policies are the batcher's own, only the clock
 * and the cost of a batch are made up. Deterministic for a seed. Takes a second for about a million jobs.
 */
final class Simulation {
    private final CostModel cost;
    private final Workload workload;
    private final int served;
    private final Random random;
    private final VirtualTime time = new VirtualTime();
    private final PriorityQueue<Long> serversFree = new PriorityQueue<>();
    private final long[] latencies;
    private int counted;
    private long batches;
    private long countFromNanos;

    /**
     * @param served how many batches the backend serves at a time; others queue there
     * @param jobs how many jobs to measure, after a tenth as many to warm up
     */
    Simulation(CostModel cost, Workload workload, int served, int jobs, long seed) {
        this.cost = cost;
        this.workload = workload;
        this.served = served;
        this.random = new Random(seed);
        this.latencies = new long[jobs];
    }

    Outcome run(Candidate candidate) {
        for (int i = 0; i < served; i++) {
            serversFree.add(0L);
        }
        MicroBatcher<Long, Long> batcher = candidate
                .builder(BatchProcessor.async(this::serve))
                .maxPending(Math.max(100_000, latencies.length))
                .timer(time)
                .executor(Runnable::run)
                .build();
        int warmUp = Math.max(100, latencies.length / 10);
        if (workload instanceof Workload.ClosedLoop closed) {
            for (int caller = 0; caller < closed.callers(); caller++) {
                call(batcher, closed);
            }
        } else if (workload instanceof Workload.OpenLoop open) {
            arrive(batcher, open);
        }
        advanceUntilCounted(warmUp);
        counted = 0;
        batches = 0;
        countFromNanos = time.nanos();
        advanceUntilCounted(latencies.length);
        double seconds = (time.nanos() - countFromNanos) / 1e9;
        Outcome outcome = Outcome.of(candidate, latencies, counted, batches, seconds, batcher.stats());
        batcher.shutdownNow();
        return outcome;
    }

    private void advanceUntilCounted(int jobs) {
        while (counted < jobs) {
            time.advance(Duration.ofNanos(100_000));
        }
    }

    private CompletableFuture<List<Long>> serve(List<Long> jobs) {
        batches++;
        Long free = serversFree.poll();
        long starts = Math.max(time.nanos(), free == null ? 0 : free);
        long ends = starts + cost.nanos(jobs.size(), random);
        serversFree.add(ends);
        CompletableFuture<List<Long>> answer = new CompletableFuture<>();
        time.schedule(ends, () -> answer.complete(jobs));
        return answer;
    }

    private void call(MicroBatcher<Long, Long> batcher, Workload.ClosedLoop closed) {
        submit(batcher)
                .thenRun(() -> time.schedule(
                        time.nanos() + 1 + (long) (closed.comeBackNanos() * 2 * random.nextDouble()),
                        () -> call(batcher, closed)));
    }

    private void arrive(MicroBatcher<Long, Long> batcher, Workload.OpenLoop open) {
        for (int i = 0; i < open.burst(); i++) {
            submit(batcher);
        }
        time.schedule(time.nanos() + open.nextGapNanos(random), () -> arrive(batcher, open));
    }

    private CompletableFuture<Void> submit(MicroBatcher<Long, Long> batcher) {
        long submitted = time.nanos();
        return batcher.submit(submitted).thenAccept(result -> {
            if (counted < latencies.length) {
                latencies[counted++] = time.nanos() - submitted;
            }
        });
    }
}
