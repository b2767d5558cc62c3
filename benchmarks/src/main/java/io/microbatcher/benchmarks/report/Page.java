package io.microbatcher.benchmarks.report;

import io.microbatcher.benchmarks.Results;
import io.microbatcher.benchmarks.Workload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Writes a {@link Sheet}: one section for each workload, from the results that are kept for it. A workload without results
 * keeps the section that the page has.
 */
public final class Page {
    private final Path docs;
    private final Sheet sheet;
    private final Results results;
    private final StringBuilder text = new StringBuilder();
    private final List<Bar> bars = new ArrayList<>();

    private Page(Path docs, Sheet sheet, Results results) {
        this.docs = docs;
        this.sheet = sheet;
        this.results = results;
    }

    // ---------------------------------------------------------------- for the workloads

    public void text(String paragraph) {
        text.append(paragraph.strip()).append("\n\n");
    }

    public void table(List<String> header, List<List<String>> rows) {
        if (rows.isEmpty()) {
            return;
        }
        text.append("| ").append(String.join(" | ", header)).append(" |\n|");
        text.append(" --- |".repeat(header.size())).append('\n');
        rows.forEach(row -> text.append("| ").append(String.join(" | ", row)).append(" |\n"));
        text.append('\n');
    }

    public void plot(String name, String alternative, String svg) {
        String of = sheet.workloads().size() > 1 ? results.workload.toLowerCase(java.util.Locale.ROOT) + "-" : "";
        String file = sheet.folder() + "/" + of + name + ".svg";
        try {
            Files.createDirectories(docs.resolve(sheet.folder()));
            Files.writeString(docs.resolve(file), svg);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        text.append("![").append(alternative).append("](").append(file).append(")\n\n");
    }

    public void atLeast(String claim, double measured, double bar, String unit) {
        bars.add(new Bar(results.workload, claim, measured, bar, true, unit));
    }

    public void atMost(String claim, double measured, double bar, String unit) {
        bars.add(new Bar(results.workload, claim, measured, bar, false, unit));
    }

    // ---------------------------------------------------------------- the page as a whole

    public static void write(Sheet sheet, Path docs, Path kept) throws IOException {
        Path file = docs.resolve(sheet.file());
        String before = Files.exists(file) ? Files.readString(file) : "";
        StringBuilder sections = new StringBuilder();
        List<Bar> bars = new ArrayList<>();
        for (Workload workload : sheet.workloads()) {
            Optional<Results> results = Results.read(kept.resolve(workload.id() + ".json"));
            sections.append(begin(workload)).append("\n## ").append(heading(workload));
            sections.append("\n\n");
            if (results.isPresent()) {
                Page page = new Page(docs, sheet, results.get());
                workload.report(results.get(), page);
                bars.addAll(page.bars);
                sections.append(page.finish());
            } else {
                sections.append(earlier(workload, before));
            }
            sections.append(end(workload)).append("\n\n");
        }
        Files.createDirectories(docs);
        Files.writeString(
                file,
                sheet.head() + "\n" + (sheet.workloads().size() > 1 ? summary(bars) : "") + sheet.afterTheBars()
                        + sections.toString().stripTrailing() + "\n");
    }

    private static String heading(Workload workload) {
        return Sheet.of(workload) == Sheet.PERFORMANCE ? workload.id() + " " + workload.title() : workload.title();
    }

    private static String begin(Workload workload) {
        return "<!-- begin " + workload.id() + " -->";
    }

    private static String end(Workload workload) {
        return "<!-- end " + workload.id() + " -->";
    }

    private static String earlier(Workload workload, String before) {
        int begin = before.indexOf(begin(workload));
        int end = before.indexOf(end(workload));
        if (begin < 0 || end < begin) {
            return "Not measured yet.\n\n";
        }
        String section = before.substring(begin, end);
        int body = section.indexOf("\n\n");
        return body < 0 ? section : section.substring(body + 2);
    }

    private static String summary(List<Bar> bars) {
        if (bars.isEmpty()) {
            return "";
        }
        return "## The bars\n\n" + tableOf(bars, true);
    }

    private static String tableOf(List<Bar> bars, boolean withWorkload) {
        StringBuilder table = new StringBuilder(withWorkload ? "| | " : "| ");
        table.append("must be shown | bar | measured | ratio to the bar | |\n|");
        table.append(" --- |".repeat(withWorkload ? 6 : 5)).append('\n');
        for (Bar bar : bars) {
            table.append(withWorkload ? "| " + bar.workload() + " | " : "| ");
            table.append(
                    String.join(" | ", bar.claim(), bar.barText(), bar.measuredText(), bar.ratioText(), bar.verdict()));
            table.append(" |\n");
        }
        return table.append('\n').toString();
    }

    private String finish() {
        StringBuilder section = new StringBuilder();
        if (!results.mode.equals("full")) {
            section.append("**A ").append(results.mode).append(" run: an indication, not a measurement.**\n\n");
        }
        if (!bars.isEmpty()) {
            section.append(tableOf(bars, false));
        }
        section.append(text);
        if (!results.missing.isEmpty()) {
            section.append("Not in the figures:\n\n");
            new TreeMap<>(results.missing)
                    .forEach((who, why) -> section.append("- ")
                            .append(who)
                            .append(": ")
                            .append(why.replace("\n", " "))
                            .append('\n'));
            section.append('\n');
        }
        section.append("<details><summary>Run</summary>\n\n");
        section.append("`")
                .append(results.command)
                .append("`, ")
                .append(results.date)
                .append(", ");
        section.append(results.mode).append(", ").append(results.forks()).append(" forks. ");
        section.append(facts(results.machine)).append(".\n\n");
        section.append("Versions: ").append(facts(results.versions)).append(".\n\n</details>\n\n");
        return section.toString();
    }

    private static String facts(java.util.Map<String, String> facts) {
        return facts.entrySet().stream()
                .map(fact -> fact.getKey() + " " + fact.getValue())
                .collect(Collectors.joining(", "));
    }
}
