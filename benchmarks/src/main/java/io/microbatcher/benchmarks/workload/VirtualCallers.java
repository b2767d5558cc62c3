package io.microbatcher.benchmarks.workload;

import io.microbatcher.benchmarks.Mode;
import io.microbatcher.benchmarks.Results;
import io.microbatcher.benchmarks.Sample;
import io.microbatcher.benchmarks.Session;
import io.microbatcher.benchmarks.Spread;
import io.microbatcher.benchmarks.Trial;
import io.microbatcher.benchmarks.Workload;
import io.microbatcher.benchmarks.peer.Contender;
import io.microbatcher.benchmarks.peer.Contender.Kind;
import io.microbatcher.benchmarks.peer.Peer;
import io.microbatcher.benchmarks.peer.Setting;
import io.microbatcher.benchmarks.report.BarChart;
import io.microbatcher.benchmarks.report.Figures;
import io.microbatcher.benchmarks.report.Page;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;

/** P4: the same as P3 with ten thousand virtual threads, on the newest JDK at hand. */
public final class VirtualCallers implements Workload {
    private static final String METRIC = "jobsPerSecond";
    private static final String PINNED = "jdk.VirtualThreadPinned";

    @Override
    public String id() {
        return "P4";
    }

    @Override
    public String title() {
        return "Blocked callers on virtual threads";
    }

    @Override
    public void run(Session session) throws Exception {
        Mode mode = session.mode();
        String java = System.getProperty("newest.jvm", "");
        if (java.isEmpty() || !hasVirtualThreads(java)) {
            session.missing("P4", "needs a JDK 21 or later beside the default one, or NEWEST_JVM");
            return;
        }
        int callers = mode.pick(1_000, 10_000, 10_000);
        String cell = "callers=" + callers;
        List<Trial> trials = new ArrayList<>();
        trials.add(trial(cell, Contender.OURS_ADAPTIVE, Setting.of(100, 0), callers, mode));
        List<Contender> others = new ArrayList<>(Contender.rivals());
        others.add(Contender.OURS_NATURAL);
        others.add(Contender.OURS_FIXED);
        for (Contender contender : others) {
            for (int size : mode == Mode.SMOKE ? List.of(100) : List.of(100, 1_000)) {
                trials.add(trial(cell, contender, Setting.of(size, 1_000), callers, mode));
            }
        }
        session.interleave(this, trials, Math.min(3, mode.forks()), java);
    }

    private static Trial trial(String cell, Contender contender, Setting setting, int callers, Mode mode) {
        return Trial.of(cell, contender, setting).with("callers", callers).timed(mode);
    }

    /** Whether a {@code java} is of 21 or later. */
    public static boolean hasVirtualThreads(String java) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(java, "-XshowSettings:properties", "-version")
                .redirectErrorStream(true)
                .start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return text.lines()
                .filter(line -> line.contains("java.specification.version = "))
                .map(line -> line.substring(line.indexOf('=') + 1).trim())
                .anyMatch(version -> version.matches("\\d+") && Integer.parseInt(version) >= 21);
    }

    @Override
    public Map<String, Double> measure(Trial trial) throws Exception {
        QueueingBackend backend = new QueueingBackend(1, ClosedLoop.FIXED_MICROS, ClosedLoop.PER_JOB_MICROS);
        Contender contender = Contender.valueOf(trial.contender());
        Method start = Thread.class.getMethod("startVirtualThread", Runnable.class); // Java 21; this is built for 17
        Path recorded = Files.createTempFile("pinned", ".jfr");
        try (Recording recording = new Recording()) {
            recording.enable(PINNED).withoutThreshold();
            recording.start();
            Map<String, Double> metrics = new LinkedHashMap<>();
            Peer peer = contender.open(Setting.parse(trial.setting()), backend);
            try (BlockedCallers callers =
                    new BlockedCallers(peer, trial.count("callers"), task -> startVirtual(start, task))) {
                metrics.putAll(ClosedLoop.rates(callers, backend, trial));
            } finally {
                peer.close();
            }
            recording.stop();
            recording.dump(recorded);
            metrics.put("pinned", (double) pinned(recorded));
            metrics.put("java", (double) Runtime.version().feature());
            return metrics;
        } finally {
            Files.deleteIfExists(recorded);
        }
    }

    private static void startVirtual(Method start, Runnable task) {
        try {
            start.invoke(null, task);
        } catch (IllegalAccessException | InvocationTargetException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private static long pinned(Path recorded) throws IOException {
        return RecordingFile.readAllEvents(recorded).stream()
                .filter(event -> event.getEventType().getName().equals(PINNED))
                .count();
    }

    @Override
    public void report(Results results, Page page) {
        page.text(
                "Virtual threads that call, wait and call again, over the backend of P3. A pinned carrier is a virtual"
                        + " thread that blocks without giving its carrier back; the flight recorder counts them"
                        + " (`jdk.VirtualThreadPinned`, no threshold). The micro-batcher's own batches run on virtual threads here,"
                        + " the peers' on platform threads.");
        for (String cell : results.cells("callers=")) {
            double ours =
                    results.spread(cell, Contender.OURS_ADAPTIVE.name(), METRIC).median();
            double mostPinned = results.samples.stream()
                    .filter(sample -> Contender.valueOf(sample.contender()).kind() == Kind.OURS)
                    .mapToDouble(sample -> sample.metrics().getOrDefault("pinned", 0.0))
                    .max()
                    .orElse(Double.NaN);
            double java = results.samples.stream()
                    .map(Sample::metrics)
                    .mapToDouble(metrics -> metrics.getOrDefault("java", Double.NaN))
                    .findFirst()
                    .orElse(Double.NaN);
            page.atMost(cell + ": pinned carriers", mostPinned, 0, "");
            page.text("### " + cell + ", JDK " + (int) java);
            BarChart chart = new BarChart("Jobs per second, " + cell + " on virtual threads");
            List<List<String>> rows = new ArrayList<>();
            results.samples.stream()
                    .filter(sample -> sample.cell().equals(cell))
                    .map(sample -> List.of(sample.contender(), sample.setting()))
                    .distinct()
                    .sorted(Comparator.comparingDouble(
                            (List<String> who) -> -results.spread(cell, who.get(0), who.get(1), METRIC)
                                    .median()))
                    .forEach(who -> {
                        Contender contender = Contender.valueOf(who.get(0));
                        String setting = contender == Contender.OURS_ADAPTIVE ? "none" : who.get(1);
                        Spread spread = results.spread(cell, who.get(0), who.get(1), METRIC);
                        chart.add(
                                contender.label() + ", " + setting.split(" ", -1)[0],
                                spread,
                                contender.kind() == Kind.OURS);
                        rows.add(List.of(
                                contender.label(),
                                Figures.of(spread),
                                Figures.of(ours / spread.median(), "×"),
                                Figures.of(results.spread(cell, who.get(0), who.get(1), "pinned")
                                        .max()),
                                setting));
                    });
            page.plot("virtual", "jobs per second with " + cell + " on virtual threads", chart.svg());
            page.table(List.of("", "jobs/s", "adaptive is", "pinned", "setting"), rows);
        }
    }
}
