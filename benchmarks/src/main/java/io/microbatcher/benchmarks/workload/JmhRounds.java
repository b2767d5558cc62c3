package io.microbatcher.benchmarks.workload;

import io.microbatcher.benchmarks.Mode;
import java.util.LinkedHashMap;
import java.util.Map;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs a JMH benchmark for one contender in one fork. JMH would run all forks of a contender in a row; called once for
 * each fork, contenders can take turns.
 */
final class JmhRounds {
    private JmhRounds() {}

    /** Metrics, each under the name of its parameters' values: nanoseconds for a job. */
    static Map<String, Double> shots(Class<?> benchmark, Mode mode) throws RunnerException {
        Map<String, Double> metrics = new LinkedHashMap<>();
        Options options = new OptionsBuilder()
                .include(benchmark.getName() + "\\..*")
                .forks(mode == Mode.SMOKE ? 0 : 1)
                .warmupIterations(mode.pick(3, 50, 100))
                .measurementIterations(mode.pick(3, 50, 100))
                .timeout(TimeValue.seconds(30))
                .verbosity(VerboseMode.SILENT)
                .jvmArgs("-Xms1g", "-Xmx4g", "-XX:+UseG1GC")
                .build();
        for (RunResult result : new Runner(options).run()) {
            String name = String.join(
                    " ",
                    result.getParams().getParamsKeys().stream()
                            .map(result.getParams()::getParam)
                            .toList());
            metrics.put(name, result.getPrimaryResult().getStatistics().getPercentile(50));
        }
        return metrics;
    }

    /** Metrics: {@code jobsPerSecond}, {@code bytesPerJob}. Empty if the benchmark failed. */
    static Map<String, Double> run(Class<?> benchmark, Map<String, String> parameters, int threads, Mode mode)
            throws RunnerException {
        return run(benchmark, parameters, threads, mode, mode.pick(1, 2, 2), mode.pick(1, 2, 3));
    }

    static Map<String, Double> run(
            Class<?> benchmark, Map<String, String> parameters, int threads, Mode mode, int warmups, int iterations)
            throws RunnerException {
        TimeValue time = TimeValue.milliseconds(mode.pick(100L, 500L, 1_000L));
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include(benchmark.getName() + "\\..*")
                .threads(threads)
                .forks(mode == Mode.SMOKE ? 0 : 1)
                .warmupIterations(warmups)
                .warmupTime(time)
                .measurementIterations(iterations)
                .measurementTime(time)
                .timeout(TimeValue.seconds(30))
                .addProfiler(GCProfiler.class)
                .verbosity(VerboseMode.SILENT)
                .jvmArgs("-Xms1g", "-Xmx4g", "-XX:+UseG1GC");
        parameters.forEach((name, value) -> options.param(name, value));
        Map<String, Double> metrics = new LinkedHashMap<>();
        for (RunResult result : new Runner(options.build()).run()) {
            metrics.put("jobsPerSecond", result.getPrimaryResult().getScore());
            result.getSecondaryResults().forEach((name, secondary) -> {
                if (name.endsWith("gc.alloc.rate.norm")) {
                    metrics.put("bytesPerJob", secondary.getScore());
                }
            });
        }
        return metrics;
    }
}
