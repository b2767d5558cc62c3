package io.microbatcher.benchmarks.workload;

import io.microbatcher.benchmarks.Mode;
import io.microbatcher.benchmarks.Results;
import io.microbatcher.benchmarks.Session;
import io.microbatcher.benchmarks.Trial;
import io.microbatcher.benchmarks.Workload;
import io.microbatcher.benchmarks.peer.Ours;
import io.microbatcher.benchmarks.peer.Peer;
import io.microbatcher.benchmarks.peer.Setting;
import io.microbatcher.benchmarks.report.Figures;
import io.microbatcher.benchmarks.report.Page;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** P8: what batchers and lanes cost that have nothing to do. */
public final class Idle implements Workload {
    private static final String BATCHERS = "idle batchers";
    private static final String LANES = "lanes come and gone";
    private static final String OURS = "micro-batcher";

    /** What is told of each cell, and in which words, in this order. */
    private static final Map<String, String> FOUND = found();

    private static Map<String, String> found() {
        Map<String, String> found = new LinkedHashMap<>();
        found.put("threadsAdded", "threads more than before");
        found.put("bytesEach", "bytes of heap for each batcher");
        found.put("heapRatio", "heap, against before");
        found.put("wakeUps", "wake-ups");
        found.put("idleSeconds", "seconds in which nothing happened");
        return found;
    }

    @Override
    public String id() {
        return "P8";
    }

    @Override
    public String title() {
        return "Idle";
    }

    @Override
    public void run(Session session) throws Exception {
        Mode mode = session.mode();
        List<Trial> trials = new ArrayList<>();
        trials.add(Trial.of(BATCHERS, OURS)
                .with("batchers", mode.pick(1_000, 10_000, 10_000))
                .with("idleMillis", mode.pick(300, 2_000, 10_000))
                .with("measureMillis", 30_000));
        trials.add(Trial.of(LANES, OURS)
                .with("keys", mode.pick(20_000, 1_000_000, 1_000_000))
                .with("idleMillis", mode.pick(300, 2_000, 10_000))
                .with("measureMillis", 60_000));
        session.interleave(this, trials, Math.min(3, mode.forks()));
    }

    @Override
    public Map<String, Double> measure(Trial trial) throws Exception {
        return trial.cell().equals(BATCHERS) ? batchers(trial) : lanes(trial);
    }

    private static Map<String, Double> batchers(Trial trial) throws Exception {
        try (Peer first = open()) {
            first.call(1L); // what the library keeps for the whole process is there now
        }
        int threadsBefore = threads();
        double heapBefore = usedHeap();
        List<Peer> peers = new ArrayList<>();
        List<CompletableFuture<Long>> answers = new ArrayList<>();
        int count = trial.count("batchers");
        for (int i = 0; i < count; i++) {
            Peer peer = open();
            answers.add(peer.submit((long) i));
            peers.add(peer);
        }
        answers.forEach(CompletableFuture::join);
        answers.clear();
        double heapAfter = usedHeap();
        Map<String, Double> metrics = idle(trial);
        double threadsAdded = (double) threads() - threadsBefore;
        metrics.put("threadsAdded", threadsAdded);
        metrics.put("threadsEach", threadsAdded / count);
        metrics.put("bytesEach", (heapAfter - heapBefore) / count);
        peers.forEach(Peer::close); // and so they were alive until here
        return metrics;
    }

    private static Peer open() {
        return Ours.fixed(Setting.of(100, 1_000), jobs -> jobs);
    }

    private static Map<String, Double> lanes(Trial trial) throws Exception {
        try (Peer peer = Ours.partitioned(Setting.of(100, 1_000), job -> job, jobs -> jobs)) {
            submitAll(peer, 0, 10_000);
            int threadsBefore = threads();
            double heapBefore = usedHeap();
            submitAll(peer, 10_000, trial.count("keys"));
            double heapAfter = usedHeap();
            Map<String, Double> metrics = idle(trial);
            metrics.put("threadsAdded", (double) threads() - threadsBefore);
            metrics.put("heapRatio", heapAfter / heapBefore);
            return metrics;
        }
    }

    private static void submitAll(Peer peer, long from, int count) {
        List<CompletableFuture<Long>> open = new ArrayList<>();
        for (long job = from; job < from + count; job++) {
            open.add(peer.submit(job));
            if (open.size() == 5_000) {
                open.forEach(CompletableFuture::join);
                open.clear();
            }
        }
        open.forEach(CompletableFuture::join);
    }

    /** Does nothing for a while, and counts who does something all the same. */
    private static Map<String, Double> idle(Trial trial) throws IOException {
        BlockedCallers.pauseMillis(200); // threads that have just worked go to rest
        long wakeUpsBefore = wakeUps();
        BlockedCallers.pauseMillis(trial.count("idleMillis"));
        Map<String, Double> metrics = new LinkedHashMap<>();
        long after = wakeUps();
        metrics.put("wakeUps", wakeUpsBefore < 0 ? Double.NaN : (double) after - wakeUpsBefore);
        metrics.put("idleSeconds", trial.count("idleMillis") / 1e3);
        return metrics;
    }

    private static int threads() {
        return ManagementFactory.getThreadMXBean().getThreadCount();
    }

    private static double usedHeap() {
        double least = Double.MAX_VALUE;
        for (int i = 0; i < 4; i++) {
            System.gc();
            BlockedCallers.pauseMillis(50);
            Runtime runtime = Runtime.getRuntime();
            least = Math.min(least, (double) (runtime.totalMemory() - runtime.freeMemory()));
        }
        return least;
    }

    /** How often the system has let a thread of the library run after it had slept; -1 where the system does not tell. */
    private static long wakeUps() throws IOException {
        Path tasks = Path.of("/proc/self/task");
        if (!Files.isDirectory(tasks)) {
            return -1;
        }
        long sum = 0;
        try (Stream<Path> threads = Files.list(tasks)) {
            for (Path thread : threads.toList()) {
                sum += wakeUps(thread);
            }
        }
        return sum;
    }

    private static long wakeUps(Path thread) throws IOException {
        String counter = "voluntary_ctxt_switches:";
        try {
            if (!Files.readString(thread.resolve("comm")).startsWith("microbatcher")) {
                return 0;
            }
            return Files.readAllLines(thread.resolve("status")).stream()
                    .filter(line -> line.startsWith(counter))
                    .mapToLong(line ->
                            Long.parseLong(line.substring(counter.length()).trim()))
                    .sum();
        } catch (NoSuchFileException ended) {
            return 0;
        }
    }

    @Override
    public void report(Results results, Page page) {
        page.text("Many batchers that have each processed one job, and one batcher whose lanes have come and gone; then"
                + " nothing happens for a while. Wake-ups are the voluntary context switches of the library's threads in"
                + " that time, as the system counts them. Heap is what is used after a full collection. No peer takes part: most are"
                + " given their threads and timers from outside, so that the count would be one of our adapters.");
        page.atMost(
                "threads for each idle batcher",
                results.spread(BATCHERS, OURS, "threadsEach").max(),
                0.01,
                "");
        page.atMost(
                "wake-ups of the idle batchers",
                results.spread(BATCHERS, OURS, "wakeUps").max(),
                0,
                "");
        page.atMost(
                "heap after the lanes have gone, against before",
                results.spread(LANES, OURS, "heapRatio").median(),
                1.05,
                "×");
        page.atMost(
                "wake-ups after the lanes have gone",
                results.spread(LANES, OURS, "wakeUps").max(),
                0,
                "");
        List<List<String>> rows = new ArrayList<>();
        for (String cell : results.cells("")) {
            FOUND.forEach((metric, words) -> {
                if (!results.spread(cell, OURS, metric).isEmpty()) {
                    rows.add(List.of(cell, words, Figures.of(results.spread(cell, OURS, metric))));
                }
            });
        }
        page.table(List.of("", "", "found"), rows);
    }
}
