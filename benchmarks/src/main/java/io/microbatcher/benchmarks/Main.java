package io.microbatcher.benchmarks;

import io.microbatcher.benchmarks.jmh.Designs;
import io.microbatcher.benchmarks.report.Page;
import io.microbatcher.benchmarks.report.Sheet;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Runs workloads, keeps what they found and writes the page; {@code ./benchmarks/run} is its launcher. */
public final class Main {
    private static final String USAGE = """
            usage: ./benchmarks/run [--smoke | --short] [P1 ... P11]   measure all workloads, or those named, and write the page
                   ./benchmarks/run [--smoke | --short] postgres       measure what a real PostgreSQL gains: docs/postgres.md
                   ./benchmarks/run --report [postgres]                write the page again from what was kept
                   ./benchmarks/run --list                             name the workloads
                   ./benchmarks/run designs                            compare designs of the queue and of the wake-up

            Without an option each measurement is repeated in up to five fresh JVMs, about an hour and a half for all of
            them; --short repeats in two and takes about ten minutes; --smoke only looks whether everything runs, takes
            about a minute and writes below benchmarks/target alone. postgres takes about half an hour, five minutes with
            --short, and starts its own server.
            """;

    private Main() {}

    public static void main(String[] arguments) throws Exception {
        Mode mode = Mode.FULL;
        boolean reportOnly = false;
        List<Workload> chosen = new ArrayList<>();
        for (String argument : arguments) {
            switch (argument) {
                case "--smoke" -> mode = Mode.SMOKE;
                case "--short" -> mode = Mode.SHORT;
                case "--report" -> reportOnly = true;
                case "--list" -> {
                    Workloads.all().forEach(each -> System.out.println(each.id() + "  " + each.title()));
                    System.out.println(Workloads.postgres().id() + "  "
                            + Workloads.postgres().title());
                    return;
                }
                case "designs" -> {
                    Designs.run();
                    return;
                }
                case "--help", "-h" -> {
                    System.out.print(USAGE);
                    return;
                }
                default -> {
                    try {
                        chosen.add(Workloads.named(argument));
                    } catch (IllegalArgumentException unknown) {
                        System.err.println(unknown.getMessage());
                        System.err.print(USAGE);
                        System.exit(2);
                    }
                }
            }
        }
        Path root = Path.of(System.getProperty("benchmarks.root", "."));
        Path scratch = root.resolve("benchmarks/target/smoke");
        Path kept = mode == Mode.SMOKE ? scratch.resolve("results") : root.resolve("benchmarks/results");
        Path docs = mode == Mode.SMOKE ? scratch.resolve("docs") : root.resolve("docs");
        List<Workload> workloads = chosen.isEmpty() ? Workloads.all() : chosen;
        boolean complete = true;
        if (!reportOnly) {
            String command = ("./benchmarks/run " + String.join(" ", arguments)).trim();
            for (Workload workload : workloads) {
                complete &= run(workload, mode, command, kept);
            }
        }
        for (Sheet sheet : workloads.stream().map(Sheet::of).distinct().toList()) {
            Page.write(sheet, docs, kept);
            System.out.println("wrote "
                    + root.toAbsolutePath()
                            .normalize()
                            .relativize(docs.toAbsolutePath().normalize())
                    + "/" + sheet.file());
        }
        System.exit(complete ? 0 : 1);
    }

    /** Whether all was measured that could be. A failed workload does not keep the others from being run. */
    private static boolean run(Workload workload, Mode mode, String command, Path kept) throws Exception {
        Results results = new Results();
        results.workload = workload.id();
        results.mode = mode.toString();
        results.command = command;
        results.date = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        results.machine = Machine.describe();
        results.versions = Machine.versions();
        long begin = System.nanoTime();
        Session session = new Session(mode, results);
        session.say(workload.title());
        try {
            workload.run(session);
        } catch (Exception failed) {
            failed.printStackTrace();
            session.failed(workload.id(), "failed: " + failed);
        }
        results.write(kept.resolve(workload.id() + ".json"));
        results.missing.forEach((who, why) -> session.say("missing: " + who + ": " + why));
        session.say(String.format(Locale.ROOT, "took %.0f s", (System.nanoTime() - begin) / 1e9));
        return !session.hasFailed();
    }
}
