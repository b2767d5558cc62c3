package io.microbatcher.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.microbatcher.benchmarks.Results;
import io.microbatcher.benchmarks.Sample;
import io.microbatcher.benchmarks.peer.Contender;
import io.microbatcher.benchmarks.peer.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PageTest {
    @TempDir
    Path folder;

    @Test
    void tellsTheMedianTheRangeAndTheBarOfWhatWasKept() throws IOException {
        keep("P9", sample("one", 0, 3e6), sample("one", 1, 1e6), sample("one", 2, 2e6), sample("keyed", 0, 0.8e6));

        String page = write();

        assertThat(page).contains("2.00 M (1.00 M – 3.00 M)");
        assertThat(page).contains("| P9 | cost per job against one lane | ≤ 2× | 2.50× | 0.80 | **missed** |");
        assertThat(folder.resolve("docs/performance/p9-lanes.svg")).exists();
    }

    @Test
    void replacesOnlyTheSectionOfTheWorkloadThatWasMeasured() throws IOException {
        keep("P9", sample("one", 0, 3e6));
        write();
        Files.delete(folder.resolve("kept/P9.json"));
        keep("P10", new Sample("lines", "cat", "", 0, Map.of("linesPerSecond", 5e6)));

        String page = write();

        assertThat(page).contains("3.00 M").contains("5.00 M");
        assertThat(page).containsOnlyOnce("## P9 ").containsOnlyOnce("## P10 ");
        assertThat(page.split("Not measured yet", -1)).hasSize(10); // the other nine
        assertThat(write()).isEqualTo(page);
    }

    @Test
    void namesWhatWasFoundInWords() throws IOException {
        keep(
                "P6",
                new Sample(
                        "M=1",
                        Contender.OURS_NATURAL.name(),
                        Setting.of(100, 0).toString(),
                        0,
                        Map.of("jobsPerSecond", 5.0)));
        keep(
                "P8",
                new Sample("idle batchers", "micro-batcher", "", 0, Map.of("threadsAdded", 7.0, "idleSeconds", 2.0)));

        assertThat(write())
                .contains("| 1 slot (best) | 5 |")
                .contains("| idle batchers | threads more than before | 7 |")
                .contains("| idle batchers | seconds in which nothing happened | 2 |");
    }

    private static Sample sample(String lanes, int fork, double jobsPerSecond) {
        return new Sample("keys", lanes, "", fork, Map.of("jobsPerSecond", jobsPerSecond, "bytesPerJob", 50.0));
    }

    private void keep(String workload, Sample... samples) throws IOException {
        Results results = new Results();
        results.workload = workload;
        results.mode = "full";
        results.samples.addAll(java.util.List.of(samples));
        results.write(folder.resolve("kept").resolve(workload + ".json"));
    }

    private String write() throws IOException {
        Page.write(Sheet.PERFORMANCE, folder.resolve("docs"), folder.resolve("kept"));
        return Files.readString(folder.resolve("docs/performance.md"));
    }
}
