package io.microbatcher.benchmarks.workload;

import io.microbatcher.benchmarks.Mode;
import io.microbatcher.benchmarks.Results;
import io.microbatcher.benchmarks.Sample;
import io.microbatcher.benchmarks.Session;
import io.microbatcher.benchmarks.Spread;
import io.microbatcher.benchmarks.Workload;
import io.microbatcher.benchmarks.peer.Contender;
import io.microbatcher.benchmarks.peer.Setting;
import io.microbatcher.benchmarks.report.BarChart;
import io.microbatcher.benchmarks.report.Figures;
import io.microbatcher.benchmarks.report.Page;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** P2: what a job leaves to the garbage collector on the way of P1. */
public final class Allocation implements Workload {

    @Override
    public String id() {
        return "P2";
    }

    @Override
    public String title() {
        return "Allocation per job";
    }

    @Override
    public void run(Session session) throws Exception {
        Mode mode = session.mode();
        List<Contender> contenders = List.of(Contender.values());
        int forks = mode.pick(1, 1, 3);
        for (int producers : mode.pick(List.of(1), List.of(1), List.of(1, 4))) {
            String cell = "producers=" + producers;
            for (int fork = 0; fork < forks; fork++) {
                session.say(cell + ", fork " + (fork + 1) + " of " + forks);
                for (Contender contender : contenders) {
                    if (contender == Contender.OURS_ADAPTIVE || (mode == Mode.SMOKE && contender.isRival())) {
                        continue; // the smoke run of P1 has seen every peer
                    }
                    Setting setting = Setting.of(Pipelined.SIZE, 1_000);
                    Map<String, Double> metrics = Pipelined.measure(contender, setting, producers, mode, false);
                    if (metrics.containsKey("bytesPerJob")) {
                        session.add(new Sample(cell, contender.name(), setting.toString(), fork, metrics));
                    } else {
                        session.failed(contender.label() + ", " + cell, "failed with " + setting);
                    }
                }
            }
        }
    }

    @Override
    public void report(Results results, Page page) {
        page.text(
                "Bytes that **all threads of the JVM together** allocate while a job goes from submit to its result, on"
                        + " the way of P1, by JMH's gc profiler. Jobs and results exist beforehand, and the processor returns the"
                        + " list that it is given, so that everything counted is the batcher's: the future that the caller is"
                        + " given (24 bytes in itself), the place of the job in the queue, and its share of the batch and of the"
                        + " list that the processor owns. For peers with a future of their own the bridge to"
                        + " `CompletableFuture` is counted too.");
        for (String cell : results.cells("producers=")) {
            String metric = "bytesPerJob";
            page.atMost(
                    cell + ": bytes per job, size or age",
                    results.spread(cell, Contender.OURS_FIXED.name(), metric).median(),
                    48,
                    " B");
            List<List<String>> rows = new ArrayList<>();
            BarChart chart = new BarChart("Bytes per job, " + cell);
            results.contenders(cell).stream()
                    .sorted(Comparator.comparingDouble(
                            (String name) -> results.spread(cell, name, metric).median()))
                    .forEach(name -> {
                        Contender contender = Contender.valueOf(name);
                        Spread bytes = results.spread(cell, name, metric);
                        chart.add(contender.label(), bytes, contender.kind() == Contender.Kind.OURS);
                        rows.add(List.of(contender.label(), Figures.of(bytes)));
                    });
            page.text("### " + cell);
            page.plot(cell.replace('=', '-'), "bytes per job with " + cell, chart.svg());
            page.table(List.of("", "bytes per job"), rows);
        }
    }
}
