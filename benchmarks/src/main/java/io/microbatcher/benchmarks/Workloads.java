package io.microbatcher.benchmarks;

import io.microbatcher.benchmarks.postgres.PostgresGain;
import io.microbatcher.benchmarks.workload.AgeAccuracy;
import io.microbatcher.benchmarks.workload.Allocation;
import io.microbatcher.benchmarks.workload.ClosedLoop;
import io.microbatcher.benchmarks.workload.Idle;
import io.microbatcher.benchmarks.workload.ManyKeys;
import io.microbatcher.benchmarks.workload.OpenLoop;
import io.microbatcher.benchmarks.workload.Pipe;
import io.microbatcher.benchmarks.workload.Pipelined;
import io.microbatcher.benchmarks.workload.UnknownConcurrency;
import io.microbatcher.benchmarks.workload.VirtualCallers;
import io.microbatcher.benchmarks.workload.Watched;
import java.util.List;
import java.util.stream.Stream;

/** Every workload. */
public final class Workloads {
    private static final List<Workload> ALL = List.of(
            new Pipelined(),
            new Allocation(),
            new ClosedLoop(),
            new VirtualCallers(),
            new OpenLoop(),
            new UnknownConcurrency(),
            new AgeAccuracy(),
            new Idle(),
            new ManyKeys(),
            new Pipe(),
            new Watched());

    private static final Workload POSTGRES = new PostgresGain();

    private Workloads() {}

    /** Those that compare the batcher with its peers, in the order of their page. */
    public static List<Workload> all() {
        return ALL;
    }

    /** The one with a database and a page of its own. */
    public static Workload postgres() {
        return POSTGRES;
    }

    /** Names are the same in capitals. */
    public static Workload named(String id) {
        return Stream.concat(ALL.stream(), Stream.of(POSTGRES))
                .filter(workload -> workload.id().equalsIgnoreCase(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no workload " + id + "; there are "
                        + ALL.stream().map(Workload::id).toList() + " and " + POSTGRES.id()));
    }
}
