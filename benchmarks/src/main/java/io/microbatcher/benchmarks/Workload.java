package io.microbatcher.benchmarks;

import io.microbatcher.benchmarks.report.Page;
import java.util.Map;

/** One section of the page: what is measured, and how it is told. */
public interface Workload {

    /** The name on the command line, such as {@code P3}. */
    String id();

    String title();

    /** Has every trial measured, in as many forks as the mode asks for. */
    void run(Session session) throws Exception;

    /** Measures one trial; called in a fork. Workloads that leave the forking to JMH have none. */
    default Map<String, Double> measure(Trial trial) throws Exception {
        throw new UnsupportedOperationException(id() + " is not measured by trials");
    }

    /** Writes the section from results of a run, this one or an earlier one. */
    void report(Results results, Page page);
}
