package io.microbatcher.benchmarks.soak;

import io.microbatcher.benchmarks.Machine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Uses every feature at the same time, with faults, against a database, for as long as it is told; compares what callers
 * were told with what is in the database, and watches heap, threads and latency. {@code ./soak} is its launcher.
 */
public final class Soak {
    private static final String USAGE = """
            usage: ./soak [--minutes N] [--seed N] [--report FILE] [--database postgresql|h2]

            Runs for N minutes, 10 without the option, and writes what it has seen into FILE, target/soak/report.html
            without the option. Exits with 0 if every check has held, with 1 if not, with 2 if the options make no sense.
            Parts of a minute are allowed. A seed makes the same choices, though not the same interleavings.
            """;

    /** How long a scenario goes on before its books are compared with the database. */
    private static final long ROUND_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final int MOST_VIOLATIONS = 100;

    /** Held here, or it would be collected together with its level. */
    private static final Logger LIBRARY = Logger.getLogger("io.microbatcher");

    private final SoakOptions options;
    private final List<Scenario> all;
    private final Map<String, List<String>> violations = new ConcurrentHashMap<>();
    private final Totals totals = new Totals();

    Soak(SoakOptions options, List<Scenario> scenarios) {
        this.options = options;
        this.all = scenarios;
    }

    /**
     * Runs and ends the JVM with the exit code.
     *
     * @param arguments the options
     */
    public static void main(String[] arguments) throws Exception {
        SoakOptions options;
        try {
            if (List.of(arguments).contains("--help") || List.of(arguments).contains("-h")) {
                System.out.print(USAGE);
                return;
            }
            options = SoakOptions.parse(arguments);
        } catch (IllegalArgumentException wrong) {
            System.err.println("soak: " + wrong.getMessage());
            System.err.print(USAGE);
            System.exit(2);
            return;
        }
        System.exit(new Soak(options, Scenario.all()).run() ? 0 : 1);
    }

    /** Whether every check has held; the report is written in any case. */
    boolean run() throws Exception {
        LIBRARY.setLevel(Level.OFF); // it warns of listeners that throw, as they do here on purpose
        Map<String, String> facts = new TreeMap<>(Machine.describe());
        String started = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        Faults faults = new Faults(options.seed());
        ExecutorService threads = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "soak");
            thread.setDaemon(true);
            return thread;
        });
        String database;
        Sampler sampler;
        try (Database server = Database.named(options.database());
                Ledger ledger = new Ledger(server)) {
            database = server.title();
            say("running for " + options.minutes() + " minutes on " + database + ", seed " + options.seed());
            sampler = new Sampler(totals);
            soak(new Plant(ledger, faults, totals, threads, options.seed()), server, sampler);
            long left = ledger.rows();
            check("database", left == 0, left + " rows were written after their round was over");
        } finally {
            threads.shutdownNow();
        }
        Verdict verdict = new Verdict(violations, Drift.of(sampler.samples()));
        facts.put("database", database);
        Path report = options.report();
        Files.createDirectories(report.toAbsolutePath().getParent());
        Files.writeString(
                report, new Report(options, started, facts, totals, faults, sampler.samples(), verdict).page());
        say(verdict.holds() ? "every check has held" : "NOT every check has held");
        verdict.complaints().stream().limit(MOST_VIOLATIONS).forEach(Soak::say);
        say("wrote " + report);
        return verdict.holds();
    }

    /** What did not hold, by scenario. */
    Map<String, List<String>> violations() {
        return violations;
    }

    private void soak(Plant plant, Database server, Sampler sampler) throws Exception {
        long endNanos = System.nanoTime() + (long) (options.minutes() * 60e9);
        CountDownLatch over = new CountDownLatch(1);
        List<Future<?>> watchers = List.of(
                plant.threads().submit(() -> every(over, 1_000, 1_000, sampler::look)),
                plant.threads().submit(() -> every(over, 300, 2_000, () -> kill(server, plant.faults()))));
        List<Future<?>> scenarios = new ArrayList<>();
        for (Scenario scenario : all) {
            scenarios.add(plant.threads().submit(() -> {
                repeat(scenario, plant, endNanos);
                return null;
            }));
        }
        for (Future<?> scenario : scenarios) {
            scenario.get();
        }
        over.countDown();
        for (Future<?> watcher : watchers) {
            watcher.get();
        }
        if (sampler.samples().isEmpty()) {
            sampler.look();
        }
    }

    private void repeat(Scenario scenario, Plant plant, long endNanos) {
        long i = 0;
        do { // a run that has checked nothing has found nothing
            long number = i * 1_000 + all.indexOf(scenario);
            long roundEnd = Math.min(endNanos, System.nanoTime() + ROUND_NANOS);
            Round round = new Round(number, scenario, plant, roundEnd);
            try {
                scenario.run(round);
                Reconciliation.of(round, plant.ledger(), totals);
            } catch (Exception | AssertionError failed) {
                failed.printStackTrace();
                check(scenario.name(), false, "round " + i + " could not go on: " + failed);
            }
            for (String violation : round.violations()) {
                check(scenario.name(), false, violation);
            }
            i++;
        } while (System.nanoTime() - endNanos < 0);
    }

    private static void kill(Database server, Faults faults) {
        try {
            if (server.killOne()) {
                faults.count("the server killed a connection");
            }
        } catch (java.sql.SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private Void every(CountDownLatch over, int leastMillis, int mostMillis, Runnable what)
            throws InterruptedException {
        Random random = new Random(options.seed());
        while (!over.await(random.nextInt(leastMillis, mostMillis + 1), TimeUnit.MILLISECONDS)) {
            what.run();
        }
        return null;
    }

    private void check(String where, boolean holds, String complaint) {
        if (!holds) {
            List<String> complaints = violations.computeIfAbsent(
                    where, none -> java.util.Collections.synchronizedList(new ArrayList<>()));
            if (complaints.size() < MOST_VIOLATIONS) {
                complaints.add(complaint);
            }
        }
    }

    private static void say(String what) {
        System.out.println(String.format(Locale.ROOT, "soak: %s", what));
    }
}
