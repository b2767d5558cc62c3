package io.microbatcher.benchmarks.workload;

import io.microbatcher.benchmarks.Mode;
import io.microbatcher.benchmarks.Results;
import io.microbatcher.benchmarks.Sample;
import io.microbatcher.benchmarks.Session;
import io.microbatcher.benchmarks.Trial;
import io.microbatcher.benchmarks.Workload;
import io.microbatcher.benchmarks.peer.Contender;
import io.microbatcher.benchmarks.peer.Contender.Kind;
import io.microbatcher.benchmarks.peer.Peer;
import io.microbatcher.benchmarks.peer.Setting;
import io.microbatcher.benchmarks.report.Page;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** P5: jobs arrive whether earlier ones have been answered or not. */
public final class OpenLoop implements Workload {
    private static final int SIZE = 100;
    private static final double BURST = 20;

    /** A backend, and how it is called in the cells. */
    private record Cost(String name, double fixedMicros, double perJobMicros) {}

    private static final Cost FAST = new Cost("200us+5us", 200, 5);
    private static final Cost SLOW = new Cost("1ms+20us", 1_000, 20);

    @Override
    public String id() {
        return "P5";
    }

    @Override
    public String title() {
        return "Open loop: latency and batches by load";
    }

    @Override
    public void run(Session session) throws Exception {
        Mode mode = session.mode();
        List<Trial> trials = new ArrayList<>();
        for (Cost cost : mode.pick(List.of(FAST), List.of(FAST), List.of(FAST, SLOW))) {
            double capacity = capacity(session, cost);
            session.say(String.format(
                    Locale.ROOT, "capacity with %s · n: %,.0f jobs/s in batches of %d", cost.name(), capacity, SIZE));
            for (int load : mode.pick(List.of(50), List.of(5, 50, 80), List.of(5, 20, 50, 80, 95))) {
                for (double burst : mode == Mode.SMOKE ? List.of(BURST) : List.of(1.0, BURST)) {
                    String shape = burst > 1 ? "bursty" : "poisson";
                    String cell = shape + " cost=" + cost.name() + " load=" + load;
                    for (Trial trial : contenders(cell, mode)) {
                        trials.add(trial.with("fixedMicros", cost.fixedMicros())
                                .with("perJobMicros", cost.perJobMicros())
                                .with("perSecond", capacity * load / 100)
                                .with("burst", burst)
                                .with("seed", 1_000.0 * load + burst)
                                .timed(mode));
                    }
                }
            }
        }
        session.interleave(this, trials, Math.min(3, mode.forks()));
    }

    private static List<Trial> contenders(String cell, Mode mode) {
        List<Trial> trials = new ArrayList<>();
        trials.add(Trial.of(cell, Contender.OURS_ADAPTIVE, Setting.of(SIZE, 0)));
        for (long cycle :
                mode.pick(List.of(1_000L), List.of(0L, 200L, 1_000L, 5_000L), List.of(0L, 200L, 1_000L, 5_000L))) {
            trials.add(Trial.of(cell, Contender.OURS_FIXED, Setting.of(SIZE, cycle)));
        }
        if (mode == Mode.FULL) {
            trials.add(Trial.of(cell, Contender.OURS_FIXED, Setting.of(32, 200)));
            trials.add(Trial.of(cell, Contender.OURS_FIXED, Setting.of(32, 1_000)));
        }
        for (Contender rival : rivals(cell, mode)) {
            trials.add(Trial.of(cell, rival, Setting.of(SIZE, rival.kind() == Kind.LINGER ? 1_000 : 0)));
        }
        return trials;
    }

    /** All of them where there is time; else those that are closest to the metal. */
    private static List<Contender> rivals(String cell, Mode mode) {
        return mode == Mode.FULL && cell.contains(FAST.name())
                ? Contender.rivals()
                : mode.pick(
                        List.of(),
                        List.of(Contender.HAND_NATURAL, Contender.HAND_LINGER, Contender.DISRUPTOR),
                        List.of(Contender.HAND_NATURAL, Contender.HAND_LINGER, Contender.DISRUPTOR));
    }

    /** What the machine gets through this backend with full batches, which is less than the arithmetic says. */
    private double capacity(Session session, Cost cost) throws Exception {
        Trial trial = Trial.of("capacity", Contender.OURS_NATURAL, Setting.of(SIZE, 0))
                .with("fixedMicros", cost.fixedMicros())
                .with("perJobMicros", cost.perJobMicros())
                .with("capacity", 1)
                .timed(session.mode());
        List<Sample> samples = session.tryOut(this, List.of(trial));
        if (samples.isEmpty()) {
            throw new IllegalStateException("the capacity could not be measured");
        }
        return samples.get(0).metrics().get("jobsPerSecond");
    }

    @Override
    public Map<String, Double> measure(Trial trial) throws Exception {
        QueueingBackend backend = new QueueingBackend(1, trial.number("fixedMicros"), trial.number("perJobMicros"));
        Contender contender = Contender.valueOf(trial.contender());
        Peer peer = contender.open(Setting.parse(trial.setting()), backend);
        try {
            return trial.parameters().containsKey("capacity")
                    ? Map.of("jobsPerSecond", saturate(peer, trial))
                    : new Schedule(trial).run(peer, backend);
        } finally {
            peer.close();
        }
    }

    /** Keeps ten batches' worth of jobs in flight. */
    private static double saturate(Peer peer, Trial trial) {
        int inFlight = 10 * SIZE;
        List<CompletableFuture<Long>> ring = new ArrayList<>();
        long next = 0;
        for (int i = 0; i < inFlight; i++) {
            ring.add(peer.submit(next++));
        }
        long begin = System.nanoTime();
        next = keepGoing(peer, ring, next, begin + trial.count("warmupMillis") * 1_000_000L);
        long before = next;
        begin = System.nanoTime();
        next = keepGoing(peer, ring, next, begin + trial.count("measureMillis") * 1_000_000L);
        double rate = (next - before) * 1e9 / (System.nanoTime() - begin);
        ring.forEach(CompletableFuture::join);
        return rate;
    }

    /** At least once around the ring, and until the time is up: the number of the next job. */
    private static long keepGoing(Peer peer, List<CompletableFuture<Long>> ring, long first, long untilNanos) {
        long next = first;
        while (next < first + ring.size() || System.nanoTime() < untilNanos) {
            int place = (int) (next % ring.size());
            ring.get(place).join();
            ring.set(place, peer.submit(next++));
        }
        return next;
    }

    /** Sends one trial's arrivals and notes when each is answered, from the moment at which it was meant to arrive. */
    private static final class Schedule {
        private static final long END_NANOS = 10_000_000_000L;

        private final double perSecond;
        private final double burst;
        private final long seed;
        private final long warmupNanos;
        private final long endNanos;

        Schedule(Trial trial) {
            this.perSecond = trial.number("perSecond");
            this.burst = trial.number("burst");
            this.seed = (long) trial.number("seed");
            this.warmupNanos = trial.count("warmupMillis") * 1_000_000L;
            this.endNanos = warmupNanos + trial.count("measureMillis") * 1_000_000L;
        }

        Map<String, Double> run(Peer peer, QueueingBackend backend) {
            long[] dues = dues();
            long[] answered = new long[dues.length];
            AtomicInteger open = new AtomicInteger(dues.length);
            long begin = System.nanoTime();
            long batchesBefore = 0;
            boolean warm = false;
            for (int i = 0; i < dues.length; i++) {
                if (!warm && dues[i] >= warmupNanos) {
                    warm = true;
                    batchesBefore = backend.batches();
                }
                QueueingBackend.waitUntil(begin + dues[i]);
                int job = i;
                peer.submit((long) i).whenComplete((result, failure) -> {
                    answered[job] = System.nanoTime() - begin;
                    open.decrementAndGet();
                });
            }
            long batches = backend.batches() - batchesBefore;
            long sentNanos = System.nanoTime() - begin;
            long limit = System.nanoTime() + END_NANOS;
            while (open.get() > 0 && System.nanoTime() < limit) {
                BlockedCallers.pauseMillis(1);
            }
            return metrics(dues, answered, batches * 1e9 / Math.max(1, sentNanos - warmupNanos), open.get(), begin);
        }

        private long[] dues() {
            Arrivals arrivals = new Arrivals(perSecond, burst, seed);
            List<Long> dues = new ArrayList<>();
            for (long due = arrivals.next(); due < endNanos; due = arrivals.next()) {
                dues.add(due);
            }
            return dues.stream().mapToLong(Long::longValue).toArray();
        }

        private Map<String, Double> metrics(
                long[] dues, long[] answered, double batchesPerSecond, int open, long begin) {
            long now = System.nanoTime() - begin;
            double[] micros = new double[dues.length];
            int count = 0;
            double sum = 0;
            for (int i = 0; i < dues.length; i++) {
                if (dues[i] >= warmupNanos) {
                    long end = answered[i] == 0 ? now : answered[i]; // unanswered: at least until now
                    micros[count] = (end - dues[i]) / 1e3;
                    sum += micros[count++];
                }
            }
            Arrays.sort(micros, 0, count);
            Map<String, Double> metrics = new LinkedHashMap<>();
            metrics.put("meanMicros", count == 0 ? Double.NaN : sum / count);
            metrics.put("p50Micros", count == 0 ? Double.NaN : micros[count / 2]);
            metrics.put("p99Micros", count == 0 ? Double.NaN : micros[(int) Math.min(count - 1, count * 0.99)]);
            metrics.put("batchesPerSecond", batchesPerSecond);
            metrics.put("unanswered", (double) open);
            return metrics;
        }
    }

    @Override
    public void report(Results results, Page page) {
        new OpenLoopReport(results, page).write();
    }
}
