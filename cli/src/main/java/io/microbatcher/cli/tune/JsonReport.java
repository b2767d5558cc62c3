package io.microbatcher.cli.tune;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** The report for programs: every candidate, times in nanoseconds. */
final class JsonReport {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Report report;

    JsonReport(Report report) {
        this.report = report;
    }

    /** @param check null if there was none */
    String text(@Nullable Check check) throws JsonProcessingException {
        ObjectNode all = JSON.createObjectNode();
        all.set("setting", setting());
        report.fit().ifPresent(fit -> all.set("fit", fit(fit)));
        var candidates = all.putArray("candidates");
        report.trials().outcomes().forEach(outcome -> candidates.add(outcome(outcome)));
        report.advice()
                .ifPresentOrElse(
                        advice -> all.set("recommended", advice(advice)), () -> all.put("overload", report.overload()));
        if (check != null) {
            ObjectNode lines = all.putObject("check");
            check.lines()
                    .forEach(line -> lines.putObject(line.name())
                            .put("predicted", line.predicted())
                            .put("measured", line.measured())
                            .put("error", line.error()));
        }
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(all);
    }

    private ObjectNode setting() {
        Setting setting = report.trials().setting();
        ObjectNode node = JSON.createObjectNode();
        if (setting.workload() instanceof Workload.ClosedLoop closed) {
            node.put("callers", closed.callers()).put("thinkNanos", closed.thinkNanos());
        } else if (setting.workload() instanceof Workload.OpenLoop open) {
            node.put("jobsPerSecond", open.perSecond()).put("burst", open.burst());
        }
        return node.put("fixedNanos", setting.cost().fixedNanos())
                .put("perJobNanos", setting.cost().perJobNanos())
                .put("noise", setting.cost().noise())
                .put("served", setting.served())
                .put("jobs", setting.jobs())
                .put("seed", setting.seed());
    }

    private static ObjectNode fit(Fit fit) {
        ObjectNode node = JSON.createObjectNode();
        node.put("worstError", fit.worstError());
        var sizes = node.putArray("sizes");
        fit.sizes()
                .forEach(runs -> sizes.addObject()
                        .put("jobs", runs.jobs())
                        .put("runs", runs.nanos().size())
                        .put("medianNanos", runs.medianNanos())
                        .put("fittedNanos", fit.cost().meanNanos(runs.jobs())));
        return node;
    }

    private ObjectNode outcome(Outcome outcome) {
        Candidate candidate = outcome.candidate();
        ObjectNode node = JSON.createObjectNode()
                .put("name", candidate.toString())
                .put("policy", candidate.rule().toString())
                .put("batchSize", candidate.batchSize())
                .put("limitNanos", candidate.limit().toNanos())
                .put("maxConcurrentBatches", candidate.slots())
                .put("keepsUp", outcome.keepsUp());
        if (outcome.keepsUp()) {
            node.put("jobsPerSecond", outcome.jobsPerSecond())
                    .put("callsPerSecond", outcome.callsPerSecond())
                    .put("jobsPerCall", outcome.jobsPerCall())
                    .put("meanNanos", outcome.meanNanos())
                    .put("p50Nanos", outcome.p50Nanos())
                    .put("p99Nanos", outcome.p99Nanos())
                    .put("shown", report.numberOf(outcome) > 0)
                    .put("trap", report.isTrap(outcome));
        }
        return node;
    }

    private ObjectNode advice(Advice advice) {
        ObjectNode node = outcome(advice.chosen());
        var code = node.putArray("code");
        advice.chosen().candidate().code().forEach(code::add);
        return node.put("reason", advice.reason());
    }
}
