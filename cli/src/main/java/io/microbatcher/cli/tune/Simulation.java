package io.microbatcher.cli.tune;

import io.microbatcher.DispatchReason;
import io.microbatcher.MicroBatcher;
import io.microbatcher.OverflowPolicy;
import io.microbatcher.test.VirtualTime;
import java.time.Duration;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;

/**
 * Runs the real batcher against a modelled backend on virtual time: the policies are the batcher's own, only the clock,
 * the cost of a batch and the time that threads take to wake up are made up. The processor blocks, as most do. Deterministic for a seed; one of them runs one candidate once.
 *
 * <p>It ends whatever the candidate does: jobs stop coming after the last one that counts, when more are pending than a
 * backend that keeps up would ever have, or when a time has passed in which the slowest would have been done.
 */
final class Simulation {
    private static final int LEAST_WARM_UP = 200;

    /** Many times what the jobs need if each has a batch of its own and waits for everything. */
    private static final double PATIENCE = 10;

    private static final double LONGEST_NANOS = Long.MAX_VALUE / 4.0;

    /** The part of the measured jobs that may be pending more at the end than at the start. */
    private static final double BACKLOG = 0.1;

    private final Setting setting;
    private final Candidate candidate;
    private final Random arrivals;
    private final Random costs;
    private final Random wakes;
    private final VirtualTime time = new VirtualTime();
    private final Workers workers;
    private final PriorityQueue<Long> serversFree = new PriorityQueue<>();
    private final MicroBatcher<Long, Long> batcher;
    private final Tally tally;
    private final int mostPending;

    private int submitted;
    private int ended;
    private boolean stopped;
    private long calls;
    private long carried;

    Simulation(Setting setting, Candidate candidate) {
        this.setting = setting;
        this.candidate = candidate;
        this.arrivals = new Random(setting.seed()); // a stream of its own: the same jobs come to every candidate
        this.costs = new Random(setting.seed() + 1);
        this.wakes = new Random(setting.seed() + 2);
        this.tally = new Tally(Math.max(LEAST_WARM_UP, setting.jobs() / 10), setting.jobs(), this::read);
        this.mostPending = tally.most();
        for (int server = 0; server < setting.served(); server++) {
            serversFree.add(0L);
        }
        this.workers = new Workers(time, () -> setting.wakeNanos(wakes));
        this.batcher = candidate
                .builder(this::serve)
                .maxPending(mostPending)
                .overflow(OverflowPolicy.REJECT) // to wait for room would stop the only thread there is
                .timer(time)
                .executor(workers)
                .build();
    }

    Outcome run() {
        if (setting.workload() instanceof Workload.OpenLoop open) {
            if (open.perSecond() >= capacity()) {
                return Outcome.overloaded(candidate);
            }
            arrive(open);
        } else if (setting.workload() instanceof Workload.ClosedLoop closed) {
            for (int caller = 0; caller < closed.callers(); caller++) {
                call(closed);
            }
        }
        time.advance(Duration.ofNanos(patienceNanos()));
        stopped = true;
        batcher.shutdownNow();
        workers.close();
        boolean keepsUp = tally.isDone() && tally.backlog() <= BACKLOG * setting.jobs();
        return keepsUp ? tally.outcome(candidate) : Outcome.overloaded(candidate);
    }

    private Tally.Reading read() {
        return new Tally.Reading(
                time.nanos(), calls, carried, batcher.stats().batches(DispatchReason.AGE), submitted - ended);
    }

    private double capacity() {
        return setting.cost().jobsPerSecond(candidate.batchSize(), Math.min(candidate.slots(), setting.served()));
    }

    private long patienceNanos() {
        int jobs = tally.most();
        double slowest = setting.cost().meanNanos(1) + candidate.limit().toNanos() + 2 * setting.wakeNanos();
        double all = setting.cost().meanNanos(candidate.batchSize())
                + setting.workload().nanosFor(jobs)
                + jobs * slowest;
        return (long) Math.min(LONGEST_NANOS, PATIENCE * all);
    }

    private List<Long> serve(List<Long> jobs) throws InterruptedException {
        calls++;
        carried += jobs.size();
        Long free = serversFree.poll();
        long starts = Math.max(time.nanos(), free == null ? 0 : free);
        long ends = starts + setting.cost().nanos(jobs.size(), costs);
        serversFree.add(ends);
        workers.sleepUntil(ends);
        return jobs;
    }

    private void call(Workload.ClosedLoop closed) {
        submit(() -> {
            if (!stopped) {
                long comesBack = time.nanos() + setting.wakeNanos(wakes) + closed.thinkNanos(arrivals);
                time.schedule(comesBack, () -> call(closed));
            }
        });
    }

    private void arrive(Workload.OpenLoop open) {
        for (int i = 0; i < open.burst() && !stopped; i++) {
            submit(() -> {});
            stopped |= submitted - ended >= mostPending;
        }
        if (!stopped) {
            time.schedule(time.nanos() + open.nextGapNanos(arrivals), () -> arrive(open));
        }
    }

    private void submit(Runnable then) {
        submitted++;
        long came = time.nanos();
        batcher.submit(came).thenAccept(result -> {
            ended++;
            stopped |= tally.add(time.nanos() - came);
            then.run();
        });
    }
}
