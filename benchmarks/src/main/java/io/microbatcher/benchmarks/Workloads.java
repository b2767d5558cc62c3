package io.microbatcher.benchmarks;

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

/** Every workload, in the order of the page. */
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

    private Workloads() {}

    public static List<Workload> all() {
        return ALL;
    }

    public static Workload named(String id) {
        return ALL.stream()
                .filter(workload -> workload.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no workload " + id + "; there are "
                        + ALL.stream().map(Workload::id).toList()));
    }
}
