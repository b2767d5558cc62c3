package io.microbatcher.benchmarks.peer;

import java.util.List;

/** What every contender of a workload calls with its batches: one result for each job, by position. */
@FunctionalInterface
public interface Backend {
    List<Long> process(List<Long> jobs);
}
